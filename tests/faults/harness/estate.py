# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The state of a server, read from the emulator's memory, without ids and times: runs with
equal results have equal estates."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.emulator.world import AccessToken, ClientSecret, Identity, World
from tests.faults.harness.iam import Iam

Estate = dict[str, Any]
Declared = tuple[str, str, int, int]
Named = list[tuple[str, Declared]]

SEEDED = {"emulator-admin", "foreign-identity"}
NOT_COMPARED = {"id", "identityId", "clientId", "createdAt", "updatedAt"}
COMMA_LISTS = {"allowedPrincipalArns", "allowedAccountIds", "allowedServicePrincipalIds", "allowedUsernames"}


def estate_of(world: World) -> Estate:
    """Returns everything that tasks of the scenarios can write, by name."""
    ours = sorted((one for one in world.identities.values() if one.name not in SEEDED), key=lambda one: one.name)
    return {
        "identities": [identity_of(world, one) for one in ours],
        "connections": sorted((connection_of(one) for one in world.connections.values()), key=str),
        "rotations": sorted((rotation_of(world, one) for one in world.rotations.values()), key=str),
        "folders": {folder.name: sorted(folder.secrets) for folder in world.folders.values() if folder.secrets},
        "keys": keys_of(world),
    }


def identity_of(world: World, identity: Identity) -> dict[str, Any]:
    memberships = [one for one in world.memberships.values() if one.identity_id == identity.id]
    return {
        "name": identity.name,
        "role": role_of(world, identity),
        "metadata": sorted((entry["key"], entry["value"]) for entry in identity.metadata),
        "delete_protection": identity.delete_protection,
        "methods": {slug: method_of(row) for slug, row in sorted(identity.methods.items())},
        "credentials": sorted(one.declared for one in usable_credentials(world, identity)),
        "projects": sorted((world.projects[one.project_id].slug, roles_of(one.roles)) for one in memberships),
        "privileges": sorted(privileges_of(world, identity).items()),
        "groups": sorted(group.slug for group in world.groups.values() if identity.id in group.members),
    }


def privileges_of(world: World, identity: Identity) -> dict[str, str]:
    """Returns what each additional privilege gives, by project and slug."""
    return {
        f"{world.projects[one.project_id].slug}/{one.slug}": json.dumps(
            [one.permissions, [one.temporary_range, one.start] if one.is_temporary else []], sort_keys=True
        )
        for one in world.privileges.values()
        if one.identity_id == identity.id
    }


@dataclass(frozen=True)
class Credential:
    """A client secret, or a token of token auth. ``noun`` says which."""

    id: str
    noun: str
    name: str
    ttl: int
    uses_limit: int

    @property
    def declared(self) -> Declared:
        return self.noun, self.name, self.ttl, self.uses_limit


def named_credentials(world: World, text: str) -> Named:
    """Returns the usable credentials whose ids are in a text, by the names of their identities."""
    ours = [one for one in world.identities.values() if one.name not in SEEDED]
    found = [(one.name, credential) for one in ours for credential in usable_credentials(world, one)]
    return [(name, credential.declared) for name, credential in found if credential.id in text]


def without_reported(estate: Estate, clean: Estate, named: Named) -> Estate:
    """Returns the estate without reported credentials that a clean run does not leave behind."""
    found = copy.deepcopy(estate)
    wanted = {one["name"]: Counter(one["credentials"]) for one in clean["identities"]}
    held = {one["name"]: one["credentials"] for one in found["identities"]}
    for name, declared in named:
        if held[name].count(declared) > wanted.get(name, Counter())[declared]:
            held[name].remove(declared)
    return found


def role_of(world: World, identity: Identity) -> str:
    return world.roles[identity.role_id].slug if identity.role_id else identity.role


def roles_of(roles: list[dict[str, Any]]) -> list[str]:
    return sorted(str(role.get("customRoleSlug") or role.get("role")) for role in roles)


def method_of(row: dict[str, Any]) -> dict[str, Any]:
    return {key: plain(key, value) for key, value in sorted(row.items()) if key not in NOT_COMPARED}


def plain(key: str, value: Any) -> Any:
    if key in COMMA_LISTS:
        return comma_list(value)
    return networks(value) if key.endswith("TrustedIps") else value


def comma_list(value: str | None) -> list[str]:
    return sorted(item.strip() for item in (value or "").split(",") if item.strip())


def networks(value: list[dict[str, Any]]) -> list[str]:
    return sorted(f"{one['ipAddress']}/{one.get('prefix', '')}" for one in value)


def usable_credentials(world: World, identity: Identity) -> Iterator[Credential]:
    """Returns the issued credentials of an identity that work."""
    now = world.clock.now()
    rows: list[tuple[str, str, ClientSecret | AccessToken]] = [
        *(("client secret", one.description, one) for one in world.client_secrets.values()),
        *(("token", one.name or "", one) for one in world.access_tokens.values() if one.method == "token-auth"),
    ]
    for noun, name, one in rows:
        used_up = one.uses_limit and one.uses >= one.uses_limit
        over = one.ttl and one.created_at + one.ttl <= now
        if one.identity_id == identity.id and not (one.revoked or used_up or over):
            yield Credential(one.id, noun, name, one.ttl, one.uses_limit)


def connection_of(one: Any) -> dict[str, Any]:
    return {"name": one.name, "method": one.method, "description": one.description, "credentials": one.credentials}


def rotation_of(world: World, one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "connection": world.connections[one.connection_id].name,
        "interval": one.interval,
        "at": one.rotate_at,
        "parameters": one.parameters,
        "mapping": one.mapping,
        "description": one.description,
        "automatic": one.automatic,
        "status": one.status,
    }


def keys_of(world: World) -> dict[str, int]:
    """Returns the number of access keys of each IAM user."""
    aws = world.aws
    return {user: len(keys) for user, keys in aws.users.items()} if isinstance(aws, Iam) else {}


def differences(before: Any, after: Any, at: str = "") -> list[str]:
    """Returns the differences between two estates, each with its path."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted({*before, *after}, key=str)
        return [
            line for key in keys for line in differences(before.get(key), after.get(key), f"{at}.{key}".lstrip("."))
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [line for number, (one, other) in pairs for line in differences(one, other, f"{at}[{number}]")]
    return [] if before == after else [f"{at}: {short(before)} → {short(after)}"]


def short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else f"{text[:157]}..."
