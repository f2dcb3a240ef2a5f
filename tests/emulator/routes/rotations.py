# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secret rotations v2 of IAM users' keys, in the order of checks that burns keys."""

from __future__ import annotations

from typing import Any

from .. import tree
from ..call import Call
from ..clock import iso
from ..errors import ApiError, bad_request, not_found
from ..permissions import require_in_project
from ..principals import issued, keep, provider_errors, provider_of
from ..project_rows import Folder
from ..rotating import rename_secrets, rotate, run_due, schedule, taken_names, write_secrets
from ..rotation_rows import Connection, Rotation
from ..routing import Routes
from ..schema import Field, query_boolean, required, shape, text
from ..world import Row, new_id
from . import app_connections
from .rotation_shapes import CREATE, UPDATE

routes = Routes()

TYPE = "aws-iam-user-secret"
TITLE = "AWS IAM User Secret"
ALL = "/api/v2/secret-rotations"
BASE = f"{ALL}/{TYPE}"
SUBJECT = "secret-rotations"


@routes.add("POST", BASE, only="current", slow=True)
def create(call: Call) -> Row:
    """Plan, permission, folder, name, then the keys; whether the secret names are free may come after them."""
    body = call.read(CREATE)
    check_plan(call, "create secret rotation")
    require_in_project(call, body["projectId"], "create", SUBJECT)
    folder = folder_at(call, body)
    connection = connection_of(call, body["connectionId"])
    refuse_taken_rotation(call, folder, body["name"])
    refuse_equal_names(body["secretsMapping"])
    # Newer servers look first, many look when a key is already gone (server-notes#rotations-are-checked-late).
    if call.world.rotation_check == "first":
        refuse_taken_secrets(call, folder, body["secretsMapping"])
    pair = issued(call.world, connection, body["parameters"]["userName"], status=400)
    if call.midway:
        call.midway()
    with call.world.lock:
        rotation = stored(call, body, folder, pair)
    return {"secretRotation": answered(call, rotation)}


def stored(call: Call, body: Row, folder: Folder, pair: dict[str, str]) -> Rotation:
    """Look once more and store, in one: of two requests at once the slower is refused here, its key made."""
    refuse_taken_secrets(call, folder, body["secretsMapping"])
    refuse_taken_rotation(call, folder, body["name"])
    rotation = made(call, body, folder)
    rotation.accept(pair, call.world.clock.now(), manual=True)
    schedule(rotation)
    call.world.rotations[rotation.id] = rotation
    write_secrets(call.world, rotation)
    keep(call.world, pair)
    return rotation


def made(call: Call, body: Row, folder: Folder) -> Rotation:
    now = call.now()
    return Rotation(
        id=new_id(),
        name=body["name"],
        project_id=body["projectId"],
        folder_id=folder.id,
        environment_id=folder.environment_id,
        connection_id=body["connectionId"],
        interval=body["rotationInterval"],
        rotate_at=body["rotateAtUtc"],
        parameters=body["parameters"],
        mapping=body["secretsMapping"],
        created_at=now,
        updated_at=now,
        description=body["description"],
        automatic=body["isAutoRotationEnabled"],
    )


@routes.add("GET", ALL, only="current", slow=True)
@routes.add("GET", BASE, only="current", slow=True)
def list_all(call: Call) -> Row:
    query = call.query(shape({"projectId": required(text(minimum=1))}))
    require_in_project(call, query["projectId"], "read", SUBJECT)
    run_due(call.world)
    found = [row for row in call.world.rotations.values() if row.project_id == query["projectId"]]
    return {"secretRotations": [answered(call, row) for row in found]}


@routes.add("GET", f"{ALL}/options", only="current")
def options(call: Call) -> Row:
    template = {"secretsMapping": {"accessKeyId": "AWS_ACCESS_KEY_ID", "secretAccessKey": "AWS_SECRET_ACCESS_KEY"}}
    return {"secretRotationOptions": [{"name": TITLE, "connection": "aws", "type": TYPE, "template": template}]}


@routes.add("GET", f"{BASE}/{{rotationId}}", only="current", slow=True)
def get(call: Call) -> Row:
    return {"secretRotation": answered(call, find(call, "read"))}


@routes.add("GET", f"{BASE}/rotation-name/{{rotationName}}", only="current", slow=True)
def get_by_name(call: Call) -> Row:
    place = ("projectId", "environment", "secretPath")
    query = call.query(shape({name: required(text(minimum=1)) for name in place}))
    require_in_project(call, query["projectId"], "read", SUBJECT)
    folder = folder_at(call, query)
    run_due(call.world)
    rotation = in_folder(call, folder, call.params["rotationName"])
    if rotation is None:
        raise not_found(f'Could not find {TITLE} Rotation with name "{call.params["rotationName"]}"')
    return {"secretRotation": answered(call, rotation)}


@routes.add("PATCH", f"{BASE}/{{rotationId}}", only="current", slow=True)
def update(call: Call) -> Row:
    """Environment, path and connection are no keys of the body, so they are dropped without a word
    (server-notes#place-of-a-rotation)."""
    body = call.read(UPDATE)
    check_plan(call, "update secret rotation")
    rotation = find(call, "edit", quoted=False)
    folder = call.world.folders[rotation.folder_id]
    if body.get("name", rotation.name) != rotation.name:
        refuse_taken_rotation(call, folder, body["name"])
    if "secretsMapping" in body:
        refuse_equal_names(body["secretsMapping"])
        refuse_taken_secrets(call, folder, body["secretsMapping"], rotation.id)
        rename_secrets(folder, rotation.mapping, body["secretsMapping"])
    for key, attribute in CHANGEABLE.items():
        if key in body:
            setattr(rotation, attribute, body[key])
    rotation.updated_at = call.now()
    if {"isAutoRotationEnabled", "rotationInterval", "rotateAtUtc"} & body.keys():
        schedule(rotation)
        # A time that has passed already means now (server-notes#schedules-that-rotate-at-once).
        run_due(call.world)
    return {"secretRotation": answered(call, rotation)}


CHANGEABLE = {
    "name": "name",
    "description": "description",
    "isAutoRotationEnabled": "automatic",
    "rotationInterval": "interval",
    "rotateAtUtc": "rotate_at",
    "parameters": "parameters",
    "secretsMapping": "mapping",
}


@routes.add("DELETE", f"{BASE}/{{rotationId}}", only="current", slow=True)
def delete(call: Call) -> Row:
    """By default the secrets stay as plain ones and the keys stay alive (server-notes#deleting-a-rotation)."""
    flags = ("deleteSecrets", "revokeGeneratedCredentials")
    query = call.query(shape({name: Field(query_boolean, default=False) for name in flags}))
    rotation = find(call, "delete")
    if query["revokeGeneratedCredentials"]:
        revoke_keys(call, rotation)
    folder = call.world.folders[rotation.folder_id]
    for name in rotation.mapping.values():
        secret = folder.secrets.get(name)
        if secret and query["deleteSecrets"]:
            del folder.secrets[name]
        elif secret:
            secret.rotation_id = None
    del call.world.rotations[rotation.id]
    return {"secretRotation": answered(call, rotation)}


def revoke_keys(call: Call, rotation: Rotation) -> None:
    provider = provider_of(call.world, call.world.connections[rotation.connection_id])
    try:
        provider.drop_keys(rotation.parameters["userName"], rotation.generated)
    except provider_errors() as error:
        raise ApiError(500, "InternalServerError", f"Failed to revoke generated credentials: {error}") from None


@routes.add("POST", f"{BASE}/{{rotationId}}/rotate-secrets", only="current", slow=True)
def rotate_now(call: Call) -> Row:
    check_plan(call, "rotate secret rotation secrets", "rotate secret rotation secrets")
    rotation = find(call, "rotate-secrets")
    rotate(call.world, rotation, manual=True)
    return {"secretRotation": answered(call, rotation)}


@routes.add("GET", f"{BASE}/{{rotationId}}/generated-credentials", only="current", slow=True)
def generated_credentials(call: Call) -> Row:
    rotation = find(call, "read-generated-credentials")
    return {
        "generatedCredentials": rotation.generated,
        "activeIndex": rotation.active_index,
        "rotationId": rotation.id,
        "type": TYPE,
    }


def check_plan(call: Call, what: str, again: str | None = None) -> None:
    if not call.world.has_feature("secretRotation"):
        raise bad_request(f"Failed to {what} due to plan restriction. Upgrade plan to {again or what + 's'}.")


def folder_at(call: Call, place: Row) -> Folder:
    path = "/" + place["secretPath"].strip("/")
    environment = call.world.projects[place["projectId"]].environment(place["environment"])
    folder = tree.find(call.world, environment, path) if environment else None
    if folder is None:
        raise bad_request(
            f'Could not find folder with path "{path}" in environment "{place["environment"]}" '
            f'for project with ID "{place["projectId"]}"'
        )
    return folder


def connection_of(call: Call, connection_id: str) -> Connection:
    connection = call.world.connections.get(connection_id)
    if connection is None:
        raise app_connections.unknown(connection_id)
    app_connections.allow(call, connection.project_id, "connect")
    return connection


def in_folder(call: Call, folder: Folder, name: str) -> Rotation | None:
    for rotation in call.world.rotations.values():
        if (rotation.folder_id, rotation.name) == (folder.id, name):
            return rotation
    return None


def refuse_taken_rotation(call: Call, folder: Folder, name: str) -> None:
    if in_folder(call, folder, name):
        path = tree.path_of(call.world, folder)
        raise bad_request(f'A Secret Rotation with the name "{name}" already exists at the secret path "{path}"')


def refuse_equal_names(mapping: dict[str, str]) -> None:
    if len(set(mapping.values())) < len(mapping):
        raise bad_request("Secrets mapping keys must be unique. Duplicate keys: " + ", ".join(mapping.values()))


def refuse_taken_secrets(call: Call, folder: Folder, mapping: dict[str, str], own: str | None = None) -> None:
    taken = taken_names(folder, list(mapping.values()), own)
    if taken:
        path = tree.path_of(call.world, folder)
        raise bad_request(f'The following secrets already exist at the path "{path}": {", ".join(taken)}')


def find(call: Call, action: str, *, quoted: bool = True) -> Rotation:
    run_due(call.world)
    wanted = call.id("rotationId", "FindById")
    rotation = call.world.rotations.get(wanted)
    if rotation is None:
        name = f'"{wanted}"' if quoted else wanted
        raise not_found(f"Could not find {TITLE} Rotation with ID {name}")
    require_in_project(call, rotation.project_id, action, SUBJECT)
    return rotation


def stamp(moment: float | None) -> str | None:
    return iso(moment) if moment else None


def answered(call: Call, rotation: Rotation) -> Row:
    world = call.world
    connection = world.connections[rotation.connection_id]
    project = world.projects[rotation.project_id]
    environment = next(row for row in project.environments if row.id == rotation.environment_id)
    named: dict[str, Any] = {"id": environment.id, "name": environment.name, "slug": environment.slug}
    return {
        "id": rotation.id,
        "name": rotation.name,
        "description": rotation.description,
        "isAutoRotationEnabled": rotation.automatic,
        "activeIndex": rotation.active_index,
        "folderId": rotation.folder_id,
        "connectionId": rotation.connection_id,
        "createdAt": rotation.created_at,
        "updatedAt": rotation.updated_at,
        "rotationInterval": rotation.interval,
        "rotationStatus": rotation.status,
        "lastRotationAttemptedAt": stamp(rotation.attempted_at),
        "lastRotatedAt": stamp(rotation.rotated_at),
        "lastRotationJobId": None,
        "nextRotationAt": stamp(rotation.next_at),
        "isLastRotationManual": rotation.manual,
        "lastRotationMessage": rotation.message,
        "connection": {"app": "aws", "name": connection.name, "id": connection.id},
        "environment": named,
        "projectId": rotation.project_id,
        "folder": {"id": rotation.folder_id, "path": tree.path_of(world, world.folders[rotation.folder_id])},
        "rotateAtUtc": rotation.rotate_at,
        "type": TYPE,
        "parameters": rotation.parameters,
        "secretsMapping": rotation.mapping,
    }
