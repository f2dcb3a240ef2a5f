# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS app connections, tested against AWS whenever their credentials are written."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from ..call import Call
from ..errors import ApiError, DatabaseError, bad_request, not_found
from ..permissions import of_caller, require, require_in_project
from ..principals import Provider, provider_of
from ..rotation_rows import Connection
from ..routing import Routes
from ..schema import Field, Issues, Path, Rule, nullable, one_of, refuse_type, required, shape, slug, text
from ..world import Row, new_id

routes = Routes()

ALL = "/api/v1/app-connections"
BASE = f"{ALL}/aws"
SUBJECT = "app-connections"
CREDENTIALS = {
    "assume-role": shape({"roleArn": required(text(trim=True, minimum=1)), "stsEndpoint": Field(text(trim=True))}),
    "access-key": shape(
        {
            "accessKeyId": required(text(trim=True, minimum=1)),
            "secretAccessKey": required(text(trim=True, minimum=1)),
        }
    ),
}
NAMED = {"name": required(slug()), "description": Field(nullable(text(trim=True, maximum=256)))}
SCOPE = shape({"projectId": Field(text())})


def create_body(value: Any, path: Path, issues: Issues) -> Any:
    """The credentials have the shape of the method."""
    if not isinstance(value, dict):
        return refuse_type(issues, path, "object", value)
    method = value.get("method")
    rule = CREDENTIALS.get(method) if isinstance(method, str) else None
    fields = {**NAMED, "projectId": Field(text()), "method": required(one_of(*CREDENTIALS))}
    if rule:
        fields["credentials"] = required(rule)
    return shape(fields)(value, path, issues)


def anything(value: Any, path: Path, issues: Issues) -> Any:
    return value


UPDATE: Rule = shape(
    {
        "name": Field(slug()),
        "description": NAMED["description"],
        # Checked against the stored method, which PATCH cannot change (server-notes#method-of-a-connection).
        "credentials": Field(anything),
    }
)


@routes.add("POST", BASE, only="current", slow=True)
def create(call: Call) -> Row:
    body = call.read(create_body)
    project_id = body.get("projectId")
    allow(call, project_id, "create")
    refuse_taken_name(call, body["name"], project_id)
    Provider(call.world, body["method"], body["credentials"]).identify()
    now = call.now()
    connection = Connection(
        id=new_id(),
        org_id=own_organization(call),
        name=body["name"],
        method=body["method"],
        credentials=body["credentials"],
        credentials_hash=fresh_hash(),
        created_at=now,
        updated_at=now,
        description=body.get("description"),
        project_id=project_id,
    )
    with call.world.lock:
        refuse_rival(call, connection.name, connection)
        call.world.connections[connection.id] = connection
    return {"appConnection": answered(call, connection)}


@routes.add("GET", ALL, only="current")
@routes.add("GET", BASE, only="current")
def list_all(call: Call) -> Row:
    return {"appConnections": [answered(call, connection) for connection in visible(call)]}


@routes.add("GET", f"{BASE}/available", only="current")
def available(call: Call) -> Row:
    found = [
        {"app": "aws", "name": row.name, "id": row.id, "projectId": row.project_id, "orgId": row.org_id}
        for row in visible(call)
    ]
    return {"appConnections": found}


@routes.add("GET", f"{ALL}/options", only="current")
def options(call: Call) -> Row:
    return {"appConnectionOptions": [{"name": "AWS", "app": "aws", "methods": list(CREDENTIALS)}]}


@routes.add("GET", f"{BASE}/{{connectionId}}", only="current")
def get(call: Call) -> Row:
    connection = find(call)
    allow(call, connection.project_id, "read")
    return {"appConnection": answered(call, connection)}


@routes.add("GET", f"{BASE}/connection-name/{{connectionName}}", only="current")
def get_by_name(call: Call) -> Row:
    name = call.params["connectionName"]
    for connection in visible(call):
        if connection.name == name:
            return {"appConnection": answered(call, connection)}
    raise not_found(f"Could not find App Connection with name {name}")


@routes.add("GET", f"{BASE}/{{connectionId}}/users", only="current", slow=True)
def users(call: Call) -> Row:
    connection = find(call)
    allow(call, connection.project_id, "connect")
    return {"iamUsers": provider_of(call.world, connection).users()}


@routes.add("PATCH", f"{BASE}/{{connectionId}}", only="current", slow=True)
def update(call: Call) -> Row:
    body = call.read(UPDATE)
    connection = find(call)
    allow(call, connection.project_id, "edit")
    if body.get("name", connection.name) != connection.name:
        refuse_taken_name(call, body["name"], connection.project_id)
    if "credentials" in body:
        credentials = fitting(connection, body["credentials"])
        Provider(call.world, connection.method, credentials).identify()
        connection.credentials = credentials
        connection.credentials_hash = fresh_hash()
    with call.world.lock:
        refuse_rival(call, body.get("name", connection.name), connection)
        connection.name = body.get("name", connection.name)
    connection.description = body.get("description", connection.description)
    connection.updated_at = call.now()
    return {"appConnection": answered(call, connection)}


@routes.add("DELETE", f"{BASE}/{{connectionId}}", only="current")
def delete(call: Call) -> Row:
    connection = find(call)
    allow(call, connection.project_id, "delete")
    if any(rotation.connection_id == connection.id for rotation in call.world.rotations.values()):
        raise bad_request(
            "Cannot delete App Connection with existing connections. Remove all existing connections and try again."
        )
    del call.world.connections[connection.id]
    return {"appConnection": answered(call, connection)}


def fitting(connection: Connection, sent: Any) -> dict[str, str]:
    issues: Issues = []
    credentials: dict[str, str] = CREDENTIALS[connection.method](sent, (), issues)
    if issues:
        raise bad_request(f"Invalid credential format for AWS Connection with method {connection.method}")
    return credentials


def own_organization(call: Call) -> str:
    return call.caller.identity.org_id if call.caller.identity else call.world.organization.id


def allow(call: Call, project_id: str | None, action: str) -> None:
    if project_id:
        require_in_project(call, project_id, action, SUBJECT)
    else:
        require(call, own_organization(call), action, SUBJECT)


def visible(call: Call) -> list[Connection]:
    """Those of the organisation, or those of the project in the query."""
    project_id = call.query(SCOPE).get("projectId")
    allow(call, project_id, "read")
    org_id = own_organization(call)
    found = [row for row in call.world.connections.values() if (row.org_id, row.project_id) == (org_id, project_id)]
    return sorted(found, key=lambda row: row.name)


def find(call: Call) -> Connection:
    connection = call.world.connections.get(call.id("connectionId", "FindById"))
    if connection is None or (of_caller(call.world, call.caller) and connection.org_id != own_organization(call)):
        raise unknown(call.params["connectionId"])
    return connection


def unknown(connection_id: str) -> ApiError:
    return not_found(f"Could not find App Connection with ID {connection_id}")


def refuse_taken_name(call: Call, name: str, project_id: str | None) -> None:
    taken = (own_organization(call), project_id, name)
    if any((row.org_id, row.project_id, row.name) == taken for row in call.world.connections.values()):
        raise bad_request(f'An App Connection with the name "{name}" already exists')


def refuse_rival(call: Call, name: str, connection: Connection) -> None:
    """Of two requests at once, both of which saw the name free, the slower one meets the unique index
    (server-notes#mistakes-answered-with-500)."""
    place = (connection.org_id, connection.project_id, name)
    others = [row for row in call.world.connections.values() if row.id != connection.id]
    if any((row.org_id, row.project_id, row.name) == place for row in others):
        raise DatabaseError("Create")


def fresh_hash() -> str:
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def answered(call: Call, connection: Connection) -> Row:
    """Never the secret key, and of a role nothing at all (server-notes#connection-secrets)."""
    keys = {"accessKeyId"} & connection.credentials.keys()
    project = call.world.projects.get(connection.project_id or "")
    return {
        "id": connection.id,
        "name": connection.name,
        "description": connection.description,
        "app": "aws",
        "method": connection.method,
        "orgId": connection.org_id,
        "projectId": connection.project_id,
        "project": project and {name: getattr(project, name) for name in ("id", "name", "type", "slug")},
        "version": 1,
        "isPlatformManagedCredentials": False,
        "gatewayId": None,
        "credentialsHash": connection.credentials_hash,
        "credentials": {name: connection.credentials[name] for name in keys},
        "createdAt": connection.created_at,
        "updatedAt": connection.updated_at,
    }
