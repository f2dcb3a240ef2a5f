# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Identities that a project owns; the organisation only sees them."""

from __future__ import annotations

from ..call import Call
from ..errors import bad_request, not_found
from ..permissions import membership_of, require_in_project
from ..project_rows import Membership
from ..routing import Routes
from ..schema import Field, array, boolean, coerced_number, required, shape, text
from ..world import Identity, Row, new_id
from .identities import active_lockouts, metadata, rename, with_ids, written
from .membership_roles import resolved, role

routes = Routes()

BASE = "/api/v1/projects/{projectId}/identities"
SUBJECT = "identity"
SHARED = {"hasDeleteProtection": Field(boolean), "metadata": Field(metadata)}
CREATE = shape(
    {
        "name": required(text(trim=True, minimum=1)),
        "roles": Field(array(role), default=[{"role": "no-access", "isTemporary": False}]),
        **SHARED,
    }
)
UPDATE = shape({"name": Field(text(trim=True, minimum=1)), **SHARED})
PAGE = shape(
    {
        "offset": Field(coerced_number(minimum=0), default=0),
        "limit": Field(coerced_number(minimum=1, maximum=1000), default=20),
        "search": Field(text(trim=True), default=""),
    }
)


@routes.add("POST", BASE, only="current")
def create(call: Call) -> Row:
    body = call.read(CREATE)
    project_id = allowed(call, "create")
    now = call.now()
    membership = Membership(new_id(), project_id, new_id(), now, now)
    membership.roles = resolved(call, project_id, membership.id, body["roles"])
    identity = Identity(
        id=membership.identity_id,
        org_id=call.world.projects[project_id].org_id,
        name=body["name"],
        role="no-access",
        role_id=None,
        created_at=now,
        updated_at=now,
        metadata=with_ids(body.get("metadata", [])),
        delete_protection=body.get("hasDeleteProtection", False),
        project_id=project_id,
    )
    call.world.identities[identity.id] = identity
    call.world.memberships[membership.id] = membership
    return {"identity": answered(call, identity)}


@routes.add("GET", BASE, only="current")
def list_all(call: Call) -> Row:
    query = call.query(PAGE)
    project_id = allowed(call, "read")
    found = [
        row
        for row in call.world.identities.values()
        if row.project_id == project_id and query["search"].lower() in row.name.lower()
    ]
    found.sort(key=lambda row: row.name.lower())
    page = found[query["offset"] : query["offset"] + query["limit"]]
    return {"identities": [answered(call, row) for row in page], "totalCount": len(found)}


@routes.add("GET", f"{BASE}/{{identityId}}", only="current")
def get(call: Call) -> Row:
    return {"identity": answered(call, find(call, "read"))}


@routes.add("PATCH", f"{BASE}/{{identityId}}", only="current")
def update(call: Call) -> Row:
    body = call.read(UPDATE)
    identity = find(call, "edit")
    rename(call, identity, body)
    if "metadata" in body:
        identity.metadata = with_ids(body["metadata"])
    return {"identity": answered(call, identity)}


@routes.add("DELETE", f"{BASE}/{{identityId}}", only="current")
def delete(call: Call) -> Row:
    identity = find(call, "delete")
    if identity.delete_protection:
        raise bad_request("Cannot delete identity while delete protection is enabled")
    answer = answered(call, identity)
    call.world.delete_identity(identity)
    return {"identity": answer}


def allowed(call: Call, action: str) -> str:
    project_id = call.params["projectId"]
    require_in_project(call, project_id, action, SUBJECT)
    return project_id


def find(call: Call, action: str) -> Identity:
    project_id = allowed(call, action)
    identity_id = call.id("identityId", "FindOne")
    identity = call.world.identities.get(identity_id)
    if identity is None or identity.project_id != project_id or not membership_of(call.world, project_id, identity_id):
        raise not_found(f"Identity with id {identity_id} not found")
    return identity


def answered(call: Call, identity: Identity) -> Row:
    row = written(call, identity, identity.metadata, methods=True)
    return {**row, "activeLockoutAuthMethods": active_lockouts(call, identity)}
