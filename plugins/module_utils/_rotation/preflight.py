# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Checks everything that could prevent a rotation, before the POST that costs its IAM user a key.

Many releases issue the key, and delete the older of two, before they check the rest
(server-notes#rotations-are-checked-late). These functions therefore check it with reads only, and fail if a check
cannot be completed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    listing,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import first_served, project_named
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_store import (
    connection_by_id,
    named_connection,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_table import AWS_CONNECTION
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_plan import place_of
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_store import listed_rotations

AWS_TYPE = "aws-iam-user-secret"
FOLDERS = ("/api/v2/folders", "/api/v1/folders")
SECRETS = ("/api/v4/secrets", "/api/v3/secrets/raw")
SECRET = ("/api/v4/secrets/{secret}", "/api/v3/secrets/raw/{secret}")
FOLDER_LIST = record({"folders": listing(record({"name": text}))})
SECRET_LIST = record({"secrets": listing(record({"secretKey": text}))})
AVAILABLE = record({"appConnections": listing(record({"id": identifier, "name": text}))})
NAMES_ONLY = {
    "viewSecretValue": "false",
    "expandSecretReferences": "false",
    "recursive": "false",
    "includeImports": "false",
    "include_imports": "false",
}
"""Requests no values, if the server supports that. A release ignores unknown keys
(server-notes#unknown-keys-are-dropped)."""

UNTOUCHED = "Nothing was changed and no key was touched."


def precondition_error(kind: str, message: str, todo: str = "") -> InfisicalError:
    return InfisicalError(kind, message, advice=f"{UNTOUCHED} {todo}".rstrip())


@contextmanager
def required_read(question: str) -> Iterator[None]:
    """Fails the task if a read in its block fails, because a rotation without the answer would be a risk."""
    try:
        yield
    except InfisicalError as error:
        if not error.advice.startswith(UNTOUCHED):
            error.message = (
                f"It could not be determined {question}, and a wrong guess could cost a key. {error.message}"
            )
            error.advice = f"{UNTOUCHED} {error.advice}"
        raise


@dataclass
class Known:
    """Results of earlier reads: the project's rotations, the connection, and the rotation that is deleted first."""

    listed: Sequence[Wire] | None = None
    connection: Wire | None = None
    replaced: Wire | None = None


def check_preconditions(client: Client, after: Options, known: Known) -> None:
    """Raises InfisicalError with the first reason not to create the rotation ``after``."""
    replaced = known.replaced
    project_id, environment, path = after["project_id"], after["environment"], after["secret_path"]
    with required_read("whether the project exists"):
        project = project_named(client, {"project_id": project_id})
    require_environment(project, environment)
    with required_read("whether the folder exists"):
        require_folder(client, project_id, environment, path)
    with required_read("which rotations exist"):
        listed = listed_rotations(client, project_id) if known.listed is None else known.listed
    require_no_conflict(listed, after, replaced)
    if known.connection is None:
        with required_read("whether the connection is usable"):
            usable_connection(client, project_id, connection_id=after["connection_id"])
    stays = replaced is not None and place_of(replaced) == f"{environment}:{path}"
    require_free_secret_names(client, after, list(replaced["secretsMapping"].values()) if replaced and stays else ())


def require_environment(project: Wire, environment: str) -> None:
    listed = project.get("environments")
    if not isinstance(listed, list) or not all(isinstance(one, dict) and one.get("slug") for one in listed):
        raise precondition_error(
            "server", f"The server does not return the environments of project {project.get('id')}."
        )
    slugs = [one["slug"] for one in listed]
    if environment not in slugs:
        raise precondition_error(
            "not_found",
            f"Project {project.get('slug', project['id'])} has no environment '{environment}'. It has:"
            f" {', '.join(slugs) or 'none'}.",
        )


def require_folder(client: Client, project_id: str, environment: str, path: str) -> None:
    """Checks every level of the path, because the list of a missing folder is empty, like that of an empty folder."""
    parent = ""
    for name in [part for part in path.split("/") if part]:
        query = {"projectId": project_id, "workspaceId": project_id, "environment": environment, "path": parent or "/"}
        answer = checked(first_served(client, "GET", FOLDERS, {}, query=query), FOLDER_LIST)
        found = [one["name"] for one in answer["folders"]]
        if name not in found:
            raise precondition_error(
                "not_found",
                f"Environment {environment} has no folder {parent}/{name}. {parent or '/'} has the folders:"
                f" {', '.join(sorted(found)) or 'none'}.",
                "Create the folder first, or correct secret_path.",
            )
        parent = f"{parent}/{name}"


def require_no_conflict(listed: Sequence[Wire], after: Options, replaced: Wire | None) -> None:
    """Raises InfisicalError if the name is used in the folder, or if another rotation has the same IAM user, because
    two rotations of one user delete each other's keys."""
    place = f"{after['environment']}:{after['secret_path']}"
    user = after["parameters"]["user_name"]
    for one in listed:
        if replaced is not None and one["id"] == replaced["id"]:
            continue
        if (place_of(one), one["name"]) == (place, after["name"]):
            raise precondition_error(
                "conflict",
                f"{place} already has a rotation named '{one['name']}': {one['id']}, of type {one.get('type')}.",
                "Choose another name.",
            )
        if conflicts_with(one, after["connection_id"], user):
            raise precondition_error(
                "conflict",
                f"Rotation '{one['name']}' in {place_of(one)} ({one['id']}) already rotates the keys of IAM user {user}"
                " with the same connection. Two rotations of one user delete each other's keys.",
                "Delete that rotation first, or set another user_name.",
            )


def conflicts_with(one: Wire, connection_id: str, user_name: str) -> bool:
    mine = (AWS_TYPE, connection_id, user_name)
    return (one.get("type"), one.get("connectionId"), (one.get("parameters") or {}).get("userName")) == mine


def usable_connection(
    client: Client, project_id: str, *, connection_id: str | None = None, name: str | None = None
) -> Wire:
    """Returns the AWS connection with this id or name, of the project or of the organisation, if the caller may use
    it."""
    rows: dict[str, Wire] = {}
    failed: InfisicalError | None = None
    for query in ({"projectId": project_id}, None):
        try:
            answer = checked(client.get(f"{AWS_CONNECTION.path}/available", query), AVAILABLE)
            rows.update({one["id"]: one for one in answer["appConnections"] if one.get("app", "aws") == "aws"})
        except InfisicalError as error:
            # A caller who may list those of the project need not be allowed to list those of the organisation.
            failed = error
    found = [one for one in rows.values() if connection_id == one["id"] or name == one["name"]]
    if len(found) > 1:
        ids = ", ".join(sorted(one["id"] for one in found))
        message = f"{len(found)} AWS connections are named '{name}': {ids}."
        raise precondition_error("conflict", message, "Set connection_id instead.")
    if found:
        return found[0]
    raise failed or unusable(client, project_id, list(rows.values()), connection_id, name)


def unusable(
    client: Client, project_id: str, rows: Sequence[Wire], connection_id: str | None, name: str | None
) -> InfisicalError:
    """Returns the error for an unusable connection: it does not exist, is not an AWS connection, or may not be used."""
    if connection_id is not None:
        there = connection_by_id(client, connection_id)
    else:
        there = named_connection(client, name or "", project_id) or named_connection(client, name or "", None)
    called = f"with the id {connection_id}" if connection_id is not None else f"named '{name}'"
    if there is not None:
        return precondition_error(
            "permission", f"The AWS connection {called} exists, but the identity that logs in may not connect with it."
        )
    seen = ", ".join(sorted(f"{one['name']} ({one['id']})" for one in rows)) or "none"
    return precondition_error(
        "not_found", f"No AWS connection {called} can be used in this project. Available: {seen}."
    )


def require_free_secret_names(client: Client, after: Options, own: Sequence[str] = ()) -> None:
    """Raises InfisicalError if the folder already has a secret with a name that the rotation would write. ``own`` are
    names of its own secrets. Reads names, never values."""
    place = {
        "projectId": after["project_id"],
        "workspaceId": after["project_id"],
        "environment": after["environment"],
        "secretPath": after["secret_path"],
        **NAMES_ONLY,
    }
    names = [name for name in after["secrets_mapping"].values() if name not in own]
    with required_read("which secrets the folder has"):
        answer = checked(first_served(client, "GET", SECRETS, {}, query=place), SECRET_LIST)
        listed = {one["secretKey"] for one in answer["secrets"]}
        # The list omits secrets that the caller may not see. Read by name, such a secret is not "not found".
        taken = [name for name in names if name in listed or is_there(client, name, place)]
    if taken:
        raise precondition_error(
            "conflict",
            f"{after['environment']}:{after['secret_path']} already has a secret named {' and one named '.join(taken)}."
            " The server would issue an access key, and delete the older of two, before it noticed.",
            "Choose other names in secrets_mapping, another folder, or delete the secrets first.",
        )


def is_there(client: Client, name: str, place: Wire) -> bool:
    try:
        first_served(client, "GET", SECRET, {"secret": name}, query=place)
    except InfisicalError as error:
        if error.kind == "not_found":
            return False
        raise
    return True
