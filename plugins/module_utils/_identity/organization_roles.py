# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The roles of the organisation, as far as the caller may read them: identities may read single ones, but not the list
(server-notes#lists-of-roles)."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, listing, record
from ansible_collections.machineid.infisical.plugins.module_utils._project.roles import (
    LISTED_ROLE,
    ROLE,
    unknown_role,
)

BUILT_IN = ("admin", "member", "no-access")
LIST = record({"data": record({"roles": listing(LISTED_ROLE)})})


def every_role(client: Client, organization_id: str) -> list[dict[str, Any]] | None:
    """Returns all roles of an organisation, or None if the caller may not list them. Raises InfisicalError."""
    try:
        answer = client.get(f"/api/v1/organization/{segment(organization_id)}/roles")
    except InfisicalError as error:
        if error.status in (401, 403, 404) and error.kind != "rate_limited":
            return None
        raise
    roles: list[dict[str, Any]] = checked(answer, LIST)["data"]["roles"]
    return roles


def one_role(client: Client, slug: str) -> dict[str, Any] | None:
    """Returns a role of the caller's organisation with its permissions. A built-in one has only its slug on a server
    that does not let identities read roles. None if there is no such role. Raises InfisicalError."""
    try:
        role: dict[str, Any] = checked(client.get(f"/api/v1/organization/roles/slug/{segment(slug)}"), ROLE)["role"]
    except InfisicalError as error:
        if error.kind == "not_found":
            return None
        if error.kind != "unsupported_by_server":
            raise
        if slug in BUILT_IN:
            return {"slug": slug}
        raise reworded(
            error,
            "unsupported_by_server",
            f"This server does not let identities read the organisation's role '{slug}'.",
            advice="Upgrade the Infisical server, or leave the slug out.",
        ) from error
    return role


def unknown_organization_role(
    client: Client, organization_id: str, option: str, slug: str, error: InfisicalError | None = None
) -> InfisicalError:
    """Returns the error for a role that the organisation does not have. Asks the server which roles there are."""
    place = f"organisation {organization_id}"
    try:
        roles = every_role(client, organization_id)
    except InfisicalError:
        roles = None
    if roles is not None:
        return unknown_role(option, [slug], [role["slug"] for role in roles], place, error)
    failure = unknown_role(option, [slug], BUILT_IN, place, error)
    failure.message = (
        f"{option}: '{slug}' is not a role of {place}. The built-in ones are {', '.join(BUILT_IN)}. Custom ones could"
        " not be listed, because the server lists them for people only."
    )
    return failure
