# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client secrets of universal auth."""

from __future__ import annotations

import hashlib
import secrets

from ..auth_methods import METHODS
from ..call import Call
from ..clock import iso
from ..errors import ApiError, DatabaseError, internal, not_found
from ..method_bodies import TEN_YEARS
from ..method_writes import BIGINT
from ..permissions import require, require_superiority
from ..routing import Routes
from ..schema import Field, is_uuid, number, shape, text
from ..world import ClientSecret, Identity, Row, World, new_id
from .auth_methods import attached, missing_identity
from .identities import find_identity

routes = Routes()

SLUG = "universal-auth"
BASE = "/api/v1/auth/universal-auth/identities/{identityId}"
NUMBERS = ("ttl", "numUsesLimit")
CREATE = shape(
    {
        "description": Field(text(trim=True), default=""),
        "numUsesLimit": Field(number(minimum=0), default=0),
        "ttl": Field(number(minimum=0, maximum=TEN_YEARS), default=0),
    }
)


@routes.add("POST", f"{BASE}/client-secrets")
def create(call: Call) -> Row:
    body = call.read(CREATE)
    identity, method = owner(call)
    require(call, identity.org_id, "create", "identity")
    require_superiority(call, identity, "create client secret")
    # Fractions pass the schema and fail in the column, as do numbers that are too large for it
    # (server-notes#mistakes-answered-with-500).
    if len(body["description"]) > 255 or any(body[name] % 1 or body[name] >= BIGINT for name in NUMBERS):
        raise DatabaseError("Create")
    clear = secrets.token_hex(32)
    secret = store(call.world, identity, method, clear, body["description"], body["ttl"], body["numUsesLimit"])
    return {"clientSecret": clear, "clientSecretData": answered(secret)}


def store(
    world: World, identity: Identity, method: Row, clear: str, description: str, ttl: int, uses_limit: int
) -> ClientSecret:
    now = world.clock.now()
    secret = ClientSecret(
        id=new_id(),
        identity_id=identity.id,
        method_id=method["id"],
        digest=hashlib.sha256(clear.encode()).hexdigest(),
        prefix=clear[:4],
        description=description,
        ttl=ttl,
        uses_limit=uses_limit,
        created_at=now,
        updated_at=now,
    )
    world.client_secrets[secret.id] = secret
    return secret


@routes.add("GET", f"{BASE}/client-secrets")
def list_all(call: Call) -> Row:
    identity, _method = owner(call)
    require(call, identity.org_id, "read", "identity")
    require_superiority(call, identity, "list client secrets")
    found = [row for row in call.world.client_secrets.values() if row.identity_id == identity.id and not row.revoked]
    # A secret that was used moves to the end (server-notes#client-secret-life-cycle).
    found.sort(key=lambda row: row.updated_at)
    return {"clientSecretData": [answered(row) for row in found]}


@routes.add("GET", f"{BASE}/client-secrets/{{clientSecretId}}")
def get(call: Call) -> Row:
    return {"clientSecretData": answered(find(call, "read", "get client secret"))}


@routes.add("POST", f"{BASE}/client-secrets/{{clientSecretId}}/revoke")
def revoke(call: Call) -> Row:
    secret = find(call, "delete", "revoke client secret")
    secret.revoked = True
    secret.updated_at = call.world.clock.now()
    return {"clientSecretData": answered(secret)}


def owner(call: Call) -> tuple[Identity, Row]:
    identity = find_identity(call, "FindOne", missing_identity(call))
    method = METHODS[call.profile.name][SLUG]
    return identity, attached(call, identity, method, method.refusals.revoke)


def find(call: Call, action: str, act: str) -> ClientSecret:
    """Find a secret by its id alone: that it belongs to another identity goes unnoticed
    (server-notes#client-secrets-of-other-identities)."""
    identity, _method = owner(call)
    secret_id = call.params["clientSecretId"]
    secret = call.world.client_secrets.get(secret_id.lower()) if is_uuid(secret_id) else None
    if secret is None:
        raise unknown_secret(call)
    require(call, identity.org_id, action, "identity")
    require_superiority(call, identity, act)
    return secret


def unknown_secret(call: Call) -> ApiError:
    if call.profile.many_auth_methods:
        return not_found(missing_identity(call))
    return internal()


def answered(secret: ClientSecret) -> Row:
    return {
        "id": secret.id,
        "createdAt": iso(secret.created_at),
        "updatedAt": iso(secret.updated_at),
        "description": secret.description,
        "clientSecretPrefix": secret.prefix,
        "clientSecretNumUses": secret.uses,
        "clientSecretNumUsesLimit": secret.uses_limit,
        "clientSecretTTL": secret.ttl,
        "identityUAId": secret.method_id,
        "isClientSecretRevoked": secret.revoked,
    }
