# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a fresh emulator holds: an organisation with its administrator, and a foreign one."""

from __future__ import annotations

from .addresses import ANY, stored
from .auth_methods import METHODS
from .clock import Clock
from .method_bodies import MONTH
from .profiles import Profile
from .routes.client_secrets import store
from .world import Identity, Organization, Row, World

ADMIN = "emulator-admin"


def fresh_world(profile: Profile, plan: str, clock: Clock, seed: str) -> World:
    """Make a world; the same seed gives the same ids and credentials."""
    world = World(profile, plan, clock, seed)
    for name in ("emulator", "foreign"):
        organization = Organization(world.derived_id(f"organization {name}"), name.title(), name)
        world.organizations[organization.id] = organization
    add_admin(world)
    add_foreigner(world)
    return world


def add_admin(world: World) -> None:
    admin = new_identity(world, ADMIN, world.organization.id, "admin")
    method = METHODS[world.profile.name]["universal-auth"]
    now = world.clock.stamp()
    row: Row = {"id": world.derived_id("method"), "identityId": admin.id}
    row |= {name: entry.default for name, entry in method.fields.items()}
    row |= {"accessTokenTTL": MONTH, "accessTokenMaxTTL": MONTH, "accessTokenNumUsesLimit": 0}
    row |= {name: stored(list(ANY)) for name in method.ip_fields}
    row |= {"clientId": client_id(world), "createdAt": now, "updatedAt": now}
    admin.methods[method.slug] = row
    store(world, admin, row, client_secret(world), "printed at the start", 0, 0)


def add_foreigner(world: World) -> None:
    foreign = list(world.organizations.values())[1]
    new_identity(world, "foreign-identity", foreign.id, "no-access")


def new_identity(world: World, name: str, org_id: str, role: str) -> Identity:
    now = world.clock.stamp()
    identity = Identity(world.derived_id(name), org_id, name, role, None, now, now)
    world.identities[identity.id] = identity
    return identity


def client_id(world: World) -> str:
    return world.derived_id("client id")


def client_secret(world: World) -> str:
    return world.derived("client secret")
