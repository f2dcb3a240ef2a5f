# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The roles of a project, built-in and custom ones (server-notes#lists-of-roles)."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    listing,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import project_named

NEW_PATH = "/api/v1/projects/{project}/roles"
OLD_PATH = "/api/v1/workspace/{slug}/roles"

LISTED_ROLE = record({"slug": text, "name": text}, {"description": nullable(text)})
ROLES = record({"roles": listing(LISTED_ROLE)})
ROLE = record({"role": LISTED_ROLE})


class ProjectRoles:
    """Reads the roles of one project. The slug of the project is only needed on older servers, and looked up there."""

    def __init__(self, client: Client, project_id: str, project_slug: str | None = None) -> None:
        self.client = client
        self.project_id = project_id
        self.project_slug = project_slug

    def listed(self) -> list[dict[str, Any]]:
        """Returns all roles, without their permissions. Raises InfisicalError."""
        roles: list[dict[str, Any]] = checked(self._get(""), ROLES)["roles"]
        return roles

    def named(self, slug: str) -> dict[str, Any]:
        """Returns one role with its permissions. Raises InfisicalError."""
        role: dict[str, Any] = checked(self._get(f"/slug/{segment(slug)}"), ROLE)["role"]
        return role

    def _get(self, rest: str) -> Any:
        if ("GET", NEW_PATH) not in self.client.missing_routes:
            try:
                return self.client.get(NEW_PATH.format(project=segment(self.project_id)) + rest)
            except InfisicalError as error:
                if error.kind != "unsupported_by_server":
                    raise
                self.client.missing_routes.add(("GET", NEW_PATH))
        if self.project_slug is None:
            self.project_slug = str(project_named(self.client, {"project_id": self.project_id})["slug"])
        return self.client.get(OLD_PATH.format(slug=segment(self.project_slug)) + rest)

    def unknown(self, option: str, slugs: Sequence[str], error: InfisicalError | None = None) -> InfisicalError:
        """Returns the error for ``slugs`` given in ``option``, of which the project lacks some. Asks the server which
        roles there are."""
        given = ", ".join(f"'{slug}'" for slug in slugs)
        try:
            known = [role["slug"] for role in self.listed()]
        except InfisicalError as unlisted:
            return reworded(
                error,
                "not_found",
                f"{option}: project {self.project_id} does not have all of the roles {given}. Those that it has could"
                f" not be listed: {unlisted.message}",
                advice="Nothing was changed. Check the slugs.",
            )
        return unknown_role(option, slugs, known, f"project {self.project_id}", error)


def unknown_role(
    option: str, slugs: Sequence[str], known: Sequence[str], place: str, error: InfisicalError | None
) -> InfisicalError:
    """Returns the error for ``slugs`` given in ``option``, of which ``known``, the roles of ``place``, lacks some."""
    lacking = [slug for slug in slugs if slug not in known] or list(slugs)
    names = ", ".join(f"'{slug}'" for slug in lacking)
    near = [one for slug in lacking for one in difflib.get_close_matches(slug, known, n=1)]
    hint = f" Did you mean {' and '.join(repr(one) for one in dict.fromkeys(near))}?" if near else ""
    are = "is not a role" if len(lacking) == 1 else "are not roles"
    return reworded(
        error,
        "not_found",
        f"{option}: {names} {are} of {place}, which has {', '.join(sorted(known)) or 'none'}.{hint}",
        advice="Nothing was changed. Check the slugs.",
    )
