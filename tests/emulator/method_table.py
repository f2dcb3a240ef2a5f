# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the table of an auth method can say; the tables are in auth_methods/, one file a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .call import Call
from .login_table import Login
from .method_bodies import FormFields, Forms, TokenFields
from .profiles import OLD, Profile
from .schema import Field, Rule, refined, required, shape
from .world import Row

TTL_MESSAGE = "Access Token TTL cannot be greater than Access Token Max TTL."
Text = tuple[int, str]


@dataclass(frozen=True)
class Refusals:
    """Status and text by verb: of POST when the method is attached, of the others when it is not
    (server-notes#methods-not-attached)."""

    attach: Text
    get: Text
    update: Text
    revoke: Text
    # None: as revoke.
    clear_lockouts: Text | None = None


@dataclass
class Write:
    """One POST or PATCH on its way to the stored row."""

    call: Call
    method: AuthMethod
    # The validated body, the row before it (empty when the method is attached), and the row after it.
    sent: Row
    stored: Row
    row: Row
    # Fields that were copied from an auth template by this write.
    copied: frozenset[str] = frozenset()

    @property
    def attaching(self) -> bool:
        return not self.stored


@dataclass(frozen=True)
class BodyRule:
    """What fields have to fulfil together as they were sent: a matter of request validation (422)."""

    holds: Callable[[Row], bool]
    message: str
    # The field that the issue names.
    at: str


@dataclass(frozen=True)
class Condition:
    """What the row has to fulfil after a write, whatever was sent: a matter of the service (400)."""

    holds: Callable[[Row], bool]
    message: str


@dataclass(frozen=True)
class Reference:
    """A field that holds the id of something else in the organisation: what using it takes."""

    # The attribute of World that knows these things by id, and what the 404 calls them.
    table: str
    name: str
    permission: tuple[str, str]
    # The licensed feature, and the text of its absence.
    feature: str
    plan_text: str
    # Which of the last two checks comes first.
    permission_first: bool = False


@dataclass(frozen=True)
class Template:
    """How identities share the connection of a method through an auth template (server-notes#auth-templates)."""

    # What templates call the method, and the fields they hold; linking copies these to the row.
    auth_method: str
    fields: Mapping[str, Field]
    # What a field becomes that the template leaves out.
    blanks: Mapping[str, Any]
    # The text for an unknown id; None: the server takes it for no template at all.
    missing: str | None = None
    # Whether the plan is asked for templates, beside the method's own feature.
    licensed: bool = False
    # The text for a PATCH that changes a copied field of a linked row; None: the PATCH drops the link instead.
    managed: str | None = None
    # Copied secrets that are never answered (server-notes#kubernetes-templates).
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contact:
    """The system outside on which the server tries a configuration while it is written
    (server-notes#writes-with-live-checks)."""

    # What is contacted by this write; None: nothing.
    address: Callable[[Write], str | None]
    # May name {address}.
    message: str
    error: str = "BadRequest"
    # Whether a system on this machine, which a test has started, answers as the row wants it. Asked only then.
    answers: Callable[[Write], bool] = lambda write: True


@dataclass(frozen=True)
class AuthMethod:
    """One auth method on one release: its fields, its texts, and what its PATCH does to omitted keys."""

    slug: str
    envelope: str
    refusals: Refusals

    # --- What POST and PATCH take
    # The method's own fields as POST takes them; PATCH takes the same ones, all optional.
    fields: Mapping[str, Field] = field(default_factory=dict)
    # Where a body comes in several forms, the further fields of each; PATCH has forms of its own, or none.
    forms: Forms | None = None
    forms_of_update: Forms | None = None
    required_on_update: tuple[str, ...] = ()
    not_on_update: tuple[str, ...] = ()
    # Fields of PATCH beside those of `fields`.
    more_on_update: Mapping[str, Field] = field(default_factory=dict)
    body_rules: tuple[BodyRule, ...] = ()
    body_rules_of_update: tuple[BodyRule, ...] = ()

    # --- The token settings that every method has
    # MaxTTL 0 is refused by some methods on attach (server-notes#lifetime-bounds).
    max_ttl_minimum: int = 0
    # Which stored number stands in for an omitted TTL in the check of PATCH (server-notes#lowering-the-maximum).
    ttl_falls_back_to: str = "accessTokenMaxTTL"
    # jwt and spiffe have only the service's own TTL check (server-notes#lifetime-above-the-maximum).
    checks_ttl_in_schema: bool = True
    # oidc's PATCH kept the bounds of its POST in 2024-10 (server-notes#lifetime-bounds).
    strict_update: bool = False
    ip_fields: tuple[str, ...] = ("accessTokenTrustedIps",)
    # Universal auth says "service token" where the others say "access token" (server-notes#ip-allowlisting-plan).
    ip_plan_noun: str = "access token"

    # --- What is stored
    # What PATCH stores for a key that is left out (server-notes#keys-left-out-of-a-patch).
    reset_on_update: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    generated: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    # Fields that "" leaves as they are, and what null stores.
    kept_by_empty: tuple[str, ...] = ()
    null_stores: Mapping[str, Any] = field(default_factory=dict)
    # Fields that clear another one by being sent.
    displaces: Mapping[str, str] = field(default_factory=dict)
    # What a field becomes that was not sent: from what was, and whether the method is attached; MISSING keeps it.
    derived: Mapping[str, Callable[[Row, bool], Any]] = field(default_factory=dict)
    # Brings the row to its stored form where no word above says how.
    after_write: Callable[[Write], None] | None = None

    # --- What a write has to fulfil
    attach_action: str = "create"
    update_action: str = "edit"
    plan_feature: str | None = None
    # The texts of POST and PATCH.
    plan_texts: tuple[str, str] = ("", "")
    conditions: tuple[Condition, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
    template: Template | None = None
    contact: Contact | None = None

    # --- What is answered
    # Returned by GET alone.
    only_on_get: tuple[str, ...] = ()
    omitted_on_revoke: tuple[str, ...] = ()
    # Not in the answer to a POST that did not send them (server-notes#kubernetes-reviewer-token).
    echoed_by_attach: tuple[str, ...] = ()
    reports_period: bool = False

    # --- The rest of its life
    has_lockout: bool = False
    has_client_secrets: bool = False
    # Some revokes kept the short text for an unknown identity (server-notes#unknown-identities).
    short_missing_on_revoke: bool = False
    # What the refusal to revoke calls the method, where it is not what `refusals.revoke` calls it.
    called: str = ""
    login: Login | None = None

    def body_of_attach(self, profile: Profile) -> Rule:
        token = TokenFields(profile, self.max_ttl_minimum).of_attach()
        own = composed({**self.fields, **token}, self.forms, self.body_rules)
        if profile is OLD or not self.checks_ttl_in_schema:
            return own
        return refined(own, ttl_fits_as_numbers, TTL_MESSAGE, ("accessTokenTTL",))

    def body_of_update(self, profile: Profile) -> Rule:
        token = TokenFields(profile).of_update(strict=self.strict_update)
        own = composed({**self.update_fields(), **token}, self.forms_of_update, self.body_rules_of_update)
        if profile is OLD or not self.checks_ttl_in_schema:
            return own
        return refined(own, ttl_fits_if_both, TTL_MESSAGE, ("accessTokenTTL",))

    def update_fields(self) -> FormFields:
        fields = {}
        for name, entry in self.fields.items():
            if name in self.required_on_update:
                fields[name] = required(entry.rule)
            elif name in self.reset_on_update:
                fields[name] = Field(entry.rule, default=self.reset_on_update[name])
            elif name not in self.not_on_update:
                fields[name] = entry.optional()
        return {**fields, **self.more_on_update}

    def every_field(self) -> list[tuple[str, Field]]:
        """All fields that the method knows anywhere, the proof of its login among them; a name may come repeatedly."""
        forms = [form for forms in (self.forms, self.forms_of_update) if forms for form in forms.fields.values()]
        tables = (self.fields, self.more_on_update, *forms, self.login.fields if self.login else {})
        return [entry for fields in tables for entry in fields.items()]


def composed(common: FormFields, forms: Forms | None, rules: tuple[BodyRule, ...]) -> Rule:
    rule = forms.rule(common) if forms else shape(common)
    for one in rules:
        rule = refined(rule, one.holds, one.message, (one.at,))
    return rule


def ttl_fits_as_numbers(body: dict[str, Any]) -> bool:
    """On attach 0 is compared like any number: MaxTTL 0 needs TTL 0 (server-notes#lifetime-above-the-maximum)."""
    return bool(body["accessTokenTTL"] <= body["accessTokenMaxTTL"])


def ttl_fits_if_both(body: dict[str, Any]) -> bool:
    ttl, max_ttl = body.get("accessTokenTTL"), body.get("accessTokenMaxTTL")
    return not (ttl and max_ttl) or bool(ttl <= max_ttl)


def refusals(name: str, noun: str, *, update: Text | None = None) -> Refusals:
    """The texts of most methods: `name` as in "AWS Auth", `noun` as in "aws auth"."""
    attached = f"The identity does not have {name} attached"
    return Refusals(
        attach=(400, f"Failed to add {name} to already configured identity"),
        get=(400, attached),
        update=update or (404, attached),
        revoke=(400, f"The identity does not have {noun}"),
    )


def refusals_400(name: str, noun: str) -> Refusals:
    """The texts of 2024-10, and of some methods to this day: PATCH differs (server-notes#methods-not-attached)."""
    return refusals(name, noun, update=(400, f"Failed to update {name}"))
