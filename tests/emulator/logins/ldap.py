# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""LDAP login: user name and password of an account registered through the control plane."""

from __future__ import annotations

import hmac

from ..call import Call
from ..errors import unauthorized
from ..lockouts import forgive, note_failure, refuse_locked
from ..login_table import Login
from ..schema import required, text, uuid_text
from ..world import Row

SLUG = "ldap-auth"


def prove(call: Call, row: Row, body: Row) -> None:
    """Lockouts are counted per user name (server-notes#lockouts)."""
    name = body["username"]
    refuse_locked(call, row["identityId"], SLUG, name)
    user = call.world.ldap_users.get(name)
    known = user is not None and hmac.compare_digest(user["password"], body["password"])
    if user is None or not known or not admitted(row, user):
        note_failure(call, row["identityId"], SLUG, row, name)
        raise unauthorized("Invalid credentials")
    forgive(call, row["identityId"], SLUG, name)


def admitted(row: Row, user: Row) -> bool:
    attributes = user.get("attributes", {})
    return all(
        str(attributes.get(entry["key"])) in entry["value"].split(",") for entry in row.get("allowedFields") or []
    )


LOGINS = [
    Login(
        SLUG,
        "LDAP",
        prove,
        {"username": required(text(trim=True, minimum=1)), "password": required(text(minimum=1))},
        identity_rule=required(uuid_text),
    )
]
