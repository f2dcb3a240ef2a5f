# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Groups, their machine identities and their projects (server-notes#groups)."""

from __future__ import annotations

import re
from typing import Any

from ..access_rows import Group, GroupMembership
from ..call import Call
from ..errors import bad_request, not_found
from ..paging import found, page
from ..permissions import org_permissions, require, require_in_project, require_rights
from ..routing import Routes
from ..schema import Field, array, coerced_number, required, shape, slug, text
from ..world import Row, new_id
from .identities import resolve_role
from .membership_roles import answered as answered_role
from .membership_roles import resolved, role

routes = Routes()

PROFILE = "current"
BASE = "/api/v1/groups"
IN_PROJECT = "/api/v1/projects/{projectId}/memberships/groups"
SUBJECT = "groups"
PLAN_TEXT = "Failed to {act} due to plan restriction. Upgrade plan to {act}."
SEARCHED = text(
    check=(lambda value: re.fullmatch(r"[A-Za-z0-9-]*", value) is not None, "Invalid pattern: only alphanumeric, -")
)
PAGE = shape(
    {
        "offset": Field(coerced_number(minimum=0), default=0),
        "limit": Field(coerced_number(minimum=1, maximum=100), default=10),
        "search": Field(SEARCHED, default=""),
    }
)
NAME = text(trim=True, minimum=1, maximum=50)
CREATE = shape({"name": required(NAME), "slug": Field(slug(5, 36)), "role": Field(text(), default="no-access")})
UPDATE = shape({"name": Field(NAME), "slug": Field(slug(5, 36)), "role": Field(text())})
ADD = shape({"roles": Field(array(role, minimum=1), default=[{"role": "no-access", "isTemporary": False}])})


@routes.add("POST", BASE, only=PROFILE)
def create(call: Call) -> Row:
    body = call.read(CREATE)
    org_id = own_organization(call, "create")
    require_plan(call, "create group")
    wanted = body.get("slug") or re.sub(r"[^a-z0-9]+", "-", body["name"].lower()).strip("-") + "-" + new_id()[:4]
    if any((group.org_id, group.slug) == (org_id, wanted) for group in call.world.groups.values()):
        raise bad_request("Group with same slug already exists")
    stored_role, role_id = resolve_role(call, org_id, body["role"], "create identity")
    now = call.now()
    group = Group(new_id(), body["name"], wanted, org_id, stored_role, role_id, now, now)
    call.world.groups[group.id] = group
    return answered(group)


@routes.add("GET", BASE, only=PROFILE)
def listed(call: Call) -> list[Row]:
    """An array without an envelope and without pages."""
    org_id = own_organization(call, "read")
    return [answered(group) for group in call.world.groups.values() if group.org_id == org_id]


@routes.add("GET", f"{BASE}/{{groupId}}", only=PROFILE)
def get(call: Call) -> Row:
    group = find(call, "read")
    custom = call.world.roles.get(group.role_id or "")
    return {**answered(group), "customRoleSlug": custom.slug if custom else None}


@routes.add("PATCH", f"{BASE}/{{groupId}}", only=PROFILE)
def update(call: Call) -> Row:
    body = call.read(UPDATE)
    group = find(call, "edit")
    require_plan(call, "update group")
    group.name, group.slug = body.get("name", group.name), body.get("slug", group.slug)
    if "role" in body:
        group.role, group.role_id = resolve_role(call, group.org_id, body["role"], "change role")
    group.updated_at = call.now()
    return answered(group)


@routes.add("DELETE", f"{BASE}/{{groupId}}", only=PROFILE)
def delete(call: Call) -> Row:
    group = find(call, "delete")
    require_plan(call, "delete group")
    del call.world.groups[group.id]
    for key in [key for key, row in call.world.group_memberships.items() if row.group_id == group.id]:
        del call.world.group_memberships[key]
    return answered(group)


@routes.add("GET", f"{BASE}/{{groupId}}/machine-identities", only=PROFILE)
def machine_identities(call: Call) -> Row:
    """Members and others: `isPartOfGroup` says which (server-notes#members-of-groups)."""
    query = call.query(PAGE)
    group = find(call, "read")
    rows = [
        {
            "id": identity.id,
            "name": identity.name,
            "isPartOfGroup": identity.id in group.members,
            "joinedGroupAt": group.members.get(identity.id),
        }
        for identity in call.world.identities.values()
        if identity.org_id == group.org_id and found(call.profile, query["search"], identity.name)
    ]
    return paged("machineIdentities", rows, query)


@routes.add("GET", f"{BASE}/{{groupId}}/members", only=PROFILE)
def members(call: Call) -> Row:
    query = call.query(PAGE)
    group = find(call, "read")
    rows = [
        {"id": key, "type": "machineIdentity", "name": call.world.identities[key].name, "joinedGroupAt": joined}
        for key, joined in group.members.items()
        if found(call.profile, query["search"], call.world.identities[key].name)
    ]
    return paged("members", rows, query)


@routes.add("GET", f"{BASE}/{{groupId}}/projects", only=PROFILE)
def projects(call: Call) -> Row:
    """Those that it is in and others, which have no time of joining (server-notes#projects-of-groups)."""
    query = call.query(PAGE)
    group = find(call, "read")
    joined = {
        row.project_id: row.created_at for row in call.world.group_memberships.values() if row.group_id == group.id
    }
    rows: list[Row] = [
        {"id": project.id, "name": project.name, "slug": project.slug, "joinedGroupAt": joined.get(project.id)}
        for project in call.world.projects.values()
        if project.org_id == group.org_id and found(call.profile, query["search"], project.name)
    ]
    return paged("projects", rows, query)


@routes.add("POST", f"{BASE}/{{groupId}}/machine-identities/{{identityId}}", only=PROFILE)
def add(call: Call) -> Row:
    group = find(call, "edit")
    require_plan(call, "add machine identity to group")
    require_rights(call, org_permissions(call.world, group.role, group.role_id), "update identity")
    identity_id = call.id("identityId", "Find one")
    identity = call.world.identities.get(identity_id)
    if identity is None or identity.org_id != group.org_id:
        raise not_found(f"Machine identity with id {identity_id} not found in the organization")
    if identity_id in group.members:
        raise bad_request(f"Machine identity {identity_id} is already part of the group {group.slug}")
    group.members[identity_id] = call.now()
    return {"id": identity_id}


@routes.add("DELETE", f"{BASE}/{{groupId}}/machine-identities/{{identityId}}", only=PROFILE)
def remove(call: Call) -> Row:
    group = find(call, "edit")
    require_plan(call, "delete machine identity from group")
    identity_id = call.id("identityId", "Find one")
    if group.members.pop(identity_id, None) is None:
        raise bad_request(f"Machine identity {identity_id} is not part of the group {group.slug}")
    return {"id": identity_id}


@routes.add("POST", f"{IN_PROJECT}/{{groupId}}", only=PROFILE)
def add_to_project(call: Call) -> Row:
    body = call.read(ADD)
    project_id, group = in_project(call, "create")
    if membership_of(call, project_id, group.id):
        raise bad_request(f"Group {group.slug} already exists in project")
    now = call.now()
    row = GroupMembership(new_id(), project_id, group.id, now, now)
    row.roles = resolved(call, project_id, row.id, body["roles"])
    call.world.group_memberships[row.id] = row
    return {"groupMembership": {"id": row.id, "groupId": group.id, "createdAt": now, "updatedAt": now}}


@routes.add("GET", f"{IN_PROJECT}/{{groupId}}", only=PROFILE)
def in_one_project(call: Call) -> Row:
    project_id, group = in_project(call, "read")
    row = membership_of(call, project_id, group.id)
    if row is None:
        raise not_found("Project group membership not found")
    return {"groupMembership": complete(call, row)}


@routes.add("GET", IN_PROJECT, only=PROFILE)
def of_project(call: Call) -> Row:
    project_id = call.params["projectId"]
    require_in_project(call, project_id, "read", SUBJECT)
    rows = [row for row in call.world.group_memberships.values() if row.project_id == project_id]
    return {"groupMemberships": [complete(call, row) for row in rows]}


@routes.add("DELETE", f"{IN_PROJECT}/{{groupId}}", only=PROFILE)
def remove_from_project(call: Call) -> Row:
    project_id, group = in_project(call, "delete")
    row = membership_of(call, project_id, group.id)
    if row is None:
        raise not_found("Project group membership not found")
    del call.world.group_memberships[row.id]
    return {"groupMembership": {"id": row.id, "groupId": group.id}}


def own_organization(call: Call, action: str) -> str:
    org_id = call.caller.identity.org_id if call.caller.identity else call.world.organization.id
    require(call, org_id, action, SUBJECT)
    return org_id


def require_plan(call: Call, act: str) -> None:
    if not call.world.has_feature("groups"):
        raise bad_request(PLAN_TEXT.format(act=act))


def find(call: Call, action: str) -> Group:
    org_id = own_organization(call, action)
    group = call.world.groups.get(call.id("groupId", "Find one"))
    if group is None or group.org_id != org_id:
        raise not_found(f"Failed to find group with ID {call.params['groupId']}")
    return group


def in_project(call: Call, action: str) -> tuple[str, Group]:
    project_id = call.params["projectId"]
    require_in_project(call, project_id, action, SUBJECT)
    group = call.world.groups.get(call.id("groupId", "Find one"))
    if group is None:
        raise not_found(f"Failed to find group with ID {call.params['groupId']}")
    return project_id, group


def membership_of(call: Call, project_id: str, group_id: str) -> GroupMembership | None:
    for row in call.world.group_memberships.values():
        if (row.project_id, row.group_id) == (project_id, group_id):
            return row
    return None


def paged(key: str, rows: list[Row], query: Row) -> Row:
    return {key: page(sorted(rows, key=lambda row: (row["name"].lower(), row["id"])), query), "totalCount": len(rows)}


def answered(group: Group) -> Row:
    return {
        "id": group.id,
        "orgId": group.org_id,
        "name": group.name,
        "slug": group.slug,
        "role": group.role,
        "roleId": group.role_id,
        "createdAt": group.created_at,
        "updatedAt": group.updated_at,
    }


def complete(call: Call, row: GroupMembership) -> dict[str, Any]:
    group = call.world.groups[row.group_id]
    return {
        "id": row.id,
        "groupId": row.group_id,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
        "roles": [answered_role(call, entry) for entry in row.roles],
        "group": {"name": group.name, "id": group.id, "slug": group.slug},
    }
