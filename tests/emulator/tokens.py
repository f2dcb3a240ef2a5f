# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Access tokens: issued as JWTs, checked at every use, renewed and revoked."""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import Any

import jwt

from .addresses import trusts
from .call import Call, Caller
from .errors import ApiError, forbidden, internal, token_error, unauthorized
from .world import AccessToken, Identity, Row, World, new_id

MALFORMED = "The provided access token is malformed. Please use a valid token or generate a new one and try again."
GONE = "No identity access token found"
# What a login answers as ceiling of a periodic token (server-notes#periodic-tokens).
NO_CEILING = 1_000_000_000


def issue(world: World, identity: Identity, method: str, **more: Any) -> dict[str, Any]:
    """Make a token with the settings the method has at this moment, and the answer of a login."""
    row = identity.methods[method]
    now = world.clock.now()
    period = row.get("accessTokenPeriod", 0)
    token = AccessToken(
        id=new_id(),
        identity_id=identity.id,
        method=method,
        ttl=period or row["accessTokenTTL"],
        max_ttl=NO_CEILING if period else row["accessTokenMaxTTL"],
        uses_limit=row["accessTokenNumUsesLimit"],
        period=period,
        created_at=now,
        updated_at=now,
        **more,
    )
    world.access_tokens[token.id] = token
    return answer(world, token)


def answer(world: World, token: AccessToken) -> dict[str, Any]:
    return {
        "accessToken": encode(world, token),
        "expiresIn": token.ttl,
        "accessTokenMaxTTL": token.max_ttl,
        "tokenType": "Bearer",
    }


def encode(world: World, token: AccessToken) -> str:
    payload: dict[str, Any] = {
        "identityId": token.identity_id,
        "identityAccessTokenId": token.id,
        "authTokenType": "identityAccessToken",
        "iat": int(token.created_at),
    }
    if token.client_secret_id:
        payload["clientSecretId"] = token.client_secret_id
    if world.profile.jwt_expires_at_max_ttl:
        payload["exp"] = int(token.created_at) + token.max_ttl
    elif token.ttl:
        payload["iat"] = int(token.renewed_at or token.created_at)
        payload["exp"] = payload["iat"] + token.ttl
    return jwt.encode(payload, signing_key(world), algorithm="HS256")


def user_token(world: World) -> str:
    """A person's JWT: accepted wherever identities are, and on the few routes that want a person."""
    payload = {"authTokenType": "accessToken", "userId": world.derived_id("user"), "iat": int(world.clock.now())}
    return jwt.encode(payload, signing_key(world), algorithm="HS256")


def signing_key(world: World) -> str:
    return world.derived("jwt")


def decode(world: World, text: str) -> dict[str, Any]:
    """Check signature and expiry; the texts are those of the server's JWT library (server-notes#rejected-tokens)."""
    if not text:
        raise token_error("jwt must be provided")
    payload = signed_payload(signing_key(world), text)
    if "exp" in payload and world.clock.now() >= payload["exp"]:
        raise token_error("Your token has expired. Please re-authenticate.")
    return payload


@lru_cache(maxsize=4096)
def signed_payload(key: str, text: str) -> dict[str, Any]:
    """Check form and signature, which takes longer than all the rest of a request: so only once a token."""
    parts = text.split(".")
    if len(parts) != 3:
        raise token_error(MALFORMED)
    try:
        json.loads(base64.urlsafe_b64decode(parts[0] + "=="))
    except ValueError:
        raise token_error("invalid token") from None
    unchecked: Any = {f"verify_{claim}": False for claim in ("exp", "iat", "aud")}
    try:
        payload: dict[str, Any] = jwt.decode(text, key, algorithms=["HS256"], options=unchecked)
    except jwt.InvalidSignatureError:
        raise token_error("invalid signature") from None
    except jwt.InvalidTokenError:
        raise token_error(MALFORMED) from None
    return payload


def authenticate(call: Call) -> Caller:
    """Find out who calls; runs before the rate limit and before the body is parsed (server-notes#limits)."""
    header = call.headers.get("authorization")
    if header is None:
        raise unauthorized("Token missing")
    # The server cuts seven characters off, whatever they are: any case of "Bearer " passes
    # (server-notes#rejected-tokens).
    payload = decode(call.world, header[7:].strip())
    if payload.get("authTokenType") == "accessToken":
        return Caller(None)
    token = live(call.world, payload)
    identity = call.world.identities[token.identity_id]
    check_address(call, identity, token)
    spend(call.world, token)
    return Caller(identity, token)


def live(world: World, payload: dict[str, Any]) -> AccessToken:
    token = world.access_tokens.get(payload.get("identityAccessTokenId", ""))
    if token is None or token.revoked or token.identity_id not in world.identities:
        raise unauthorized(GONE)
    return token


def check_address(call: Call, identity: Identity, token: AccessToken) -> None:
    """Hold the caller's address against the method's list as it is now (server-notes#tokens-copy-their-settings)."""
    row: Row | None = identity.methods.get(token.method)
    if row is None:
        # The old server fails on a token whose method is gone (server-notes#reattaching-is-no-update).
        raise internal() if not call.profile.many_auth_methods else unauthorized(GONE)
    if not trusts(row["accessTokenTrustedIps"], call.ip):
        raise forbidden("You are not allowed to access this resource from the current IP address")


def spend(world: World, token: AccessToken) -> None:
    """Count a use; a token that is over removes itself at the next try (server-notes#ended-tokens)."""
    now = world.clock.now()
    refuse_exhausted(world, token, now)
    token.uses += 1
    token.used_at = now


def refuse_exhausted(world: World, token: AccessToken, now: float) -> None:
    if token.uses_limit and token.uses >= token.uses_limit:
        del world.access_tokens[token.id]
        raise unauthorized("Unable to renew because access token number of uses limit reached")
    if token.ttl and now > (token.renewed_at or token.created_at) + token.ttl:
        del world.access_tokens[token.id]
        raise unauthorized("Failed to renew MI access token due to TTL expiration")


def renew(world: World, text: str) -> dict[str, Any]:
    """Extend a token; never past its ceiling."""
    token = live(world, decode(world, text))
    now = world.clock.now()
    refuse_exhausted(world, token, now)
    if token.max_ttl > 0 and not token.period:
        end = token.created_at + token.max_ttl
        if now > end:
            raise past_ceiling(world, token, "Failed to renew MI access token due to Max TTL expiration")
        if now + token.ttl > end:
            raise past_ceiling(world, token, "Failed to renew MI access token past its Max TTL expiration")
    token.renewed_at = token.updated_at = now
    return {**answer(world, token), **({"accessToken": text} if world.profile.renews_in_place else {})}


def past_ceiling(world: World, token: AccessToken, message: str) -> ApiError:
    """Refuse to renew; the token is gone with it, however long it would have lasted (server-notes#ended-tokens)."""
    del world.access_tokens[token.id]
    return unauthorized(message)


def revoke(world: World, text: str) -> None:
    token = live(world, decode(world, text))
    del world.access_tokens[token.id]
