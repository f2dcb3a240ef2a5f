# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finding projects by id or slug, on servers of every generation (api-changes.md §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._forms import (
    parse_given,
    project_id_fault,
    project_slug_fault,
)
from ansible_collections.machineid.infisical.plugins.module_utils._kinds import Text

PROJECT_OPTIONS = {"project_id": {"type": "str"}, "project_slug": {"type": "str"}}
PROJECT_KINDS = {"project_id": Text(fault=project_id_fault), "project_slug": Text(fault=project_slug_fault)}
BY_ID = ("/api/v1/projects/{project}", "/api/v1/workspace/{project}")
BY_SLUG = ("/api/v1/projects/slug/{project}", "/api/v2/workspace/{project}")
ALL = ("/api/v1/projects", "/api/v1/workspace")

PROJECT_RULES = {
    "mutually_exclusive": [["project_id", "project_slug"]],
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
    """The answer of the first of ``routes``, newest first, that this server has; ``ids`` fill the routes.

    ``query`` may name the same thing as each generation does: keys that a server does not know are dropped.
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


def project_faults(params: Mapping[str, Any], prefix: str = "") -> list[str]:
    faults: list[str] = []
    parse_given(PROJECT_KINDS, params, faults, prefix)
    return faults


def project_named(client: Client, params: Mapping[str, Any]) -> dict[str, Any]:
    """The project that ``project_id`` or ``project_slug`` names, with its environments.

    Raises InfisicalError that lists the projects that there are when there is no such one.
    """
    given = (params.get("project_id") or params.get("project_slug") or "").strip()
    try:
        answer = first_served(client, "GET", BY_ID if params.get("project_id") else BY_SLUG, {"project": given})
    except InfisicalError as error:
        # An unknown project id is a 500 on 2024-10 (measured-2024-10.md fact 8).
        if error.status not in (400, 403, 404, 422, 500):
            raise
        raise unknown_project(client, params, error) from error
    project: dict[str, Any] = answer.get("project") or answer.get("workspace") or answer
    return project


def projects_seen(client: Client) -> list[dict[str, Any]]:
    """The projects that the identity that logs in may see; none where the server does not tell."""
    try:
        answer = first_served(client, "GET", ALL, {})
    except InfisicalError:
        return []
    projects: list[dict[str, Any]] = answer.get("projects") or answer.get("workspaces") or []
    return projects


def unknown_project(client: Client, params: Mapping[str, Any], error: InfisicalError) -> InfisicalError:
    option = "project_id" if params.get("project_id") else "project_slug"
    seen = ", ".join(sorted(f"{one['slug']} ({one['id']})" for one in projects_seen(client))) or "none"
    return InfisicalError(
        "not_found",
        f"The identity that logs in sees no project with {option} '{params[option]}'. It sees: {seen}.",
        status=error.status,
        error=error.error,
        server_message=error.server_message,
        request_id=error.request_id,
    )
