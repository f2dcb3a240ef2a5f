# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The caller: the owner of the access token, and its organisation."""

from __future__ import annotations

import base64
import json
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import UUID

ORGANIZATION = record({"id": identifier}, {"name": text, "slug": text})
DETAILS = record({"identityDetails": record({"organization": ORGANIZATION})})
OWN_MEMBERSHIP = record({"identity": record({"orgId": identifier})})


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
