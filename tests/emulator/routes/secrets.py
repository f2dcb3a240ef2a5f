# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plain secrets of a folder, as far as rotations and their preflight need them."""

from __future__ import annotations

from .. import tree
from ..call import Call
from ..errors import bad_request, not_found
from ..permissions import not_a_member, require_in_project
from ..project_rows import Folder, Secret
from ..rotating import run_due
from ..routing import Routes
from ..schema import Field, query_boolean, required, shape, text
from ..world import Row, new_id

routes = Routes()

V3 = "/api/v3/secrets/raw"
V4 = "/api/v4/secrets"
VALUE = {"secretValue": required(text()), "secretComment": Field(text(), default="")}


def place(call: Call) -> dict[str, Field]:
    key = "projectId" if call.route.path.startswith(V4) else "workspaceId"
    return {
        key: required(text(trim=True)),
        "environment": required(text(trim=True)),
        "secretPath": Field(text(trim=True), default="/"),
    }


def folder_of(call: Call, body: Row, action: str) -> Folder:
    project = call.world.projects.get(body.get("projectId") or body.get("workspaceId") or "")
    if project is None:
        raise not_a_member(call)
    require_in_project(call, project.id, action, "secrets")
    run_due(call.world)
    environment = project.environment(body["environment"])
    folder = tree.find(call.world, environment, body["secretPath"]) if environment else None
    if folder is None:
        raise not_found(
            f"Folder with path '{body['secretPath']}' in environment with slug '{body['environment']}' not found"
        )
    return folder


def secret_in(call: Call, folder: Folder) -> Secret:
    secret = folder.secrets.get(call.params["secretName"])
    if secret is None:
        raise not_found("Secret not found")
    return secret


@routes.add("GET", V3)
@routes.add("GET", V4, only="current")
def list_all(call: Call) -> Row:
    flags = {"recursive": Field(query_boolean, default=False), "include_imports": Field(query_boolean, default=False)}
    query = call.query(shape({**place(call), **flags}))
    folder = folder_of(call, query, "read")
    found = [{**answered(call, query, secret), "secretPath": query["secretPath"]} for secret in folder.secrets.values()]
    return {"secrets": found, **({"imports": []} if call.profile.many_auth_methods else {})}


@routes.add("GET", f"{V3}/{{secretName}}")
@routes.add("GET", f"{V4}/{{secretName}}", only="current")
def get(call: Call) -> Row:
    query = call.query(shape(place(call)))
    return {"secret": answered(call, query, secret_in(call, folder_of(call, query, "read")))}


@routes.add("POST", f"{V3}/{{secretName}}")
@routes.add("POST", f"{V4}/{{secretName}}", only="current")
def create(call: Call) -> Row:
    body = call.read(shape({**place(call), **VALUE}))
    folder = folder_of(call, body, "create")
    name = call.params["secretName"]
    if name in folder.secrets:
        raise bad_request("Secret already exist")
    now = call.now()
    folder.secrets[name] = secret = Secret(new_id(), name, body["secretValue"], now, now, comment=body["secretComment"])
    row = answered(call, body, secret)
    row.pop("tags")
    return {"secret": row}


@routes.add("PATCH", f"{V3}/{{secretName}}")
@routes.add("PATCH", f"{V4}/{{secretName}}", only="current")
def update(call: Call) -> Row:
    body = call.read(shape({**place(call), "secretValue": Field(text())}))
    secret = secret_in(call, folder_of(call, body, "edit"))
    refuse_rotated(secret, "update")
    secret.secret_value = body.get("secretValue", secret.secret_value)
    secret.version += 1
    secret.updated_at = call.now()
    return {"secret": answered(call, body, secret)}


@routes.add("DELETE", f"{V3}/{{secretName}}")
@routes.add("DELETE", f"{V4}/{{secretName}}", only="current")
def delete(call: Call) -> Row:
    body = call.read(shape(place(call)))
    folder = folder_of(call, body, "delete")
    secret = secret_in(call, folder)
    refuse_rotated(secret, "delete")
    del folder.secrets[secret.key]
    return {"secret": answered(call, body, secret)}


def refuse_rotated(secret: Secret, verb: str) -> None:
    # Refused while the rotation exists (server-notes#deleting-a-rotation); the text is our own.
    if secret.rotation_id:
        raise bad_request(f"Cannot {verb} rotated secret")


def answered(call: Call, asked: Row, secret: Secret) -> Row:
    row: Row = {
        "id": secret.id,
        "_id": secret.id,
        "workspace": asked.get("projectId") or asked.get("workspaceId"),
        "environment": asked["environment"],
        "version": secret.version,
        "type": "shared",
        "secretKey": secret.key,
        "secretValue": secret.secret_value,
        "secretComment": secret.comment,
        "secretReminderNote": None,
        "secretReminderRepeatDays": None,
        "skipMultilineEncoding": False,
        "metadata": None,
        "createdAt": secret.created_at,
        "updatedAt": secret.updated_at,
        "tags": [],
    }
    if call.profile.many_auth_methods:
        row |= {"isRotatedSecret": secret.rotation_id is not None, "rotationId": secret.rotation_id}
    return row
