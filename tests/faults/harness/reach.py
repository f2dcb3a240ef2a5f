# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The openness of everything at one moment: who could log in, from where, for how long, and with which permissions."""

from __future__ import annotations

from typing import Any

from tests.emulator.world import World
from tests.faults.harness.estate import (
    COMMA_LISTS,
    SEEDED,
    comma_list,
    networks,
    privileges_of,
    role_of,
    roles_of,
)

EVERYBODY = frozenset({"*"})
NUMBERS = ("accessTokenTTL", "accessTokenMaxTTL", "accessTokenNumUsesLimit")
FOR_EVER = float("inf")

Reach = dict[tuple[str, ...], Any]
"""By identity and setting: the set of those who are admitted, or the greatest number."""


def reach_of(world: World) -> Reach:
    reach: Reach = {}
    for identity in world.identities.values():
        if identity.name in SEEDED:
            continue
        add(reach, (identity.name, "role"), frozenset({role_of(world, identity)} - {"no-access"}))
        groups = frozenset(group.slug for group in world.groups.values() if identity.id in group.members)
        add(reach, (identity.name, "groups"), groups)
        for name, given in privileges_of(world, identity).items():
            # A list of permissions may not be in between, as a rule of it takes something away.
            add(reach, (identity.name, "privilege", name), frozenset({given}))
        for slug, row in identity.methods.items():
            for key, value in row.items():
                if key in COMMA_LISTS:
                    add(reach, (identity.name, slug, key), frozenset(comma_list(value)) or EVERYBODY)
                elif key.endswith("TrustedIps"):
                    add(reach, (identity.name, slug, key), frozenset(networks(value)))
                elif key in NUMBERS:
                    add(reach, (identity.name, slug, key), value or FOR_EVER)
    for membership in world.memberships.values():
        holder = world.identities[membership.identity_id]
        project = world.projects[membership.project_id].slug
        add(reach, (holder.name, "project", project), frozenset(roles_of(membership.roles)))
    return reach


def add(reach: Reach, key: tuple[str, ...], value: Any) -> None:
    """If two identities share a name, the more open one counts."""
    held = reach.get(key)
    if held is None:
        reach[key] = value
    else:
        reach[key] = held | value if isinstance(value, frozenset) else max(held, value)


def wider(now: Any, allowed: Any) -> bool:
    """Returns whether ``now`` admits more than ``allowed``. None admits nobody."""
    if allowed is None:
        return bool(now)
    if isinstance(now, frozenset):
        return not (now <= allowed or allowed == EVERYBODY)
    return bool(now > allowed)


def widened(now: Reach, allowed: list[Reach]) -> list[str]:
    """Returns what is more open than at each of the allowed moments."""
    return [
        f"{'/'.join(key)} is {text_of(value)}, allowed were {sorted({text_of(one.get(key)) for one in allowed})}"
        for key, value in now.items()
        if all(wider(value, one.get(key)) for one in allowed)
    ]


def text_of(value: Any) -> str:
    return str(sorted(value)) if isinstance(value, frozenset) else str(value)
