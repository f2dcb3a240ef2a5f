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
    # The same ValidationFailure was a 401 in 2024-10 (server-notes#validation-failures).
    validation_status: int
    # What Fastify refuses to parse fell into the catch-all handler (server-notes#unparsable-requests).
    unparsable_status: int
    unsupported_media_status: int
    too_large_status: int
    # server-notes#malformed-ids
    validates_uuids: bool
    # server-notes#error-envelope
    request_ids: bool
    # One auth method per identity, `authMethod` instead of `authMethods` (server-notes#one-method-per-identity).
    many_auth_methods: bool
    # Over the limit is a bare 500 with retry-after there (server-notes#over-the-limit).
    rate_limit_status: int
    # Per route then, per class (read, write) now (server-notes#limits).
    rate_limit_per_route: bool
    # Only the old release sends limit headers when no limit is set (server-notes#over-the-limit).
    unlimited_headers: int | None
    # Renewing hands out a new JWT now; the old one moved the expiry on the server (server-notes#renewal).
    renews_in_place: bool
    # The JWT carries MaxTTL as `exp`, the shorter TTL is the server's own bookkeeping (server-notes#renewal).
    jwt_expires_at_max_ttl: bool
    # An update without columns is a database error (server-notes#patch-without-effect).
    refuses_empty_update: bool
    # Statuses of a membership that is missing (server-notes#missing-memberships).
    old_memberships: bool
    # Plain text columns were varchar(255), those of metadata too (server-notes#column-lengths).
    column_limit: int | None
    # What the roles of the organisation allow; both let a member make, change and delete identities.
    org_roles: Mapping[str, Rules]
    # How things are refused that are above the caller's rights (server-notes#privilege-boundary).
    boundary: Boundary
    # The permissions of an organisation's role travel packed, as pairs of action and subject
    # (server-notes#packed-permissions).
    packs_permissions: bool
    # The `error` of the 404 that a role "custom" which is none makes of everything (server-notes#role-named-custom);
    # None where the word is not accepted as a role.
    stuck_role: str | None
    # `%` and `_` in `search` stand for any text and any character; newer servers escape them
    # (server-notes#lists-of-identities).
    search_wildcards: bool
    # Without `limit` a list has a default one; else `offset` is ignored and everything comes
    # (server-notes#lists-of-identities).
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
