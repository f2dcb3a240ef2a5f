# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may do what: role permissions, the organisation boundary, and the privilege boundary."""

from __future__ import annotations

from .call import Call, Caller
from .errors import ApiError, forbidden, not_found
from .world import DEFAULT_PERMISSIONS, Identity, World

Permissions = list[tuple[str, str]]


def org_permissions(world: World, role: str, role_id: str | None) -> Permissions:
    if role_id is not None and role_id in world.roles:
        return world.roles[role_id].permissions
    return DEFAULT_PERMISSIONS.get(role, [])


def of_caller(world: World, caller: Caller) -> Permissions:
    if caller.identity is None:
        return DEFAULT_PERMISSIONS["admin"]
    return org_permissions(world, caller.identity.role, caller.identity.role_id)


def allows(permissions: Permissions, action: str, subject: str) -> bool:
    return any(rule[0] in ("*", action) and rule[1] in ("*", subject) for rule in permissions)


def foreign_organization(call: Call) -> ApiError:
    """The refusal of another organisation's things (measured §1.4, quirks §4)."""
    if call.profile.many_auth_methods:
        return forbidden("Sub organization not authorized to access this identity")
    return forbidden("You are not allowed to access this resource", "Identity is not apart of this organization")


def denied(action: str, subject: str) -> ApiError:
    message = f"You are not allowed to {action} on {subject}"
    return ApiError(403, "PermissionDenied", message, details=[])


def require(call: Call, org_id: str, action: str, subject: str) -> None:
    """Let only members of the organisation with the permission pass."""
    if not call.caller.may_belong_to(org_id, call.world):
        raise foreign_organization(call)
    if not allows(of_caller(call.world, call.caller), action, subject):
        raise denied(action, subject)


def require_superiority(call: Call, target: Identity, message: str) -> None:
    """Refuse to touch what is more privileged than the caller (quirks §7)."""
    if not call.profile.many_auth_methods and target.role == "custom" and target.role_id is None:
        # measured §10.40: the role nobody can resolve blocks everybody.
        raise not_found("The requested entity is not found")
    mine = of_caller(call.world, call.caller)
    theirs = org_permissions(call.world, target.role, target.role_id)
    missing = [rule for rule in theirs if not allows(mine, *rule)]
    if missing:
        error = "PermissionBoundaryError" if call.profile.many_auth_methods else "ForbiddenError"
        details = {"missingPermissions": [{"action": action, "subject": subject} for action, subject in missing]}
        raise ApiError(403, error, message, details=details)
