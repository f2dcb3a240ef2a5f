# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the table of an auth method can say; the tables are in auth_methods/, one file a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .addresses import trusted_ips_field
from .profiles import OLD, Profile
from .schema import Field, Rule, number, refined, required, shape

MONTH = 2_592_000
TEN_YEARS = 315_360_000
TTL_MESSAGE = "Access Token TTL cannot be greater than Access Token Max TTL."
Text = tuple[int, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Refusals:
    """Status and text by verb: of POST when the method is attached, of the others when it is not
    (server-notes#methods-not-attached)."""

    attach: Text
    get: Text
    update: Text
    revoke: Text


@dataclass(frozen=True)
class AuthMethod:
    """One auth method on one release: its fields, its texts, and what its PATCH does to omitted keys."""

    slug: str
    envelope: str
    refusals: Refusals
    # The method's own fields as POST takes them; PATCH takes the same ones, all optional.
    fields: Mapping[str, Field] = field(default_factory=dict)
    required_on_update: tuple[str, ...] = ()
    not_on_update: tuple[str, ...] = ()
    # What PATCH stores for a key that is left out (server-notes#keys-left-out-of-a-patch).
    reset_on_update: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    generated: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    omitted_on_revoke: tuple[str, ...] = ()
    # Returned by GET alone.
    only_on_get: tuple[str, ...] = ()
    # MaxTTL 0 is refused by some methods on attach (server-notes#lifetime-bounds).
    max_ttl_minimum: int = 0
    # Which stored number stands in for an omitted TTL in the check of PATCH (server-notes#lowering-the-maximum).
    ttl_falls_back_to: str = "accessTokenMaxTTL"
    # jwt and spiffe have only the service's own TTL check (server-notes#lifetime-above-the-maximum).
    checks_ttl_in_schema: bool = True
    # oidc's PATCH kept the bounds of its POST in 2024-10 (server-notes#lifetime-bounds).
    strict_update: bool = False
    reports_period: bool = False
    has_lockout: bool = False
    ip_fields: tuple[str, ...] = ("accessTokenTrustedIps",)
    # Universal auth says "service token" where the others say "access token" (server-notes#ip-allowlisting-plan).
    ip_plan_noun: str = "access token"
    plan_feature: str | None = None
    plan_texts: tuple[str, str] = ("", "")
    # Some revokes kept the short text for an unknown identity (server-notes#unknown-identities).
    short_missing_on_revoke: bool = False
    # Rules that tables cannot say: they replace the shape made of `fields`.
    attach_shape: Rule | None = None
    update_shape: Rule | None = None
    # Brings a row to its stored form; given what was sent and, on PATCH, what was stored.
    after_write: Callable[[Row, Row, Row], None] | None = None
    # Checks that need both what is stored and what was sent; raises an ApiError.
    check: Callable[[Row], None] | None = None

    def body_of_attach(self, profile: Profile) -> Rule:
        own = self.attach_shape or shape({**self.fields, **token_fields(profile, self.max_ttl_minimum)})
        if profile is OLD or not self.checks_ttl_in_schema:
            return own
        return refined(own, ttl_fits_as_numbers, TTL_MESSAGE, ("accessTokenTTL",))

    def body_of_update(self, profile: Profile) -> Rule:
        own = self.update_shape or shape({**self.update_fields(), **token_fields_of_update(profile, self)})
        if profile is OLD or not self.checks_ttl_in_schema:
            return own
        return refined(own, ttl_fits_if_both, TTL_MESSAGE, ("accessTokenTTL",))

    def update_fields(self) -> dict[str, Field]:
        fields = {}
        for name, entry in self.fields.items():
            if name in self.required_on_update:
                fields[name] = required(entry.rule)
            elif name in self.reset_on_update:
                fields[name] = Field(entry.rule, default=self.reset_on_update[name])
            elif name not in self.not_on_update:
                fields[name] = entry.optional()
        return fields


def token_fields(profile: Profile, max_ttl_minimum: int) -> dict[str, Field]:
    """The token settings every method takes on attach, with the bounds of the release
    (server-notes#lifetime-bounds)."""
    if profile is OLD:
        ttl = number(whole=True, minimum=1, maximum=TEN_YEARS, nonzero="accessTokenTTL must have a non zero number")
        max_ttl = old_max_ttl()
    else:
        ttl = number(whole=True, minimum=0, maximum=TEN_YEARS)
        max_ttl = number(whole=True, minimum=max_ttl_minimum, maximum=TEN_YEARS)
    return {
        "accessTokenTrustedIps": trusted_ips_field(),
        "accessTokenTTL": Field(ttl, default=MONTH),
        "accessTokenMaxTTL": Field(max_ttl, default=MONTH),
        "accessTokenNumUsesLimit": Field(number(whole=True, minimum=0), default=0),
    }


def old_max_ttl() -> Rule:
    return number(whole=True, maximum=TEN_YEARS, nonzero="accessTokenMaxTTL must have a non zero number")


def token_fields_of_update(profile: Profile, method: AuthMethod) -> dict[str, Field]:
    fields = {name: entry.optional() for name, entry in token_fields(profile, 0).items()}
    if not method.strict_update:
        fields["accessTokenTTL"] = Field(number(whole=True, minimum=0, maximum=TEN_YEARS))
    return fields


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
