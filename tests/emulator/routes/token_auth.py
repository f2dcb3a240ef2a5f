# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tokens of token auth, which are made instead of logged in for."""

from __future__ import annotations

from .. import tokens
from ..auth_methods import METHODS
from ..call import Call
from ..clock import iso
from ..errors import DatabaseError, not_found
from ..permissions import require, require_superiority
from ..routing import Routes
from ..schema import Field, coerced_number, shape, text
from ..world import AccessToken, Identity, Row
from .auth_methods import attached, missing_identity
from .identities import find_identity
from .logins import login_shape

routes = Routes()

SLUG = "token-auth"
BASE = "/api/v1/auth/token-auth"
PAGE = shape(
    {
        "offset": Field(coerced_number(minimum=0, maximum=100), default=0),
        "limit": Field(coerced_number(minimum=1, maximum=100), default=20),
    }
)


@routes.add("POST", f"{BASE}/identities/{{identityId}}/tokens")
def create(call: Call) -> Row:
    body = call.read(login_shape(call, {"name": Field(text())}))
    identity = owner(call)
    require(call, identity.org_id, "create", "identity")
    require_superiority(call, identity, "create token")
    answer = tokens.issue(call.world, identity, SLUG, name=body.get("name"))
    if call.profile.many_auth_methods:
        answer["tokenData"] = answered(call, list(call.world.access_tokens.values())[-1])
    return answer


@routes.add("GET", f"{BASE}/identities/{{identityId}}/tokens")
def list_all(call: Call) -> Row:
    query = call.query(PAGE)
    identity = owner(call)
    require(call, identity.org_id, "read", "identity")
    found = [row for row in call.world.access_tokens.values() if (row.identity_id, row.method) == (identity.id, SLUG)]
    # The latest changed first (server-notes#tokens-of-token-auth).
    found.sort(key=lambda row: row.updated_at, reverse=True)
    page = found[query["offset"] : query["offset"] + query["limit"]]
    return {"tokens": [answered(call, row) for row in page]}


@routes.add("GET", f"{BASE}/tokens/{{tokenId}}", only="current")
def get(call: Call) -> Row:
    return {"token": answered(call, find(call, "read"))}


@routes.add("PATCH", f"{BASE}/tokens/{{tokenId}}")
def update(call: Call) -> Row:
    body = call.read(shape({"name": Field(text())}))
    token = find(call, "edit")
    if not body and call.profile.refuses_empty_update:
        raise DatabaseError("Update")
    token.name = body.get("name", token.name)
    token.updated_at = call.world.clock.now()
    return {"token": answered(call, token)}


@routes.add("POST", f"{BASE}/tokens/{{tokenId}}/revoke")
def revoke(call: Call) -> Row:
    token = find(call, "edit")
    if token.revoked:
        # Only live ones are found here (server-notes#tokens-of-token-auth).
        raise not_found("Failed to find token")
    token.revoked = True
    token.updated_at = call.world.clock.now()
    return {"message": "Successfully revoked access token"}


def owner(call: Call) -> Identity:
    identity = find_identity(call, "FindOne", missing_identity(call))
    method = METHODS[call.profile.name][SLUG]
    attached(call, identity, method, method.refusals.revoke)
    return identity


def find(call: Call, action: str) -> AccessToken:
    token = call.world.access_tokens.get(call.id("tokenId", "FindOne"))
    if token is None or token.method != SLUG:
        raise not_found("Failed to find token")
    identity = call.world.identities[token.identity_id]
    require(call, identity.org_id, action, "identity")
    require_superiority(call, identity, "change token")
    return token


def answered(call: Call, token: AccessToken) -> Row:
    row: Row = {
        "id": token.id,
        "accessTokenTTL": token.ttl,
        "accessTokenMaxTTL": token.max_ttl,
        # The old server writes the uses down later, from a queue (server-notes#tokens-of-token-auth).
        "accessTokenNumUses": token.uses if call.profile.many_auth_methods else 0,
        "accessTokenNumUsesLimit": token.uses_limit,
        "accessTokenLastUsedAt": iso(token.used_at) if token.used_at and call.profile.many_auth_methods else None,
        "accessTokenLastRenewedAt": iso(token.renewed_at) if token.renewed_at else None,
        "isAccessTokenRevoked": token.revoked,
        "identityUAClientSecretId": token.client_secret_id,
        "identityId": token.identity_id,
        "createdAt": iso(token.created_at),
        "updatedAt": iso(token.updated_at),
        "name": token.name,
    }
    if call.profile.many_auth_methods:
        row |= {"authMethod": token.method, "accessTokenPeriod": token.period}
    return row
