# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Machine identities and their organisation memberships."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import DatabaseError, bad_request, forbidden, not_found
from ..paging import found, page, page_fields
from ..permissions import foreign_organization, require, require_rights, require_superiority, rules_of
from ..routing import Routes
from ..schema import (
    Field,
    array,
    boolean,
    is_uuid,
    one_of,
    required,
    shape,
    text,
)
from ..world import Identity, Row, new_id

routes = Routes()

metadata = array(shape({"key": required(text(trim=True, minimum=1)), "value": required(text(trim=True, minimum=1))}))
CREATE = {
    "name": required(text(trim=True)),
    "organizationId": required(text(trim=True)),
    "role": Field(text(trim=True, minimum=1), default="no-access"),
    "metadata": Field(metadata),
}
UPDATE = {"name": Field(text(trim=True)), "role": Field(text(trim=True, minimum=1)), "metadata": Field(metadata)}
PROTECTION = {"hasDeleteProtection": Field(boolean)}
NAME_COLUMN = 255


def find_identity(call: Call, operation: str, message: str | None = None) -> Identity:
    """Find the identity of the path, of whatever organisation: the boundary is checked with the permission."""
    identity_id = call.id("identityId", operation)
    identity = call.world.identities.get(identity_id)
    if identity is None:
        raise not_found(message or f"Failed to find identity with id {call.params['identityId']}")
    return identity


def body_shape(call: Call, fields: dict[str, Field]) -> Any:
    """2024-10 does not know the delete protection and drops it like any unknown key
    (server-notes#unknown-keys-are-dropped)."""
    return shape({**fields, **(PROTECTION if call.profile.many_auth_methods else {})})


@routes.add("POST", "/api/v1/identities")
def create(call: Call) -> Row:
    body = call.read(body_shape(call, CREATE))
    require_organization(call, body["organizationId"], "create")
    role, role_id = resolve_role(call, body["organizationId"], body["role"], "create identity")
    fit_columns(call, body, "Create")
    now = call.now()
    identity = Identity(
        id=new_id(),
        org_id=body["organizationId"],
        name=body["name"],
        role=role,
        role_id=role_id,
        created_at=now,
        updated_at=now,
        metadata=with_ids(body.get("metadata", [])),
        delete_protection=body.get("hasDeleteProtection", False),
    )
    call.world.identities[identity.id] = identity
    return {"identity": written(call, identity, identity.metadata, methods=True)}


@routes.add("GET", "/api/v1/identities/{identityId}")
def get(call: Call) -> Row:
    identity = find_identity(call, "FindByOrgId")
    require(call, identity.org_id, "read", "identity")
    return {"identity": {**membership(call, identity), "metadata": identity.metadata}}


@routes.add("PATCH", "/api/v1/identities/{identityId}")
def update(call: Call) -> Row:
    body = call.read(body_shape(call, UPDATE))
    identity = find_identity(call, "FindOne")
    require(call, identity.org_id, "edit", "identity")
    refuse_project_managed(identity)
    require_superiority(call, identity, "update identity")
    role = (identity.role, identity.role_id)
    if "role" in body:
        role = resolve_role(call, identity.org_id, body["role"], "change role")
    # All or nothing.
    fit_columns(call, body, "Update by id")
    if "role" in body:
        identity.role, identity.role_id = role
        identity.membership_updated_at = call.now()
    rename(call, identity, body)
    if "metadata" in body:
        identity.metadata = with_ids(body["metadata"])
    # The answer has metadata only when it was sent (server-notes#answers-to-identity-writes).
    return {"identity": written(call, identity, identity.metadata if "metadata" in body else [])}


@routes.add("DELETE", "/api/v1/identities/{identityId}")
def delete(call: Call) -> Row:
    identity = find_identity(call, "FindOne")
    require(call, identity.org_id, "delete", "identity")
    refuse_project_managed(identity)
    require_superiority(call, identity, "delete identity")
    if identity.delete_protection:
        raise bad_request("Identity has delete protection")
    call.world.delete_identity(identity)
    return {"identity": written(call, identity, None)}


# This list counts against the write limit (server-notes#limits).
@routes.add("GET", "/api/v1/identities", limit="write", only="2024-10")
@routes.add("GET", "/api/v1/identities", only="current")
def list_all(call: Call) -> Row:
    query = call.query(shape({"orgId": required(text())}))
    require_organization(call, query["orgId"], "read")
    rows = members(call, query["orgId"])
    return {"identities": [listed(call, identity) for identity in rows], "totalCount": len(rows)}


@routes.add("GET", "/api/v2/organizations/{organizationId}/identity-memberships")
def list_memberships(call: Call) -> Row:
    query = call.query(
        shape(
            {
                **page_fields(call.profile, maximum=20_000, default=100),
                "orderBy": Field(one_of("name"), default="name"),
                "orderDirection": Field(one_of("asc", "desc"), default="asc"),
                "search": Field(text(trim=True), default=""),
            }
        )
    )
    org_id = call.params["organizationId"]
    require_organization(call, org_id, "read")
    rows = [identity for identity in members(call, org_id) if found(call.profile, query["search"], identity.name)]
    if query["orderDirection"] == "desc":
        rows.reverse()
    return {"identityMemberships": [listed(call, identity) for identity in page(rows, query)], "totalCount": len(rows)}


@routes.add("GET", "/api/v1/identities/details", only="current")
def details(call: Call) -> Row:
    if call.caller.identity is None:
        raise forbidden("Invalid auth token type")
    organization = call.world.organizations[call.caller.identity.org_id]
    return {"identityDetails": {"organization": vars(organization)}}


def rename(call: Call, identity: Identity, body: Row) -> None:
    """Set name and protection; both are tested for truth, so the latter is not lifted without a name
    (server-notes#lifting-delete-protection)."""
    if body.get("name") or body.get("hasDeleteProtection"):
        identity.name = body.get("name") or identity.name
        identity.delete_protection = body.get("hasDeleteProtection", identity.delete_protection)
        identity.updated_at = call.now()


def require_organization(call: Call, org_id: str, action: str) -> None:
    """Hold an organisation id of the request against the caller's."""
    if not is_uuid(org_id) and not call.profile.many_auth_methods:
        raise DatabaseError("GetOrgIdentityPermission")
    if org_id not in call.world.organizations:
        raise foreign_organization(call)
    require(call, org_id, action, "identity")


def resolve_role(call: Call, org_id: str, slug: str, act: str) -> tuple[str, str | None]:
    """Turn a role slug into what is stored; the word "custom" itself is a trap (server-notes#role-named-custom)."""
    if slug == "custom" and call.profile.stuck_role:
        return slug, None
    if slug in call.profile.org_roles:
        require_rights(call, call.profile.org_roles[slug], act)
        return slug, None
    role = call.world.find_role(slug, org_id)
    if role is None:
        raise not_found("Specified role was not found")
    require_rights(call, rules_of(role), act)
    if not call.world.has_feature("rbac"):
        raise bad_request(
            "Failed to assign custom role to identity due to plan RBAC restriction. "
            "Upgrade to Infisical Enterprise to assign custom roles."
        )
    return "custom", role.id


def refuse_project_managed(identity: Identity) -> None:
    if identity.project_id:
        raise bad_request("Identity is managed by project")


def fit_columns(call: Call, body: Row, operation: str) -> None:
    """Fail as the database does on texts its columns cannot hold; metadata is inserted, whatever the act."""
    if len(body.get("name", "")) > NAME_COLUMN:
        raise DatabaseError(operation)
    limit = call.profile.column_limit
    if limit and any(len(entry[part]) > limit for entry in body.get("metadata", []) for part in ("key", "value")):
        raise DatabaseError("Create")


def with_ids(entries: list[Row]) -> list[Row]:
    """Metadata is replaced as a whole, so its ids change on every write (server-notes#identity-metadata)."""
    return [{"id": new_id(), **entry} for entry in entries]


def members(call: Call, org_id: str) -> list[Identity]:
    found = [identity for identity in call.world.identities.values() if identity.org_id == org_id]
    return sorted(found, key=lambda identity: (identity.name.lower(), identity.name))


def method_names(call: Call, identity: Identity) -> Row:
    names = list(identity.methods)
    return {"authMethods": names} if call.profile.many_auth_methods else {"authMethod": names[0] if names else None}


def written(call: Call, identity: Identity, metadata_sent: list[Row] | None, *, methods: bool = False) -> Row:
    """The identity as POST, PATCH and DELETE answer it (server-notes#answers-to-identity-writes)."""
    row: Row = {"id": identity.id, "name": identity.name}
    stamps = {"createdAt": identity.created_at, "updatedAt": identity.updated_at}
    if not call.profile.many_auth_methods:
        return {**row, **method_names(call, identity), **stamps}
    row |= {
        "orgId": identity.org_id,
        "projectId": identity.project_id,
        "authMethod": next(iter(identity.methods), None),
        "hasDeleteProtection": identity.delete_protection,
        **stamps,
    }
    if methods:
        row["authMethods"] = list(identity.methods)
    return row if metadata_sent is None else {**row, "metadata": metadata_sent}


def membership(call: Call, identity: Identity) -> Row:
    """The organisation membership, with the identity nested in it."""
    row: Row = {
        "id": identity.membership_id,
        "role": identity.role,
        "roleId": identity.role_id,
        "orgId": identity.org_id,
        "createdAt": identity.created_at,
        "updatedAt": identity.membership_updated_at,
        "identityId": identity.id,
        "identity": nested(call, identity),
    }
    if identity.role_id is not None:
        row["customRole"] = call.world.roles[identity.role_id].summary(packed=call.profile.packs_permissions)
    if call.profile.many_auth_methods:
        row["lastLoginAuthMethod"] = identity.last_login_method
        row["lastLoginTime"] = identity.last_login_time
    return row


def nested(call: Call, identity: Identity) -> Row:
    row: Row = {"name": identity.name, "id": identity.id, **method_names(call, identity)}
    if call.profile.many_auth_methods:
        row["hasDeleteProtection"] = identity.delete_protection
        row["orgId"] = identity.org_id
        row["activeLockoutAuthMethods"] = active_lockouts(call, identity)
    return row


def active_lockouts(call: Call, identity: Identity) -> list[str]:
    now = call.world.clock.now()
    return sorted(
        {method for (owner, method, _who), lock in call.world.lockouts.items()
         if owner == identity.id and lock.locked_until > now}
    )  # fmt: skip


def listed(call: Call, identity: Identity) -> Row:
    """An element of a list; only today's lists carry metadata (server-notes#lists-of-identities)."""
    row = membership(call, identity)
    return {**row, "metadata": identity.metadata} if call.profile.many_auth_methods else row
