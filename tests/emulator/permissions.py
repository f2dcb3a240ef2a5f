# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may do what: role permissions, the organisation boundary, and the privilege boundary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .call import Call, Caller
from .clock import moment
from .errors import ApiError, forbidden, internal, not_found
from .project_rows import Membership
from .rights import EVERYTHING
from .world import Identity, Role, World

Permissions = Sequence[tuple[str, str]]
PROJECT_PERMISSIONS: dict[str, Permissions] = {
    "admin": [("*", "*")],
    "member": [("read", "*"), ("*", "secrets"), ("*", "secret-folders"), ("*", "environments")],
    "viewer": [("read", "*")],
    "no-access": [],
}


def org_permissions(world: World, role: str, role_id: str | None) -> Permissions:
    """What a stored role allows; one that nobody can resolve fails whatever needs it."""
    if role_id is not None and role_id in world.roles:
        return rules_of(world.roles[role_id])
    if role == "custom" and role_id is None and world.profile.stuck_role:
        raise not_found("The requested entity is not found", world.profile.stuck_role)
    return world.profile.org_roles.get(role, ())


def rules_of(role: Role) -> Permissions:
    """The rules of a custom role, unpacked where they were sent as pairs; of several actions a comma is between."""
    if role.packed is None:
        return role.permissions
    found: list[tuple[str, str]] = []
    for rule in role.packed:
        if not isinstance(rule, list):
            # Anything is stored, and fails when the role is used.
            raise internal()
        actions, subjects = names(rule, 0), names(rule, 1)
        found += [(action, subject) for action in actions for subject in subjects]
    return found


def names(rule: list[Any], at: int) -> list[str]:
    return str(rule[at]).split(",") if len(rule) > at else []


def of_caller(world: World, caller: Caller) -> Permissions:
    if caller.identity is None:
        return EVERYTHING
    return org_permissions(world, caller.identity.role, caller.identity.role_id)


def allows(permissions: Permissions, action: str, subject: str) -> bool:
    return any(rule[0] in ("*", action) and rule[1] in ("*", subject) for rule in permissions)


def foreign_organization(call: Call) -> ApiError:
    """The refusal of another organisation's things (server-notes#another-organization)."""
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


def require_superiority(call: Call, target: Identity, act: str, **words: str) -> None:
    """Refuse to touch what is more privileged than the caller (server-notes#privilege-boundary)."""
    require_rights(call, org_permissions(call.world, target.role, target.role_id), act, **words)


def require_rights(call: Call, wanted: Permissions, act: str, **words: str) -> None:
    """Refuse to touch or to give what the caller has not itself."""
    mine = of_caller(call.world, call.caller)
    missing = [rule for rule in wanted if not allows(mine, *rule)]
    if missing:
        boundary = call.profile.boundary
        details = {"missingPermissions": [{"action": action, "subject": subject} for action, subject in missing]}
        raise ApiError(403, boundary.error, boundary.texts[act].format(**words), details=details)


def not_a_member(call: Call) -> ApiError:
    """The one answer for a project that is foreign, unknown or malformed (server-notes#unknown-projects)."""
    error = "ForbiddenError" if call.profile.many_auth_methods else "Identity is not a member of the specified project"
    return forbidden("You are not allowed to access this resource", error)


def membership_of(world: World, project_id: str, identity_id: str) -> Membership | None:
    for row in world.memberships.values():
        if (row.project_id, row.identity_id) == (project_id, identity_id):
            return row
    return None


def project_permissions(world: World, project_id: str, identity_id: str) -> Permissions | None:
    """Add up what an identity may do in a project: by its own roles and privileges, and by those of its groups
    (server-notes#groups). None if nothing makes it a member."""
    own = membership_of(world, project_id, identity_id)
    groups = {group.id for group in world.groups.values() if identity_id in group.members}
    shared = [row for row in world.group_memberships.values() if row.project_id == project_id]
    shared = [row for row in shared if row.group_id in groups]
    if own is None and not shared:
        return None
    permissions: list[tuple[str, str]] = []
    for role in [role for row in ([own] if own else []) + shared for role in row.roles]:
        start, end = role["temporaryAccessStartTime"], role["temporaryAccessEndTime"]
        if role["isTemporary"] and not lasts(world, start, end):
            continue
        custom = world.roles.get(role["customRoleId"] or "")
        permissions += custom.permissions if custom else PROJECT_PERMISSIONS.get(role["role"], [])
    for privilege in world.privileges.values():
        if (privilege.project_id, privilege.identity_id) != (project_id, identity_id):
            continue
        if not privilege.is_temporary or lasts(world, privilege.start or "", privilege.end or ""):
            permissions += unconditional(privilege.permissions)
    return permissions


def lasts(world: World, start: str, end: str) -> bool:
    return moment(start) <= world.clock.now() < moment(end)


def unconditional(rules: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The rules that give something everywhere. Nothing here knows of environments and paths."""
    giving = [rule for rule in rules if not rule.get("conditions") and not rule.get("inverted")]
    return [(action, rule["subject"]) for rule in giving for action in rule["action"]]


def require_in_project(call: Call, project_id: str, action: str, subject: str) -> None:
    """Let only members of the project with the permission pass; being an org admin does not help."""
    if project_id not in call.world.projects:
        raise not_a_member(call)
    if call.caller.identity is None:
        return
    permissions = project_permissions(call.world, project_id, call.caller.identity.id)
    if permissions is None:
        raise not_a_member(call)
    if not allows(permissions, action, subject):
        raise denied(action, subject)
