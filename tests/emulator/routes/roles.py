# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Roles of the organisation and of projects: the built-in ones, and custom ones."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import bad_request, not_found
from ..permissions import PROJECT_PERMISSIONS, not_a_member, require, require_in_project
from ..project_rows import Project
from ..routing import Routes
from ..schema import Field, Issues, Path, Rule, array, record, required, shape, slug, text
from ..world import Role, Row, new_id

routes = Routes()

# Slug, id, name and description of what every organisation and every project has.
BUILT_IN = (
    (
        "admin",
        "b11b49a9-09a9-4443-916a-4246f9ff2c69",
        "Admin",
        "Complete administration access over the organization",
    ),
    ("member", "b11b49a9-09a9-4443-916a-4246f9ff2c70", "Member", "Non-administrative role in an organization"),
    (
        "no-access",
        "b10d49a9-09a9-4443-916a-4246f9ff2c72",
        "No Access",
        "No access to any resources in the organization",
    ),
)
BUILT_IN_PROJECT = (
    ("admin", "b11b49a9-09a9-4443-916a-4246f9ff2c69", "Admin", "Full administrative access over a project"),
    ("member", "b11b49a9-09a9-4443-916a-4246f9ff2c70", "Developer", "Limited read/write role in a project"),
    ("viewer", "b11b49a9-09a9-4443-916a-4246f9ff2c71", "Viewer", "Only read role in a project"),
    ("no-access", "b11b49a9-09a9-4443-916a-4246f9ff2c72", "No Access", "No access to any resources in the project"),
)
RESERVED = "Please choose a different slug, the slug you have entered is reserved"


def anything(value: object, path: Path, issues: Issues) -> object:
    return value


def body_of(permissions: Rule, *, reserved: tuple[str, ...] = ()) -> Rule:
    free = text(check=(lambda value: value not in reserved, RESERVED))

    def own_slug(value: Any, path: Path, issues: Issues) -> Any:
        before = len(issues)
        checked = slug()(value, path, issues)
        return free(checked, path, issues) if len(issues) == before else checked

    return shape(
        {
            "slug": required(own_slug),
            "name": required(text(trim=True)),
            "description": Field(text(trim=True), default=None),
            "permissions": required(array(permissions)),
        }
    )


RULES = body_of(record(anything))
# Permissions come as pairs, `["read", "identity"]`, and are not looked at (server-notes#packed-permissions).
PACKED = body_of(anything, reserved=("admin", "member", "custom", "no-access"))


def made(call: Call, body: Row, org_id: str, project_id: str | None, permissions: list[tuple[str, str]]) -> Role:
    role = Role(new_id(), body["slug"], body["name"], org_id, permissions, project_id, body["description"], call.now())
    role.rules = None if call.profile.packs_permissions else body["permissions"]
    call.world.roles[role.id] = role
    return role


def unfolded(rules: list[Row]) -> list[tuple[str, str]]:
    """One rule for each action."""
    return [
        (action, str(rule.get("subject", "*")))
        for rule in rules
        for action in (rule["action"] if isinstance(rule.get("action"), list) else [rule.get("action", "*")])
    ]


# These belonged to people, and the list still does (server-notes#lists-of-roles).
@routes.add("POST", "/api/v1/organization/{organizationId}/roles", users_only=True, only="2024-10")
def create_packed(call: Call) -> Row:
    body = call.read(PACKED)
    org_id = call.params["organizationId"]
    require(call, org_id, "create", "role")
    if call.world.find_role(body["slug"], org_id):
        raise bad_request("Duplicate role", "Create Role")
    role = made(call, body, org_id, None, [])
    role.packed = body["permissions"]
    return {"role": whole(role)}


@routes.add("POST", "/api/v1/organization/{organizationId}/roles", only="current")
def create_in_organization(call: Call) -> Row:
    body = call.read(RULES)
    org_id = call.params["organizationId"]
    require(call, org_id, "create", "role")
    if call.world.find_role(body["slug"], org_id):
        raise bad_request("Failed to create role with duplicate slug")
    return {"role": made(call, body, org_id, None, unfolded(body["permissions"])).summary()}


@routes.add("GET", "/api/v1/organization/{organizationId}/roles", users_only=True)
def list_in_organization(call: Call) -> Row:
    """The built-in roles first, which belong to no table and are of this very moment (server-notes#lists-of-roles)."""
    org_id = call.params["organizationId"]
    require(call, org_id, "read", "role")
    now = call.now()
    built_in = [
        {
            "id": role_id,
            "orgId": org_id,
            "name": name,
            "slug": role_slug,
            "description": description,
            "permissions": [list(rule) for rule in call.profile.org_roles[role_slug]],
            "createdAt": now,
            "updatedAt": now,
        }
        for role_slug, role_id, name, description in BUILT_IN
    ]
    own = [role for role in call.world.roles.values() if role.org_id == org_id and role.project_id is None]
    return {"data": {"roles": [*built_in, *(whole(role) for role in own)]}}


def whole(role: Role) -> Row:
    """The row of an organisation's role."""
    return {
        **role.summary(packed=True),
        "orgId": role.org_id,
        "createdAt": role.created_at,
        "updatedAt": role.created_at,
    }


@routes.add("GET", "/api/v1/organization/roles/slug/{roleSlug}", only="current")
def get_by_slug(call: Call) -> Row:
    """One role, which identities may read too (server-notes#lists-of-roles)."""
    return one_with(call, "slug", call.params["roleSlug"])


@routes.add("GET", "/api/v1/organization/roles/{roleId}", only="current")
def get_by_id(call: Call) -> Row:
    return one_with(call, "id", call.params["roleId"])


def in_organization(call: Call) -> list[Row]:
    org_id = call.caller.identity.org_id if call.caller.identity else call.world.organization.id
    require(call, org_id, "read", "role")
    built_in = [
        {
            "id": role_id,
            "orgId": org_id,
            "name": name,
            "slug": role_slug,
            "description": description,
            "permissions": [{"action": action, "subject": on} for action, on in call.profile.org_roles[role_slug]],
        }
        for role_slug, role_id, name, description in BUILT_IN
    ]
    own = [role for role in call.world.roles.values() if role.org_id == org_id and role.project_id is None]
    return [*built_in, *({**role.summary(), "orgId": org_id} for role in own)]


def one_with(call: Call, key: str, value: str) -> Row:
    for role in in_organization(call):
        if role[key] == value:
            return {"role": role}
    raise not_found(f"Organization role with {key} '{value}' not found")


@routes.add("GET", "/api/v1/organizations/{organizationId}/plan", users_only=True)
def plan(call: Call) -> Row:
    features = ("ipAllowlisting", "rbac", "secretRotation", "ldap", "gateway")
    return {"plan": {feature: call.world.has_feature(feature) for feature in features}}


@routes.add("POST", "/api/v1/workspace/{slug}/roles", only="2024-10")
@routes.add("POST", "/api/v1/projects/{projectId}/roles", only="current")
def create_in_project(call: Call) -> Row:
    body = call.read(RULES)
    project = project_of(call)
    require_in_project(call, project.id, "create", "role")
    if call.world.find_role(body["slug"], project.org_id, project.id):
        if call.profile.packs_permissions:
            raise bad_request("Project role with same slug already exists", "Create Role")
        raise bad_request("Failed to create role with duplicate slug")
    return {"role": made(call, body, project.org_id, project.id, unfolded(body["permissions"])).summary()}


@routes.add("GET", "/api/v1/workspace/{slug}/roles", only="2024-10")
@routes.add("GET", "/api/v1/projects/{projectId}/roles", only="current")
def list_in_project(call: Call) -> Row:
    """All roles, the built-in ones too, without their permissions (server-notes#lists-of-roles)."""
    project = project_of(call)
    require_in_project(call, project.id, "read", "role")
    own = [role.summary() for role in call.world.roles.values() if role.project_id == project.id]
    rows = [*(built_in_of_project(name) for name in PROJECT_PERMISSIONS), *own]
    return {"roles": [{key: value for key, value in row.items() if key != "permissions"} for row in rows]}


@routes.add("GET", "/api/v1/workspace/{slug}/roles/slug/{roleSlug}", only="2024-10")
@routes.add("GET", "/api/v1/projects/{projectId}/roles/slug/{roleSlug}", only="current")
def get_in_project(call: Call) -> Row:
    project = project_of(call)
    require_in_project(call, project.id, "read", "role")
    wanted = call.params["roleSlug"]
    if wanted in PROJECT_PERMISSIONS:
        return {"role": built_in_of_project(wanted)}
    role = call.world.find_role(wanted, project.org_id, project.id)
    if role is None:
        old = "Project role not found"
        raise not_found(old if call.profile.packs_permissions else f"Project role with slug '{wanted}' not found")
    return {"role": role.summary()}


def built_in_of_project(wanted: str) -> Row:
    found = next(entry for entry in BUILT_IN_PROJECT if entry[0] == wanted)
    role_slug, role_id, name, description = found
    rules = [{"action": action, "subject": subject} for action, subject in PROJECT_PERMISSIONS[role_slug]]
    return {"id": role_id, "name": name, "slug": role_slug, "permissions": rules, "description": description}


def project_of(call: Call) -> Project:
    for project in call.world.projects.values():
        if project.id == call.params.get("projectId") or project.slug == call.params.get("slug"):
            return project
    if "slug" in call.params:
        raise not_found("Project not found")
    raise not_a_member(call)
