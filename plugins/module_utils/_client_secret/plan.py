# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options and plan of client secrets: one valid secret per description, renewed before it expires.

A secret can only be created, listed and revoked (server-notes#client-secret-life-cycle), so it has a life cycle and is
not a table. The plan is a pure function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.store import ClientSecret
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    LONGEST_LIFETIME,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import LARGEST_COUNT, line_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid, uuid_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer

CLIENT_SECRET_OPTIONS: dict[str, dict[str, Any]] = {
    "description": {"type": "str"},
    "client_secret_id": {"type": "str", "no_log": False},
    "dest": {"type": "path"},
    "ttl": {"type": "int", "default": 0},
    "num_uses_limit": {"type": "int", "default": 0, "aliases": ["number_of_uses_limit"]},
    "renew": {"type": "str", "choices": ["when_due", "now"], "default": "when_due"},
    "renew_before": {"type": "int", "default": 0},
    "overlap": {"type": "int"},
    "state": STATE,
}
CLIENT_SECRET_RULES: dict[str, Any] = {
    "required_one_of": [["description", "client_secret_id"]],
    "required_if": [["state", "present", ["description"]]],
    "mutually_exclusive": [["description", "client_secret_id"], ["dest", "client_secret_id"]],
}

LIMITS = {
    "ttl": Integer(0, LONGEST_LIFETIME, "seconds"),
    "num_uses_limit": Integer(0, LARGEST_COUNT, "uses"),
    "renew_before": Integer(0, LONGEST_LIFETIME, "seconds"),
    "overlap": Integer(0, LONGEST_LIFETIME, "seconds"),
}
LONGEST_DESCRIPTION = 255


@dataclass(frozen=True)
class DeclaredSecret:
    """The desired state of the secrets with one description, or of the secret ``client_secret_id``, which can only be
    absent. Times are in seconds. With ``overlap`` None, old secrets work until they expire. ``option`` is the prefix of
    option names in messages, such as ``identities[0].client_secrets[1].``.
    """

    description: str = ""
    ttl: int = 0
    num_uses_limit: int = 0
    renew_before: int = 0
    overlap: int | None = None
    present: bool = True
    client_secret_id: str | None = None
    dest: str | None = None
    renew_now: bool = False
    option: str = ""

    @property
    def name(self) -> str:
        return self.client_secret_id or self.description


@dataclass(frozen=True)
class SecretPlan:
    """The plan for one declaration. ``create``: a new secret is created. ``revoke``: ids of the secrets to revoke.
    ``current``: the previously valid secret, which is due for renewal if a new one is created. ``others``: ids of
    usable secrets that no declaration explains."""

    declared: DeclaredSecret
    create: bool
    revoke: tuple[str, ...]
    current: ClientSecret | None
    before: tuple[str, ...]
    differing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    undelivered: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.create or bool(self.revoke)

    @property
    def kept(self) -> ClientSecret | None:
        return None if self.create else self.current

    def diff(self) -> dict[str, Any]:
        """Returns the ids of the secrets before and after. A secret that has not been created has none."""
        after = [one for one in self.before if one not in self.revoke] + (["(new)"] if self.create else [])
        if not self.changed:
            return {"before": {}, "after": {}}
        return {"before": {self.declared.name: list(self.before)}, "after": {self.declared.name: after}}


def parse_client_secret(params: Mapping[str, Any], errors: list[str], prefix: str = "") -> DeclaredSecret:
    description = (params.get("description") or "").strip()
    client_secret_id = params.get("client_secret_id")
    if client_secret_id is not None:
        client_secret_id = lower_uuid(client_secret_id.strip())
        wrong = uuid_error(client_secret_id)
        if wrong:
            errors.append(f"{prefix}client_secret_id {wrong}, got '{params['client_secret_id']}'")
    else:
        # A longer one causes a 500 (server-notes#client-secret-descriptions).
        wrong = line_error(description, LONGEST_DESCRIPTION)
        if wrong:
            errors.append(f"{prefix}description {wrong}")
    given = {name: params[name] for name in LIMITS if params.get(name) is not None}
    for name, value in given.items():
        LIMITS[name].parse(prefix + name, value, errors)
    ttl, renew_before = given.get("ttl", 0), given.get("renew_before", 0)
    if ttl and renew_before >= ttl:
        errors.append(
            f"{prefix}renew_before {renew_before} must be less than ttl {ttl}, otherwise each run would create a secret"
        )
    return DeclaredSecret(
        description,
        **given,
        present=params.get("state", "present") == "present",
        client_secret_id=client_secret_id,
        dest=params.get("dest"),
        renew_now=params.get("renew") == "now",
        option=prefix,
    )


def plan_client_secret(
    declared: DeclaredSecret, listed: Sequence[ClientSecret], now: float, delivered: frozenset[str] | None = None
) -> SecretPlan:
    """Returns the plan, given the server's list of secrets that are not revoked and its time.

    ``delivered`` are the ids of the secrets that may be in the file of ``dest``, None without ``dest``.
    """
    ours = sorted((one for one in listed if concerns(declared, one)), key=ClientSecret.age_key, reverse=True)
    ids = tuple(one.id for one in reversed(ours))
    if not declared.present:
        return SecretPlan(declared, False, ids, None, ids)
    usable = [one for one in ours if one.is_usable(now)]
    dead = tuple(one.id for one in ours if one not in usable)
    in_force = [one for one in usable if delivered is None or one.id in delivered]
    current = in_force[0] if in_force else None
    undelivered = tuple(one.id for one in usable) if current is None else ()
    create = declared.renew_now or current is None or is_due(current, declared, now)
    if create and delivered is not None and declared.overlap == 0:
        # The new secret is already in its file at that time, so there is no need to wait.
        superseded = [one.id for one in usable]
    elif current is None:
        superseded = []
    else:
        superseded = [one.id for one in superseded_by(current, usable, declared, now, delivered is None)]
    revoke = dead + tuple(superseded)
    if create or current is None:
        return SecretPlan(declared, True, revoke, current, ids, undelivered=undelivered)
    differing = tuple(name for name in ("ttl", "num_uses_limit") if getattr(current, name) != getattr(declared, name))
    others = tuple(one.id for one in unaccounted(current, usable, declared) if one.id not in revoke)
    return SecretPlan(declared, False, revoke, current, ids, differing, others)


def concerns(declared: DeclaredSecret, secret: ClientSecret) -> bool:
    if declared.client_secret_id:
        return secret.id == declared.client_secret_id
    return secret.description == declared.description


def is_due(secret: ClientSecret, declared: DeclaredSecret, now: float) -> bool:
    return secret.ends_at is not None and secret.ends_at - now <= declared.renew_before


def superseded_by(
    current: ClientSecret, usable: Sequence[ClientSecret], declared: DeclaredSecret, now: float, unproved: bool
) -> list[ClientSecret]:
    """Returns the older secrets whose overlap is over.

    ``unproved`` says that no file proves that anybody has the current secret. Older secrets then remain until the
    current one has been used: its text may have been lost with the answer, and nobody could log in any more.
    """
    if declared.overlap is None or current.created_at + declared.overlap > now or (unproved and not current.num_uses):
        return []
    return [one for one in usable if one.age_key() < current.age_key()]


def unaccounted(current: ClientSecret, usable: Sequence[ClientSecret], declared: DeclaredSecret) -> list[ClientSecret]:
    """Returns the usable secrets other than the current one that no renewal explains, or that remain for ever after
    one."""
    return [
        one
        for one in usable
        if one is not current
        and (
            one.age_key() > current.age_key()
            or (declared.overlap is None and not is_due(one, declared, current.created_at))
        )
    ]


def plan_warnings(planned: SecretPlan) -> list[str]:
    """Returns warnings about the existing secrets."""
    declared, kept = planned.declared, planned.kept
    name = f"Client secret '{declared.description}'"
    warnings = []
    if planned.differing:
        warnings.append(
            f"{name}: the server cannot change its {' and '.join(planned.differing)}. The declared values apply from"
            " the next renewal on; to apply them immediately, set renew: now."
        )
    if kept is not None and declared.dest is None and not kept.num_uses:
        warnings.append(
            f"{name} ({kept.id}) was never used. If nobody has it, because the answer with its value was lost, create"
            " another one with renew: now."
        )
    if planned.others:
        warnings.append(
            f"{name}: besides {kept.id if kept else 'it'} there are usable secrets with this description that no"
            f" declaration explains: {', '.join(planned.others)}. If nobody uses them, revoke them: state: absent"
            " with client_secret_id."
        )
    if planned.undelivered and declared.dest is not None:
        kept_on = "remain usable" if declared.overlap is None else "remain usable until the overlap is over"
        warnings.append(
            f"{name}: {declared.dest} does not contain it, so another one is created. The existing secrets {kept_on}:"
            f" {', '.join(planned.undelivered)}."
        )
    return warnings
