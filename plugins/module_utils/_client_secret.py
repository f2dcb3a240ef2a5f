# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Client secrets of universal auth, named by their description: one valid secret each, renewed before it ends.

A secret can be made, listed and revoked, nothing else (quirks.md §10), so this is a life cycle and not a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._auth_method import (
    IDENTITY_RULES,
    identity_faults,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._checks import LARGEST_COUNT, line_fault
from ansible_collections.machineid.infisical.plugins.module_utils._client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._engine import PAUSES_AFTER_A_LOST_ANSWER
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError, LostAnswer, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._kinds import Integer
from ansible_collections.machineid.infisical.plugins.module_utils._resources._access_token import LONGEST_LIFETIME
from ansible_collections.machineid.infisical.plugins.module_utils._task import Run, Task

CLIENT_SECRET_OPTIONS: dict[str, dict[str, Any]] = {
    "description": {"type": "str", "required": True},
    "ttl": {"type": "int", "default": 0},
    "num_uses_limit": {"type": "int", "default": 0, "aliases": ["number_of_uses_limit"]},
    "renew_before": {"type": "int", "default": 0},
    "overlap": {"type": "int"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}

LIMITS = {
    "ttl": Integer(0, LONGEST_LIFETIME, "seconds"),
    "num_uses_limit": Integer(0, LARGEST_COUNT, "uses"),
    "renew_before": Integer(0, LONGEST_LIFETIME, "seconds"),
    "overlap": Integer(0, LONGEST_LIFETIME, "seconds"),
}
LONGEST_DESCRIPTION = 255


@dataclass(frozen=True)
class Declared:
    """What is declared of the secrets of one description. Times are seconds; ``overlap`` None: until they end."""

    description: str
    ttl: int = 0
    num_uses_limit: int = 0
    renew_before: int = 0
    overlap: int | None = None
    present: bool = True


@dataclass(frozen=True)
class SecretPlan:
    """``create``: a new secret is made. ``revoke``: ids of secrets that are revoked. ``kept``: the valid secret that
    stays the current one, in wire form."""

    declared: Declared
    create: bool
    revoke: tuple[str, ...]
    kept: Wire | None
    before: tuple[str, ...]
    differing: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.create or bool(self.revoke)

    def diff(self) -> dict[str, Any]:
        """The ids of the secrets of this description, before and after; a secret yet to be made has none."""
        after = [one for one in self.before if one not in self.revoke] + (["(new)"] if self.create else [])
        if not self.changed:
            return {"before": {}, "after": {}}
        name = self.declared.description
        return {"before": {name: list(self.before)}, "after": {name: after}}


def parse_client_secret(params: Mapping[str, Any], faults: list[str], prefix: str = "") -> Declared:
    description = params["description"].strip()
    # A longer one is a 500 on the server (measured-2024-10.md fact 32).
    wrong = line_fault(description, LONGEST_DESCRIPTION)
    if wrong:
        faults.append(f"{prefix}description {wrong}")
    given = {name: params[name] for name in LIMITS if params.get(name) is not None}
    for name, value in given.items():
        LIMITS[name].parse(prefix + name, value, faults)
    ttl, renew_before = given.get("ttl", 0), given.get("renew_before", 0)
    if ttl and renew_before >= ttl:
        faults.append(f"{prefix}renew_before {renew_before} must be below ttl {ttl}, or each run would make a secret")
    return Declared(description, **given, present=params.get("state", "present") == "present")


def plan_client_secret(declared: Declared, listed: Sequence[Wire], now: float) -> SecretPlan:
    """What has to be done, from the server's list of secrets that are not revoked and its time."""
    ours = sorted((one for one in listed if one.get("description") == declared.description), key=made_at, reverse=True)
    ids = tuple(one["id"] for one in reversed(ours))
    if not declared.present:
        return SecretPlan(declared, False, ids, None, ids)
    usable = [one for one in ours if is_usable(one, now)]
    dead = [one["id"] for one in ours if one not in usable]
    kept = usable[0] if usable and not is_due(usable[0], declared, now) else None
    if kept is None:
        return SecretPlan(declared, True, tuple(dead), None, ids)
    over = declared.overlap is not None and made_at(kept) + declared.overlap <= now
    older = [one["id"] for one in usable[1:]] if over else []
    differing = [
        option
        for option, wire in (("ttl", "clientSecretTTL"), ("num_uses_limit", "clientSecretNumUsesLimit"))
        if int(kept[wire]) != getattr(declared, option)
    ]
    return SecretPlan(declared, False, tuple(dead + older), kept, ids, tuple(differing))


def made_at(secret: Wire) -> float:
    return datetime.fromisoformat(secret["createdAt"].replace("Z", "+00:00")).timestamp()


def ends_at(secret: Wire) -> float | None:
    """When its lifetime is over, None when it has no end."""
    ttl = int(secret["clientSecretTTL"])
    return made_at(secret) + ttl if ttl else None


def is_usable(secret: Wire, now: float) -> bool:
    """Whether a login with it works. The server lists dead ones until somebody tries (quirks.md §10)."""
    end, limit = ends_at(secret), int(secret["clientSecretNumUsesLimit"])
    used_up = bool(limit) and int(secret["clientSecretNumUses"]) >= limit
    return not secret.get("isClientSecretRevoked") and not used_up and (end is None or end > now)


def is_due(secret: Wire, declared: Declared, now: float) -> bool:
    end = ends_at(secret)
    return end is not None and end - now <= declared.renew_before


class ClientSecretStore:
    """The client secrets of one identity."""

    def __init__(self, client: Client, identity_id: str) -> None:
        self.client = client
        self.path = f"/api/v1/auth/universal-auth/identities/{segment(identity_id)}"

    def listed(self) -> list[Wire] | None:
        """The secrets that are not revoked, None when universal auth is not attached."""
        try:
            listed: list[Wire] = self.client.get(f"{self.path}/client-secrets")["clientSecretData"]
        except InfisicalError as error:
            if error.status in (400, 404) and not (error.server_message or "").startswith("Failed to find identity"):
                return None
            raise
        return listed

    def client_id(self) -> str:
        return str(self.client.get(self.path)["identityUniversalAuth"]["clientId"])

    def make(self, declared: Declared, known: Sequence[str], *, tries: int = 2) -> tuple[str, str]:
        """A new secret's id and its plain text, which the server tells once; ``known`` are the ids that were there."""
        body = {"description": declared.description, "ttl": declared.ttl, "numUsesLimit": declared.num_uses_limit}
        try:
            answer = self.client.post(f"{self.path}/client-secrets", body)
            return str(answer["clientSecretData"]["id"]), str(answer["clientSecret"])
        except InfisicalError as error:
            if not (is_lost(error) or error.kind == "server"):
                raise
            # It may have been made, and would be taken for the valid one, though nobody knows its plain text.
            if not self._revoke_untold(declared, known) or tries == 1:
                raise
        return self.make(declared, known, tries=tries - 1)

    def revoke(self, client_secret_id: str) -> None:
        # Revoking again succeeds (measured-2024-10.md fact 33), so this POST may be repeated like a DELETE.
        path = f"{self.path}/client-secrets/{segment(client_secret_id)}/revoke"
        try:
            self.client.post(path, {})
        except LostAnswer:
            self.client.post(path, {})

    def _revoke_untold(self, declared: Declared, known: Sequence[str]) -> bool:
        """Revokes the secret whose plain text was lost with the answer; whether there was one."""
        for pause in PAUSES_AFTER_A_LOST_ANSWER:
            self.client.sleep(pause)
            untold = [
                one["id"]
                for one in self.listed() or []
                if one.get("description") == declared.description and one["id"] not in known
            ]
            for client_secret_id in untold:
                self.revoke(client_secret_id)
            if untold:
                return True
        return False


@dataclass(frozen=True)
class Made:
    """What a life cycle step left: the current secret's id, its plain text when it is new, and what went wrong after
    the new one was made, which must not cost its plain text."""

    client_secret_id: str | None
    client_secret: str | None = None
    warnings: tuple[str, ...] = ()


def apply_client_secret(store: ClientSecretStore, planned: SecretPlan) -> Made:
    """Carries the plan out: first the new secret, then the revocations."""
    if not planned.create:
        for client_secret_id in planned.revoke:
            store.revoke(client_secret_id)
        return Made(planned.kept["id"] if planned.kept else None)
    made_id, plain_text = store.make(planned.declared, planned.before)
    warnings = []
    for client_secret_id in planned.revoke:
        try:
            store.revoke(client_secret_id)
        except InfisicalError as error:
            warnings.append(f"Client secret {client_secret_id} is dead but could not be revoked: {error.message}")
    return Made(made_id, plain_text, tuple(warnings))


def mismatch_warnings(planned: SecretPlan) -> list[str]:
    """What the valid secret does not have as declared, and cannot be given."""
    if not planned.differing:
        return []
    return [
        f"Client secret '{planned.declared.description}' has another {' and '.join(planned.differing)} than declared,"
        " which the server cannot change. The declared one holds from its renewal on; to have it at once, revoke the"
        " secret (state: absent) first."
    ]


def not_attached(identity_id: str) -> InfisicalError:
    return InfisicalError(
        "not_found",
        f"Identity {identity_id} has no universal auth, so it can have no client secret.",
        advice="Attach it first, with identity_universal_auth.",
    )


def execute(run: Run) -> dict[str, Any]:
    faults = identity_faults(run.params)
    declared = parse_client_secret(run.params, faults)
    run.refuse(faults)
    identity_id = resolve_identity(run)
    store = ClientSecretStore(run.client, identity_id)
    listed = store.listed()
    if listed is None and declared.present:
        raise not_attached(identity_id)
    planned = plan_client_secret(declared, listed or [], run.client.now())
    result: dict[str, Any] = {"changed": planned.changed, "diff": planned.diff(), "identity_id": identity_id}
    for warning in mismatch_warnings(planned):
        run.warn(warning)
    if declared.present:
        result["client_id"] = store.client_id()
    made = Made(planned.kept["id"] if planned.kept else None) if run.check_mode else apply_client_secret(store, planned)
    for warning in made.warnings:
        run.warn(warning)
    if made.client_secret_id:
        result["client_secret_id"] = made.client_secret_id
    if made.client_secret:
        result["client_secret"] = made.client_secret
    return result


IDENTITY_CLIENT_SECRET_TASK = Task(
    argument_spec={**identity_options(), **CLIENT_SECRET_OPTIONS},
    rules=IDENTITY_RULES,
    execute=execute,
    holds_a_secret=lambda result: "client_secret" in result,
)
