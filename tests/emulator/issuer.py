# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator's own token issuer: it stands for Azure, Google, a cluster and every OIDC provider at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from .clock import Clock
from .errors import unauthorized

KEY_ID = "emulator"
HOUR = 3600
# A public key, with its id where it has one.
Key = tuple[str | None, Any]


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


def verify(clock: Clock, token: str, keys: list[Key] | None = None) -> dict[str, Any]:
    """Check signature and times, leaving what the claims mean to the caller. A token that names its key is verified
    with this one alone."""
    skipped = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    options: Any = {f"verify_{name}": False for name in skipped}
    for candidate in named(token, keys or [(KEY_ID, key().public_key())]):
        try:
            claims: dict[str, Any] = jwt.decode(token, candidate, algorithms_of(candidate), options=options)
        except (jwt.InvalidTokenError, ValueError, TypeError):
            continue
        if not claims.get("nbf", 0) <= clock.now() + 60 or clock.now() >= claims.get("exp", float("inf")):
            raise unauthorized("Access denied: token is expired or not yet valid.")
        return claims
    raise unauthorized("Access denied: token has no valid signature.")


def named(token: str, keys: list[Key]) -> list[Any]:
    """The keys that may have signed a token, by the key id in its header."""
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError:
        return []
    return [public for key_id, public in keys if key_id is None or wanted is None or key_id == wanted]


def algorithms_of(public: Any) -> list[str]:
    """What a key may have been used with: never a secret that both sides know, and never nothing."""
    if isinstance(public, rsa.RSAPublicKey):
        return ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
    return ["ES256", "ES384", "ES512"] if isinstance(public, ec.EllipticCurvePublicKey) else ["EdDSA"]


def keys_of(key_set: Any) -> list[Key]:
    """The keys of a JWKS; those of a kind that nobody knows are left out."""
    try:
        return [(one.key_id, one.key) for one in jwt.PyJWKSet.from_dict(key_set).keys]
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        raise unauthorized("Access denied: token has no valid signature.") from None


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
