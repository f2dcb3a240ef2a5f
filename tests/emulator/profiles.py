# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What differs between the server releases the emulator plays, each difference under a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .rights import CURRENT_BOUNDARY, CURRENT_MEMBER, EVERYTHING, OLD_BOUNDARY, OLD_MEMBER, Boundary, Rules


@dataclass(frozen=True)
class Profile:
    """One release of the server."""

    name: str
    # measured §1.1, §12: the same ValidationFailure was a 401 in 2024-10.
    validation_status: int
    # measured §1.8: what Fastify refuses to parse fell into the catch-all handler.
    unparsable_status: int
    unsupported_media_status: int
    too_large_status: int
    # measured §1.7, §12.
    validates_uuids: bool
    request_ids: bool
    # measured §1.6: one auth method per identity, `authMethod` instead of `authMethods`.
    many_auth_methods: bool
    # measured §9.38: over the limit is a bare 500 with retry-after there.
    rate_limit_status: int
    # quirks §9: per route then, per class (read, write) now.
    rate_limit_per_route: bool
    # Only the old release sends limit headers when no limit is set (measured, head of the file).
    unlimited_headers: int | None
    # api-changes §5: renewing hands out a new JWT now; the old one moved the expiry on the server.
    renews_in_place: bool
    # measured §1.2: the JWT carries MaxTTL as `exp`, the shorter TTL is the server's own bookkeeping.
    jwt_expires_at_max_ttl: bool
    # measured §2.12: an update without columns is a database error.
    refuses_empty_update: bool
    # measured §10.41 and quirks §4: statuses of a membership that is missing.
    old_memberships: bool
    # quirks §8: plain text columns were varchar(255), those of metadata too (measured).
    column_limit: int | None
    # What the roles of the organisation allow; both let a member make, change and delete identities.
    org_roles: Mapping[str, Rules]
    # quirks §7: how things are refused that are above the caller's rights.
    boundary: Boundary
    # The permissions of an organisation's role travel packed, as pairs of action and subject (measured).
    packs_permissions: bool
    # The `error` of the 404 that a role "custom" which is none makes of everything (measured §10.40);
    # None where the word is not accepted as a role.
    stuck_role: str | None
    # `%` and `_` in `search` stand for any text and any character (measured); newer servers escape them.
    search_wildcards: bool
    # Without `limit` a list has a default one; else `offset` is ignored and everything comes (measured).
    limits_by_default: bool


CURRENT = Profile(
    name="current",
    validation_status=422,
    unparsable_status=400,
    unsupported_media_status=415,
    too_large_status=413,
    validates_uuids=True,
    request_ids=True,
    many_auth_methods=True,
    rate_limit_status=429,
    rate_limit_per_route=False,
    unlimited_headers=None,
    renews_in_place=False,
    jwt_expires_at_max_ttl=False,
    refuses_empty_update=False,
    old_memberships=False,
    column_limit=None,
    org_roles={"admin": EVERYTHING, "member": CURRENT_MEMBER, "no-access": ()},
    boundary=CURRENT_BOUNDARY,
    packs_permissions=False,
    stuck_role=None,
    search_wildcards=False,
    limits_by_default=True,
)

OLD = Profile(
    name="2024-10",
    validation_status=401,
    unparsable_status=500,
    unsupported_media_status=500,
    too_large_status=500,
    validates_uuids=False,
    request_ids=False,
    many_auth_methods=False,
    rate_limit_status=500,
    rate_limit_per_route=True,
    unlimited_headers=1_000_000,
    renews_in_place=True,
    jwt_expires_at_max_ttl=True,
    refuses_empty_update=True,
    old_memberships=True,
    column_limit=255,
    org_roles={"admin": EVERYTHING, "member": OLD_MEMBER, "no-access": ()},
    boundary=OLD_BOUNDARY,
    packs_permissions=True,
    stuck_role="Custom organization permission not found",
    search_wildcards=True,
    limits_by_default=False,
)

PROFILES = {profile.name: profile for profile in (CURRENT, OLD)}
