# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds the organisation of the caller, and identities by name."""

from __future__ import annotations

import base64
import difflib
import json
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    integer,
    listing,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY, MEMBERSHIP
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import UUID

PAGE = 100
LISTED = record({"identityMemberships": listing(MEMBERSHIP)}, {"totalCount": integer})
ORGANIZATION = record({"id": identifier}, {"name": text, "slug": text})
DETAILS = record({"identityDetails": record({"organization": ORGANIZATION})})
OWN_MEMBERSHIP = record({"identity": record({"orgId": identifier})})
PAUSES_FOR_DUPLICATES = (0.25, 0.5, 1.0)


def organization_of_caller(client: Client) -> str:
    """Returns the id of the organisation that the access token belongs to. Raises InfisicalError.

    Uses ``GET /api/v1/identities/details``, or on 2024-10 servers, which do not have it, reads the caller's own
    identity, whose id is in the payload of the access token.
    """
    try:
        answer = checked(client.get("/api/v1/identities/details"), DETAILS)
        return str(answer["identityDetails"]["organization"]["id"])
    except InfisicalError as error:
        if error.kind in ("authentication", "network", "tls", "rate_limited"):
            raise
        own_id = own_identity_id(client)
        if own_id:
            own = checked(client.get(f"/api/v1/identities/{segment(own_id)}"), OWN_MEMBERSHIP)
            return str(own["identity"]["orgId"])
        payload = token_payload(client.token or "")
        if payload.get("organizationId"):
            return str(payload["organizationId"])
        raise reworded(
            error,
            error.kind,
            f"The organisation of the caller could not be determined: {error.message}",
            advice="Give organization_id.",
        ) from error


def token_payload(token: str) -> dict[str, Any]:
    """Returns the claims of a JWT without verification. Empty if the token is not a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def own_identity_id(client: Client) -> str | None:
    """Returns the id of the identity that the access token belongs to, None for the token of a user."""
    claimed = token_payload(client.token or "").get("identityId")
    return claimed if isinstance(claimed, str) and UUID.match(claimed) else None


def memberships(client: Client, organization_id: str, search: str | None = None) -> list[dict[str, Any]]:
    """Returns the organisation's identities whose name contains ``search``, as membership objects. Reads page by
    page."""
    found: dict[str, dict[str, Any]] = {}
    offset = 0
    while True:
        query: dict[str, Any] = {"limit": PAGE, "offset": offset}
        if search:
            query["search"] = search
        answer = client.get(f"/api/v2/organizations/{segment(organization_id)}/identity-memberships", query)
        page = checked(answer, LISTED)["identityMemberships"]
        offset += len(page)
        known = len(found)
        for one in page:
            IDENTITY.flat(one, answer)
            found[one["identity"]["id"]] = one
        # The loop also ends if a server repeats the same page or miscounts.
        if len(found) == known or offset >= answer.get("totalCount", offset):
            return list(found.values())


def identities_named(client: Client, organization_id: str, name: str) -> list[dict[str, Any]]:
    """Returns the membership objects of the identities with exactly this name (server-notes#names-are-not-unique)."""
    return [one for one in memberships(client, organization_id, name) if one["identity"]["name"] == name]


def only_identity_named(client: Client, organization_id: str, name: str) -> dict[str, Any] | None:
    """Returns the membership object of the only identity with this name, None if there is none.

    If there are several, it retries for a moment: tasks that create the same identity concurrently, one for each host
    of a play, are about to agree on one of them. Then it raises InfisicalError of kind ``conflict``, which lists the
    ids.
    """
    for pause in (*PAUSES_FOR_DUPLICATES, 0.0):
        found = identities_named(client, organization_id, name)
        if len(found) < 2:
            return found[0] if found else None
        client.sleep(pause)
    raise ambiguous_name(name, found)


def ambiguous_name(name: str, found: list[dict[str, Any]]) -> InfisicalError:
    ids = ", ".join(sorted(one["identity"]["id"] for one in found))
    return InfisicalError(
        "conflict", f"{len(found)} identities are named '{name}': {ids}.", advice="Set identity_id instead."
    )


def identity_id_of(client: Client, organization_id: str | None, name: str) -> str:
    """Returns the id of the only identity with this name. Otherwise raises InfisicalError, which lists similar
    names."""
    organization = organization_id or organization_of_caller(client)
    found = only_identity_named(client, organization, name)
    if found is None:
        names = [one["identity"]["name"] for one in memberships(client, organization)]
        near = difflib.get_close_matches(name, names, n=3)
        hint = f" There is {', '.join(repr(one) for one in near)}." if near else ""
        raise InfisicalError("not_found", f"No identity is named '{name}' in organisation {organization}.{hint}")
    return str(found["identity"]["id"])
