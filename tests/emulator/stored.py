# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What tests see of all that is stored: the tables, which client secrets still work, and the keys at AWS."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from hashlib import sha256
from typing import Any

from .auth_methods import secret_fields
from .world import ClientSecret, World

# Given as hashes, so that no test comes to depend on reading them; and whatever a table calls secret.
SECRET_FIELDS = {"secretAccessKey", "secret_value", "password", "access_key_secret"} | secret_fields()


def state(world: World) -> dict[str, Any]:
    """Everything that is stored, secrets as hashes."""
    tables = {
        name: [hidden(entry) for entry in list(table.values())]
        for name, table in vars(world).items()
        if isinstance(table, dict) and name != "lockouts"
    }
    for entry in tables["client_secrets"]:
        entry["invalid"] = why_invalid(world, world.client_secrets[entry["id"]])
    found = {"profile": world.profile.name, "plan": world.plan, "now": world.clock.stamp(), **tables}
    return {**found, "iam": iam(world)} if world.aws else found


def hidden(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {
            str(key): sha256(str(item).encode()).hexdigest() if key in SECRET_FIELDS and item else hidden(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [hidden(item) for item in value]
    return value


def why_invalid(world: World, secret: ClientSecret) -> str | None:
    """Say why nobody can log in with a client secret any more; None when it works."""
    if secret.revoked:
        return "revoked"
    if secret.ttl > 0 and world.clock.now() > secret.created_at + secret.ttl:
        return "expired"
    if secret.uses_limit > 0 and secret.uses >= secret.uses_limit:
        return "used up"
    return None


def iam(world: World) -> dict[str, Any]:
    """The keys of every IAM user, and what issuing them has cost."""
    holders: dict[str, list[str]] = {}
    for rotation in list(world.rotations.values()):
        for pair in rotation.generated:
            holders.setdefault(pair["accessKeyId"], []).append(rotation.id)
    keys = world.aws.keys() if world.aws else []
    refused = [issue for issue in world.key_issues if not issue.kept]
    made = {issue.made for issue in world.key_issues}
    return {
        "keys": [{**key, "held_by": holders.get(key["access_key_id"], [])} for key in keys],
        "issues": [asdict(issue) for issue in world.key_issues],
        # Deleted for a rotation that was then refused.
        "burned": [key for issue in refused for key in issue.deleted],
        # Made by the server, alive, and in no rotation.
        "stranded": [
            key["access_key_id"] for key in keys if key["access_key_id"] in made and key["access_key_id"] not in holders
        ],
    }
