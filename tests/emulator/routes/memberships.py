# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Project memberships of identities, on the paths of all three generations."""

from __future__ import annotations

from ..call import Call
from ..errors import ApiError, bad_request, not_found
from ..paging import found, page, page_fields
from ..permissions import membership_of, require, require_in_project
from ..project_rows import Membership
from ..routing import Routes
from ..schema import Field, array, one_of, required, shape, text
from ..world import Row, new_id
from .identities import find_identity, method_names
from .membership_roles import answered, resolved, role

routes = Routes()

# The oldest is still served, the newer two only by newer servers (server-notes#routes-of-memberships).
BASES = {
    "/api/v2/workspace/{projectId}/identity-memberships": None,
    "/api/v1/projects/{projectId}/identity-memberships": "current",
    "/api/v1/projects/{projectId}/memberships/identities": "current",
}
CREATE = shape({"role": Field(text(), default="no-access"), "roles": Field(array(role))})
UPDATE = shape({"roles": required(array(role, minimum=1))})


def create(call: Call) -> Row:
    body = call.read(CREATE)
    project_id = allowed(call, "create")
    identity_id = call.id("identityId", "Find one")
    if membership_of(call.world, project_id, identity_id):
        message = f"Identity with id {identity_id} already exists in project with id {project_id}"
        raise bad_request(message)
    identity = call.world.identities.get(identity_id)
    if identity is None or identity.org_id != call.world.projects[project_id].org_id:
        raise not_in_organization(call, identity_id)
    if identity.project_id:
        raise bad_request("Failed to create project membership for a project scoped identity")
    wanted = body["roles"] if "roles" in body else [{"role": body["role"], "isTemporary": False}]
    now = call.now()
    membership = Membership(new_id(), project_id, identity_id, now, now)
    # An empty list makes a membership that no read returns (server-notes#memberships-without-roles).
    empty_trap = not wanted and call.profile.old_memberships
    membership.roles = [] if empty_trap else resolved(call, project_id, membership.id, wanted)
    call.world.memberships[membership.id] = membership
    return {"identityMembership": bare(membership)}


def get(call: Call) -> Row:
    project_id = allowed(call, "read")
    identity_id = call.id("identityId", "FindByProjectId")
    membership = membership_of(call.world, project_id, identity_id)
    if membership is None or not membership.roles:
        old = f"Membership not found for identity {identity_id}"
        raise not_found(old if call.profile.old_memberships else "Identity membership not found")
    return {"identityMembership": full(call, membership)}


def update(call: Call) -> Row:
    body = call.read(UPDATE)
    project_id = allowed(call, "edit")
    identity_id = call.id("identityId", "Find one")
    old = f"Identity with id {identity_id} doesn't exists in project with id {project_id}"
    membership = existing(call, project_id, identity_id, old)
    # Replaced as a whole, with new ids (server-notes#membership-roles).
    membership.roles = resolved(call, project_id, membership.id, body["roles"])
    return {"roles": membership.roles}


def delete(call: Call) -> Row:
    project_id = allowed(call, "delete")
    identity_id = call.id("identityId", "Find one")
    membership = existing(call, project_id, identity_id, f"Failed to find identity with id {identity_id}")
    caller = call.caller.identity
    if caller and caller.id == identity_id and not call.profile.old_memberships:
        raise bad_request("You can't delete your own membership")
    call.world.delete_membership(membership.id)
    return {"identityMembership": bare(membership)}


def list_all(call: Call) -> Row:
    old_path = "/workspace/" in call.route.path
    query = call.query(
        shape(
            {
                **page_fields(call.profile, maximum=20_000 if old_path else 1000, default=100 if old_path else 20),
                "orderBy": Field(one_of("name"), default="name"),
                "orderDirection": Field(one_of("asc", "desc"), default="asc"),
                "search": Field(text(trim=True), default=""),
                "identityName": Field(text(trim=True), default=""),
                "roles": Field(text(), default=""),
            }
        )
    )
    project_id = allowed(call, "read")
    needle = query["search"] or query["identityName"]
    slugs = {part.strip() for part in query["roles"].split(",") if part.strip()}
    rows = [
        full(call, row)
        for row in call.world.memberships.values()
        if row.project_id == project_id and (not slugs or slugs & slugs_of(call, row))
    ]
    rows = [row for row in rows if found(call.profile, needle, row["identity"]["name"])]
    rows.sort(key=lambda row: row["identity"]["name"].lower(), reverse=query["orderDirection"] == "desc")
    # A membership without roles is counted, yet not listed (server-notes#memberships-without-roles).
    listed_rows = [row for row in rows if row["roles"]]
    return {"identityMemberships": page(listed_rows, query), "totalCount": len(rows)}


@routes.add("GET", "/api/v2/workspace/identity-memberships/{membershipId}", only="current")
def get_by_id(call: Call) -> Row:
    membership = call.world.memberships.get(call.id("membershipId", "Find one"))
    if membership is None:
        raise not_found("Identity membership not found")
    require_in_project(call, membership.project_id, "read", "identity")
    return {"identityMembership": full(call, membership)}


@routes.add("GET", "/api/v1/identities/{identityId}/identity-memberships")
def of_identity(call: Call) -> Row:
    identity = find_identity(call, "FindOne")
    require(call, identity.org_id, "read", "identity")
    rows = [row for row in call.world.memberships.values() if row.identity_id == identity.id and row.roles]
    return {"identityMemberships": [full(call, row) for row in rows]}


for base, only in BASES.items():
    routes.add("GET", base, only=only)(list_all)
    for verb, handler in (("POST", create), ("GET", get), ("PATCH", update), ("DELETE", delete)):
        routes.add(verb, f"{base}/{{identityId}}", only=only)(handler)


def allowed(call: Call, action: str) -> str:
    project_id = call.params["projectId"]
    require_in_project(call, project_id, action, "identity")
    return project_id


def not_in_organization(call: Call, identity_id: str) -> ApiError:
    if call.profile.old_memberships:
        return not_found(f"Failed to find identity with id {identity_id}")
    return bad_request(f"Identity {identity_id} is missing organization membership")


def existing(call: Call, project_id: str, identity_id: str, old: str) -> Membership:
    """Find the membership to write to; missing is a 404 then and a 400 now (server-notes#missing-memberships)."""
    membership = membership_of(call.world, project_id, identity_id)
    if membership is None:
        raise not_found(old) if call.profile.old_memberships else bad_request("Identity doesn't have membership")
    return membership


def slugs_of(call: Call, membership: Membership) -> set[str]:
    rows = [answered(call, row) for row in membership.roles]
    return {row["customRoleSlug"] or row["role"] for row in rows}


def bare(membership: Membership) -> Row:
    return {
        "id": membership.id,
        "projectId": membership.project_id,
        "identityId": membership.identity_id,
        "createdAt": membership.created_at,
        "updatedAt": membership.updated_at,
    }


def full(call: Call, membership: Membership) -> Row:
    identity = call.world.identities[membership.identity_id]
    project = call.world.projects[membership.project_id]
    row: Row = {
        "id": membership.id,
        "identityId": membership.identity_id,
        "createdAt": membership.created_at,
        "updatedAt": membership.updated_at,
        "roles": [answered(call, entry) for entry in membership.roles],
        "identity": {"name": identity.name, "id": identity.id, **method_names(call, identity)},
        "project": {"name": project.name, "id": project.id},
    }
    if not call.profile.old_memberships:
        row["lastLoginAuthMethod"] = identity.last_login_method
        row["lastLoginTime"] = identity.last_login_time
        row["identity"] |= {
            "orgId": identity.org_id,
            "projectId": identity.project_id,
            "metadata": identity.metadata,
        }
        row["project"]["type"] = project.type
    return row
