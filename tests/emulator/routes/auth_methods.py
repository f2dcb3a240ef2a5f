# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Attach, read, update and revoke of every auth method, driven by the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import lockouts
from ..auth_methods import METHODS
from ..call import Call
from ..errors import ApiError, DatabaseError, bad_request
from ..method_table import AuthMethod
from ..method_writes import carry_out
from ..permissions import require, require_superiority
from ..routing import Routes
from ..templates import LINK, MASKED
from ..world import Identity, Row, new_id
from .identities import find_identity

TTL_ERROR = "Access token TTL cannot be greater than max TTL"

routes = Routes()


def missing_identity(call: Call, *, short: bool = False) -> str:
    """The text for an unknown identity on these routes (server-notes#unknown-identities)."""
    if call.profile.many_auth_methods and not short:
        return f"Failed to find identity with ID {call.params['identityId']}"
    return "Failed to find identity"


def subject_of(call: Call, *, short: bool = False) -> Identity:
    return find_identity(call, "FindOne", missing_identity(call, short=short))


def refusal(call: Call, text: tuple[int, str]) -> ApiError:
    status, message = text
    error = "NotFound" if status == 404 else "BadRequest"
    return ApiError(status, error, message.format(**call.params))


def attach(call: Call, method: AuthMethod) -> Row:
    """Check identity, already attached, TTL and permission; then what every write is held against
    (server-notes#order-of-the-checks)."""
    body = call.read(method.body_of_attach(call.profile))
    identity = subject_of(call)
    if method.slug in identity.methods or (identity.methods and not call.profile.many_auth_methods):
        raise refusal(call, method.refusals.attach)
    if body["accessTokenMaxTTL"] > 0 and body["accessTokenTTL"] > body["accessTokenMaxTTL"]:
        raise bad_request(TTL_ERROR)
    require(call, identity.org_id, method.attach_action, "identity")
    now = call.now()
    row = {"id": new_id(), "identityId": identity.id, **method.fixed, **body, "createdAt": now, "updatedAt": now}
    row.update({name: make() for name, make in method.generated.items()})
    identity.methods[method.slug] = carry_out(call, method, body, row, {}, identity.org_id)
    touch(call, identity)
    unsent = tuple(name for name in method.echoed_by_attach if name not in body and not row.get(LINK))
    return {method.envelope: answered(method, row, hidden=method.only_on_get + unsent)}


def get(call: Call, method: AuthMethod) -> Row:
    identity = subject_of(call)
    row = attached(call, identity, method, method.refusals.get)
    require(call, identity.org_id, "read", "identity")
    return {method.envelope: answered(method, row)}


def update(call: Call, method: AuthMethod) -> Row:
    body = call.read(method.body_of_update(call.profile))
    identity = subject_of(call)
    row = attached(call, identity, method, method.refusals.update)
    check_ttl_of_update(method, row, body)
    require(call, identity.org_id, method.update_action, "identity")
    if not body and call.profile.refuses_empty_update:
        raise DatabaseError("Update by id")
    merged = {**row, **body, "updatedAt": call.now()}
    identity.methods[method.slug] = carry_out(call, method, body, merged, row, identity.org_id)
    return {method.envelope: answered(method, merged, hidden=method.only_on_get)}


def revoke(call: Call, method: AuthMethod) -> Row:
    identity = subject_of(call, short=method.short_missing_on_revoke)
    attached(call, identity, method, method.refusals.revoke)
    require(call, identity.org_id, "edit", "identity")
    # The text calls the method as that of a method that is not attached does.
    noun = method.refusals.revoke[1].removeprefix("The identity does not have ").removesuffix(" attached")
    require_superiority(call, identity, "revoke method", method=method.called or noun)
    row = identity.methods.pop(method.slug)
    if method.has_client_secrets:
        # The client secrets go with it, and so do their tokens (server-notes#reattaching-is-no-update).
        call.world.drop_client_secrets(identity.id)
        call.world.drop_tokens(identity.id, method.slug)
    elif call.profile.many_auth_methods:
        call.world.drop_tokens(identity.id, method.slug)
    touch(call, identity)
    return {method.envelope: answered(method, row, hidden=method.omitted_on_revoke + method.only_on_get)}


def clear_lockouts(call: Call, method: AuthMethod) -> Row:
    identity = subject_of(call)
    attached(call, identity, method, method.refusals.clear_lockouts or method.refusals.revoke)
    require(call, identity.org_id, "edit", "identity")
    return {"deleted": lockouts.clear(call, identity.id, method.slug)}


def attached(call: Call, identity: Identity, method: AuthMethod, text: tuple[int, str]) -> Row:
    row = identity.methods.get(method.slug)
    if row is None:
        raise refusal(call, text)
    return row


def check_ttl_of_update(method: AuthMethod, row: Row, body: Row) -> None:
    """Some methods set the stored MaxTTL in for an omitted TTL (server-notes#lowering-the-maximum)."""
    ttl = body.get("accessTokenTTL") or row[method.ttl_falls_back_to]
    max_ttl = body.get("accessTokenMaxTTL") or row["accessTokenMaxTTL"]
    if max_ttl > 0 and ttl > max_ttl:
        raise bad_request(TTL_ERROR)


def touch(call: Call, identity: Identity) -> None:
    """2024-10 keeps the method's name on the identity's row, so attaching counts as an update
    (server-notes#one-method-per-identity)."""
    if not call.profile.many_auth_methods:
        identity.updated_at = call.now()


def answered(method: AuthMethod, row: Row, hidden: tuple[str, ...] = ()) -> Row:
    """The row as the API answers it: without what is the server's own, and with copied secrets masked."""
    masked = row.get(MASKED, ())
    answer = {
        name: "" if name in masked else value
        for name, value in row.items()
        if name not in hidden and not name.startswith("_")
    }
    if method.reports_period:
        answer["accessTokenPeriod"] = 0
    return answer


def declare(profile: str, method: AuthMethod) -> None:
    path = f"/api/v1/auth/{method.slug}/identities/{{identityId}}"
    for verb, handler in (("POST", attach), ("GET", get), ("PATCH", update), ("DELETE", revoke)):
        routes.add(verb, path, only=profile)(bound(handler, method))
    if method.has_lockout:
        routes.add("POST", f"{path}/clear-lockouts", only=profile)(bound(clear_lockouts, method))


def bound(handler: Callable[[Call, AuthMethod], Any], method: AuthMethod) -> Callable[[Call], Any]:
    return lambda call: handler(call, method)


for profile_name, methods in METHODS.items():
    for entry in methods.values():
        declare(profile_name, entry)
