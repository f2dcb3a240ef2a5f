# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The login with universal auth."""

from __future__ import annotations

import hashlib
import hmac

from .. import tokens
from ..addresses import trusts
from ..call import Call
from ..errors import ApiError, forbidden, not_found, unauthorized
from ..lockouts import forgive, note_failure, refuse_locked
from ..routing import Routes
from ..schema import Field, Rule, required, shape, slug, text
from ..world import ClientSecret, Identity, Row

routes = Routes()

SLUG = "universal-auth"
UNTRUSTED = "You are not allowed to access this resource from the current IP address"


def login_shape(call: Call, fields: dict[str, Field]) -> Rule:
    """Every login of today also takes the slug of a sub-organisation."""
    return shape({**fields, **({"organizationSlug": Field(slug())} if call.profile.many_auth_methods else {})})


def finish(call: Call, identity: Identity, method: str, **more: str) -> Row:
    """Issue the token a proof has earned."""
    identity.last_login_method = method
    identity.last_login_time = call.now()
    return tokens.issue(call.world, identity, method, **more)


@routes.add("POST", "/api/v1/auth/universal-auth/login", token=False, login=True)
def universal(call: Call) -> Row:
    fields = {"clientId": required(text(trim=True)), "clientSecret": required(text(trim=True))}
    body = call.read(login_shape(call, fields))
    identity = owner(call, body["clientId"])
    row = identity.methods[SLUG]
    refuse_locked(call, identity.id, SLUG)
    if not trusts(row["clientSecretTrustedIps"], call.ip):
        raise forbidden(UNTRUSTED)
    secret = matching(call, identity, body["clientSecret"])
    if secret is None:
        note_failure(call, identity.id, SLUG, row)
        raise unauthorized("Invalid credentials")
    refuse_spent(call, secret)
    forgive(call, identity.id, SLUG)
    secret.uses += 1
    secret.updated_at = call.world.clock.now()
    return finish(call, identity, SLUG, client_secret_id=secret.id)


def owner(call: Call, client_id: str) -> Identity:
    for identity in call.world.identities.values():
        row = identity.methods.get(SLUG)
        if row is not None and row["clientId"] == client_id:
            return identity
    if call.profile.many_auth_methods:
        raise unauthorized("Invalid credentials")
    raise not_found("No identity with specified client ID was found")


def matching(call: Call, identity: Identity, text: str) -> ClientSecret | None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    for secret in call.world.client_secrets.values():
        if secret.identity_id == identity.id and not secret.revoked and hmac.compare_digest(secret.digest, digest):
            return secret
    return None


def refuse_spent(call: Call, secret: ClientSecret) -> None:
    """The login that finds a secret expired or used up revokes it (server-notes#dead-client-secrets)."""
    refusal: ApiError | None = None
    if secret.ttl > 0 and call.world.clock.now() > secret.created_at + secret.ttl:
        refusal = unauthorized("Access denied due to expired client secret")
    elif secret.uses_limit > 0 and secret.uses >= secret.uses_limit:
        refusal = unauthorized("Access denied due to client secret usage limit reached")
    if refusal:
        secret.revoked = True
        raise refusal
