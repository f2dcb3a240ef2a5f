# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Custom roles of the organisation and of projects."""

from __future__ import annotations

from ..call import Call
from ..errors import bad_request, not_found
from ..permissions import not_a_member, require, require_in_project
from ..routing import Routes
from ..schema import Field, Issues, Path, array, record, required, shape, slug, text
from ..world import Role, Row, new_id

routes = Routes()


def anything(value: object, path: Path, issues: Issues) -> object:
    return value


CREATE = shape(
    {
        "slug": required(slug()),
        "name": required(text(trim=True)),
        "description": Field(text(), default=""),
        "permissions": Field(array(record(anything)), default=[]),
    }
)


def made(call: Call, org_id: str, project_id: str | None) -> Role:
    body = call.read(CREATE)
    if call.world.find_role(body["slug"], org_id, project_id):
        raise bad_request("Failed to create role with duplicate slug")
    permissions = [
        (action, str(rule.get("subject", "*")))
        for rule in body["permissions"]
        for action in (rule["action"] if isinstance(rule.get("action"), list) else [rule.get("action", "*")])
    ]
    role = Role(new_id(), body["slug"], body["name"], org_id, permissions, project_id, body["description"])
    call.world.roles[role.id] = role
    return role


# recorded 00-stock-plan-restriction: these belonged to people.
@routes.add("POST", "/api/v1/organization/{organizationId}/roles", limit="write", users_only=True, only="2024-10")
@routes.add("POST", "/api/v1/organization/{organizationId}/roles", only="current")
def create_in_organization(call: Call) -> Row:
    org_id = call.params["organizationId"]
    require(call, org_id, "create", "role")
    return {"role": made(call, org_id, None).summary()}


@routes.add("GET", "/api/v1/organization/{organizationId}/roles", users_only=True, only="2024-10")
@routes.add("GET", "/api/v1/organization/{organizationId}/roles", only="current")
def list_in_organization(call: Call) -> Row:
    org_id = call.params["organizationId"]
    require(call, org_id, "read", "role")
    found = [role for role in call.world.roles.values() if role.org_id == org_id and role.project_id is None]
    return {"data": {"roles": [role.summary() for role in found]}}


@routes.add("GET", "/api/v1/organizations/{organizationId}/plan", users_only=True)
def plan(call: Call) -> Row:
    features = ("ipAllowlisting", "rbac", "secretRotation", "ldap", "gateway")
    return {"plan": {feature: call.world.has_feature(feature) for feature in features}}


@routes.add("POST", "/api/v2/workspace/{slug}/roles", only="2024-10")
@routes.add("POST", "/api/v1/projects/{projectId}/roles", only="current")
def create_in_project(call: Call) -> Row:
    for project in call.world.projects.values():
        if project.id == call.params.get("projectId") or project.slug == call.params.get("slug"):
            require_in_project(call, project.id, "create", "role")
            return {"role": made(call, project.org_id, project.id).summary()}
    raise not_a_member(call)


@routes.add("GET", "/api/v1/projects/{projectId}/roles", only="current")
def list_in_project(call: Call) -> Row:
    project_id = call.params["projectId"]
    require_in_project(call, project_id, "read", "role")
    found = [role for role in call.world.roles.values() if role.project_id == project_id]
    return {"roles": [role.summary() for role in found]}


@routes.add("GET", "/api/v1/projects/{projectId}/roles/slug/{slug}", only="current")
def get_in_project(call: Call) -> Row:
    project_id = call.params["projectId"]
    require_in_project(call, project_id, "read", "role")
    for role in call.world.roles.values():
        if (role.project_id, role.slug) == (project_id, call.params["slug"]):
            return {"role": role.summary()}
    raise not_found(f"Project role with slug '{call.params['slug']}' not found")
