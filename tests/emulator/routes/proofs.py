# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The logins with a proof, declared from the tables of the auth methods."""

from __future__ import annotations

from collections.abc import Callable

from ..auth_methods import METHODS
from ..call import Call
from ..errors import DatabaseError, not_found
from ..login_table import Login
from ..routing import Routes
from ..schema import is_uuid
from ..world import Row
from .logins import finish, login_shape

routes = Routes()


def log_in(call: Call, slug: str, login: Login) -> Row:
    body = call.read(login_shape(call, {"identityId": login.identity_rule, **login.fields}))
    identity_id = body["identityId"].lower()
    if not is_uuid(identity_id):
        # server-notes#malformed-ids
        raise DatabaseError("Find one")
    identity = call.world.identities.get(identity_id)
    row = identity.methods.get(slug) if identity else None
    if identity is None or row is None:
        raise not_found(login.missing)
    login.prove(call, row, body)
    return finish(call, identity, slug)


def bound(slug: str, login: Login) -> Callable[[Call], Row]:
    return lambda call: log_in(call, slug, login)


for profile, methods in METHODS.items():
    for method in methods.values():
        if method.login:
            path = f"/api/v1/auth/{method.slug}/login"
            declare = routes.add("POST", path, only=profile, token=False, login=True, slow=method.login.slow)
            declare(bound(method.slug, method.login))
