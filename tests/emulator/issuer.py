# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator's own token issuer: it stands for Azure, Google, a cluster and every OIDC provider at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from .clock import Clock
from .errors import unauthorized

KEY_ID = "emulator"
HOUR = 3600


@cache
def key() -> rsa.RSAPrivateKey:
    """Made on first use, which keeps the start of the emulator fast."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set() -> dict[str, Any]:
    public = RSAAlgorithm.to_jwk(key().public_key(), as_dict=True)
    return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}


def sign(clock: Clock, claims: dict[str, Any], expires_in: float = HOUR) -> str:
    now = int(clock.now())
    payload = {"iat": now, "nbf": now, "exp": int(now + expires_in), **claims}
    return jwt.encode(payload, key(), algorithm="RS256", headers={"kid": KEY_ID})


def verify(clock: Clock, token: str, public_keys: list[Any] | None = None) -> dict[str, Any]:
    """Check signature and times, leaving what the claims mean to the caller."""
    skipped = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    options: Any = {f"verify_{name}": False for name in skipped}
    for candidate in public_keys or [key().public_key()]:
        try:
            claims: dict[str, Any] = jwt.decode(token, candidate, algorithms=["RS256"], options=options)
        except (jwt.InvalidTokenError, ValueError):
            continue
        if not claims.get("nbf", 0) <= clock.now() + 60 or clock.now() >= claims.get("exp", float("inf")):
            raise unauthorized("Access denied: token is expired or not yet valid.")
        return claims
    raise unauthorized("Access denied: token has no valid signature.")


def azure_token(clock: Clock, tenant_id: str, resource: str, object_id: str) -> str:
    """A v1 access token of Entra for one resource (server-notes#azure-tokens)."""
    claims = {
        "iss": f"https://sts.windows.net/{tenant_id}/",
        "aud": resource,
        "tid": tenant_id,
        "oid": object_id,
        "sub": object_id,
        "idtyp": "app",
        "ver": "1.0",
    }
    return sign(clock, claims)
