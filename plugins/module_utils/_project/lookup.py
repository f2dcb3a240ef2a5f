# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds projects by id or slug on servers of every generation (server-notes#routes-of-projects)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import NO_API
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import (
    project_id_error,
    project_slug_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

PROJECT_OPTIONS = {"project_id": {"type": "str"}, "project_slug": {"type": "str"}}
PROJECT_TYPES = {"project_id": Text(check=project_id_error), "project_slug": Text(check=project_slug_error)}
BY_ID = ("/api/v1/projects/{project}", "/api/v1/workspace/{project}")
BY_SLUG = ("/api/v1/projects/slug/{project}", "/api/v2/workspace/{project}")
ALL = ("/api/v1/projects", "/api/v1/workspace")

AT_MOST_ONE_PROJECT = [["project_id", "project_slug"]]
PROJECT_RULES = {
    "mutually_exclusive": AT_MOST_ONE_PROJECT,
    "required_one_of": [["project_id", "project_slug"]],
}


def first_served(
    client: Client,
    method: str,
    routes: Sequence[str],
    ids: Mapping[str, str],
    body: dict[str, Any] | None = None,
    *,
    query: dict[str, Any] | None = None,
    recheck: Callable[[], None] | None = None,
) -> Any:
    """Returns the answer of the first of ``routes``, newest first, that the server has. ``ids`` are inserted into the
    routes.

    ``query`` may contain the key of every generation for the same value, because servers ignore unknown keys.
    """
    quoted = {name: segment(value) for name, value in ids.items()}
    for route in routes:
        if (method, route) in client.missing_routes:
            continue
        try:
            return client.call(method, route.format(**quoted), body=body, query=query, recheck=recheck)
        except InfisicalError as error:
            if error.kind != "unsupported_by_server" or route == routes[-1]:
                raise
            client.missing_routes.add((method, route))
    return None


def project_errors(params: Mapping[str, Any], prefix: str = "") -> list[str]:
    errors: list[str] = []
    parse_given(PROJECT_TYPES, params, errors, prefix)
    return errors


def project_named(client: Client, params: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the project of ``project_id`` or ``project_slug``, with its environments.

    If the project does not exist, raises InfisicalError, which lists the visible projects.
    """
    option = "project_id" if params.get("project_id") else "project_slug"
    given = str(params[option]).strip()
    try:
        answer = first_served(client, "GET", BY_ID if option == "project_id" else BY_SLUG, {"project": given})
    except InfisicalError as error:
        # An unknown project id causes a 500 on 2024-10 (server-notes#unknown-projects).
        if error.status not in (400, 403, 404, 422, 500) or error.kind in ("unsupported_by_server", "rate_limited"):
            raise
        raise unread_project(client, option, given, error) from error
    project: dict[str, Any] = answer.get("project") or answer.get("workspace") or answer
    return project


def project_id_of(client: Client, params: Mapping[str, Any]) -> str | None:
    """Returns the id of the task's project, or None if the task has no project. Looks up a slug."""
    if params.get("project_slug") is not None:
        return str(project_named(client, params)["id"])
    return params["project_id"].strip() if params.get("project_id") is not None else None


def listed_projects(client: Client) -> list[dict[str, Any]]:
    """Returns the projects that are visible to the identity that logs in. Raises
    InfisicalError if they cannot be read."""
    answer = first_served(client, "GET", ALL, {})
    found = answer.get("projects", answer.get("workspaces"))
    if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("id") for one in found):
        raise InfisicalError("server", "The server's list of projects is not a list of projects.", advice=NO_API)
    return found


def projects_seen(client: Client) -> list[dict[str, Any]]:
    """Like ``listed_projects``, but returns an empty list if they cannot be read."""
    try:
        return listed_projects(client)
    except InfisicalError:
        return []


def unread_project(client: Client, option: str, given: str, error: InfisicalError) -> InfisicalError:
    """Returns the error for a project that could not be read. It claims only what the answers prove."""
    key = option[len("project_") :]
    try:
        seen = listed_projects(client)
    except InfisicalError as unlisted:
        if not says_unknown(error):
            error.message = f"The project with {option} '{given}' could not be read. {error.message}"
            return error
        instead = f"The list of projects could not be read: {unlisted.message}"
        return no_project(error, f"The server finds no project with {option} '{given}'. {instead}")
    if any(one.get(key) == given for one in seen):
        error.message = (
            f"The project with {option} '{given}' is among those that the identity that logs in sees, but could not be"
            f" read. {error.message}"
        )
        return error
    names = ", ".join(sorted(f"{one.get('slug', '')} ({one['id']})" for one in seen)) or "none"
    return no_project(error, f"The identity that logs in sees no project with {option} '{given}'. It sees: {names}.")


def says_unknown(error: InfisicalError) -> bool:
    """Returns whether the server reports that the project does not exist: by a 404, or on 2024-10 by the name of the
    error (server-notes#unknown-projects)."""
    return error.kind == "not_found" or (error.error or "").startswith("Failed to find project")


def no_project(error: InfisicalError, message: str) -> InfisicalError:
    return reworded(
        error,
        "not_found",
        message,
    )
