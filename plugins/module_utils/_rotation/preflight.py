# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Everything that can be known to stand in the way of a rotation, before the POST that costs its IAM user a key.

Many releases make the key, and delete the older of two, before they check the rest
(server-notes#rotations-are-checked-late). So what they would find too late is looked for here, with reads only, and any
doubt is a refusal.
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
"""Asks for no values where the server can do without; a release that does not know a key drops it
(server-notes#unknown-keys-are-dropped)."""

UNTOUCHED = "Nothing was changed and no key was touched."


def refusal(kind: str, message: str, todo: str = "") -> InfisicalError:
    return InfisicalError(kind, message, advice=f"{UNTOUCHED} {todo}".rstrip())


@contextmanager
def no_doubt(question: str) -> Iterator[None]:
    """Turns a read that fails into a refusal: what cannot be found out is not risked."""
    try:
        yield
    except InfisicalError as error:
        if not error.advice.startswith(UNTOUCHED):
            error.message = f"It could not be found out {question}, and a wrong guess could cost a key. {error.message}"
            error.advice = f"{UNTOUCHED} {error.advice}"
        raise


@dataclass
class Known:
    """What has been found out before: the project's rotations, the connection, and what is deleted first."""

    listed: Sequence[Wire] | None = None
    connection: Wire | None = None
    replaced: Wire | None = None


def check_preconditions(client: Client, after: Options, known: Known) -> None:
    """Raises the first reason not to create the rotation that is to be ``after``."""
    replaced = known.replaced
    project_id, environment, path = after["project_id"], after["environment"], after["secret_path"]
    with no_doubt("whether the project exists"):
        project = project_named(client, {"project_id": project_id})
    require_environment(project, environment)
    with no_doubt("whether the folder exists"):
        require_folder(client, project_id, environment, path)
    with no_doubt("which rotations there are"):
        listed = listed_rotations(client, project_id) if known.listed is None else known.listed
    require_no_conflict(listed, after, replaced)
    if known.connection is None:
        with no_doubt("whether the connection is usable"):
            usable_connection(client, project_id, connection_id=after["connection_id"])
    stays = replaced is not None and place_of(replaced) == f"{environment}:{path}"
    require_free_secret_names(client, after, list(replaced["secretsMapping"].values()) if replaced and stays else ())


def require_environment(project: Wire, environment: str) -> None:
    listed = project.get("environments")
    if not isinstance(listed, list) or not all(isinstance(one, dict) and one.get("slug") for one in listed):
        raise refusal("server", f"The server does not say which environments project {project.get('id')} has.")
    slugs = [one["slug"] for one in listed]
    if environment not in slugs:
        raise refusal(
            "not_found",
            f"Project {project.get('slug', project['id'])} has no environment '{environment}'. It has:"
            f" {', '.join(slugs) or 'none'}.",
        )


def require_folder(client: Client, project_id: str, environment: str, path: str) -> None:
    """Walks down the path, as the list of a folder that is not there is as empty as that of an empty one."""
    parent = ""
    for name in [part for part in path.split("/") if part]:
        query = {"projectId": project_id, "workspaceId": project_id, "environment": environment, "path": parent or "/"}
        answer = checked(first_served(client, "GET", FOLDERS, {}, query=query), FOLDER_LIST)
        found = [one["name"] for one in answer["folders"]]
        if name not in found:
            raise refusal(
                "not_found",
                f"Environment {environment} has no folder {parent}/{name}. {parent or '/'} has the folders:"
                f" {', '.join(sorted(found)) or 'none'}.",
                "Make the folder first, or correct secret_path.",
            )
        parent = f"{parent}/{name}"


def require_no_conflict(listed: Sequence[Wire], after: Options, replaced: Wire | None) -> None:
    """Raises when the name is taken in the folder, or when another rotation has the same IAM user: two of them would
    delete each other's keys."""
    place = f"{after['environment']}:{after['secret_path']}"
    user = after["parameters"]["user_name"]
    for one in listed:
        if replaced is not None and one["id"] == replaced["id"]:
            continue
        if (place_of(one), one["name"]) == (place, after["name"]):
            raise refusal(
                "conflict",
                f"{place} has a rotation named '{one['name']}' already: {one['id']}, of type {one.get('type')}.",
                "Choose another name.",
            )
        if is_rival(one, after["connection_id"], user):
            raise refusal(
                "conflict",
                f"Rotation '{one['name']}' in {place_of(one)} ({one['id']}) rotates the keys of IAM user {user} over"
                " the same connection already. Two rotations of one user delete each other's keys.",
                "Remove that one first, or give another user_name.",
            )


def is_rival(one: Wire, connection_id: str, user_name: str) -> bool:
    mine = (AWS_TYPE, connection_id, user_name)
    return (one.get("type"), one.get("connectionId"), (one.get("parameters") or {}).get("userName")) == mine


def usable_connection(
    client: Client, project_id: str, *, connection_id: str | None = None, name: str | None = None
) -> Wire:
    """The AWS connection of this id or name, of the project or of the organisation, that the caller may use."""
    rows: dict[str, Wire] = {}
    failed: InfisicalError | None = None
    for query in ({"projectId": project_id}, None):
        try:
            answer = checked(client.get(f"{AWS_CONNECTION.path}/available", query), AVAILABLE)
            rows.update({one["id"]: one for one in answer["appConnections"] if one.get("app", "aws") == "aws"})
        except InfisicalError as error:
            # Not everybody who may see those of the project may see those of the organisation.
            failed = error
    found = [one for one in rows.values() if connection_id == one["id"] or name == one["name"]]
    if len(found) > 1:
        ids = ", ".join(sorted(one["id"] for one in found))
        message = f"{len(found)} AWS connections are named '{name}': {ids}."
        raise refusal("conflict", message, "Give connection_id instead.")
    if found:
        return found[0]
    raise failed or unusable(client, project_id, list(rows.values()), connection_id, name)


def unusable(
    client: Client, project_id: str, rows: Sequence[Wire], connection_id: str | None, name: str | None
) -> InfisicalError:
    """Why there is no such connection to use: there is none, it is none of AWS, or the caller may not use it."""
    if connection_id is not None:
        there = connection_by_id(client, connection_id)
    else:
        there = named_connection(client, name or "", project_id) or named_connection(client, name or "", None)
    called = f"with the id {connection_id}" if connection_id is not None else f"named '{name}'"
    if there is not None:
        return refusal(
            "permission", f"There is an AWS connection {called}, but the identity that logs in may not connect with it."
        )
    seen = ", ".join(sorted(f"{one['name']} ({one['id']})" for one in rows)) or "none"
    return refusal("not_found", f"There is no AWS connection {called} to use in this project. There are: {seen}.")


def require_free_secret_names(client: Client, after: Options, own: Sequence[str] = ()) -> None:
    """Raises when a name that the rotation is to write is one of the folder's secrets already; ``own`` are those that
    are its own. Asks for names and never for values."""
    place = {
        "projectId": after["project_id"],
        "workspaceId": after["project_id"],
        "environment": after["environment"],
        "secretPath": after["secret_path"],
        **NAMES_ONLY,
    }
    names = [name for name in after["secrets_mapping"].values() if name not in own]
    with no_doubt("which secrets the folder has"):
        answer = checked(first_served(client, "GET", SECRETS, {}, query=place), SECRET_LIST)
        listed = {one["secretKey"] for one in answer["secrets"]}
        # The list leaves out what the caller may not see; asked by name, such a secret is no longer "not found".
        taken = [name for name in names if name in listed or is_there(client, name, place)]
    if taken:
        raise refusal(
            "conflict",
            f"{after['environment']}:{after['secret_path']} has a secret named {' and one named '.join(taken)} already."
            " The server would make an access key, and delete the older of two, before it noticed.",
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
