# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The logins with a proof, declared from their tables."""

from __future__ import annotations

from collections.abc import Callable

from ..auth_methods import METHODS
from ..call import Call
from ..errors import DatabaseError, not_found
from ..login_table import Login
from ..logins import load
from ..routing import Routes
from ..schema import is_uuid
from ..world import Row
from .logins import finish, login_shape

routes = Routes()


def log_in(call: Call, login: Login) -> Row:
    body = call.read(login_shape(call, {"identityId": login.identity_rule, **login.fields}))
    identity_id = body["identityId"].lower()
    if not is_uuid(identity_id):
        # server-notes#malformed-ids
        raise DatabaseError("Find one")
    identity = call.world.identities.get(identity_id)
    row = identity.methods.get(login.slug) if identity else None
    if identity is None or row is None:
        raise not_found(login.missing)
    login.prove(call, row, body)
    return finish(call, identity, login.slug)


def bound(login: Login) -> Callable[[Call], Row]:
    return lambda call: log_in(call, login)


for entry in load():
    for profile, methods in METHODS.items():
        if entry.slug in methods:
            path = f"/api/v1/auth/{entry.slug}/login"
            routes.add("POST", path, only=profile, token=False, login=True, slow=entry.slow)(bound(entry))
