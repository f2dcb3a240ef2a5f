# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the server does with an LDAP directory. The client library is imported only here, because the import takes its
time."""

from __future__ import annotations

import ssl
from typing import Any

from .errors import internal
from .outgoing import TIMEOUT
from .world import Row


def server_of(row: Row) -> Any:
    from ldap3 import NONE, Server, Tls

    ca = row.get("ldapCaCertificate")
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_data=ca) if ca else None
    return Server(row["url"], get_info=NONE, connect_timeout=TIMEOUT, tls=tls)


def binds(row: Row) -> bool:
    """Whether the directory is there and takes the reader's credentials."""
    from ldap3 import Connection
    from ldap3.core.exceptions import LDAPException

    try:
        with Connection(server_of(row), row["bindDN"], row["bindPass"], receive_timeout=TIMEOUT) as reader:
            return bool(reader.bound)
    except LDAPException:
        return False


def bound_user(row: Row, name: str, password: str) -> Row | None:
    """Bind as the reader, search for the user, and bind as whoever was found. Returns the attributes that the method
    compares, or None if there is no such user or the password is wrong."""
    from ldap3 import NO_ATTRIBUTES, Connection
    from ldap3.core.exceptions import LDAPException
    from ldap3.utils.conv import escape_filter_chars

    server = server_of(row)
    wanted = sorted({entry["key"] for entry in row["allowedFields"] or []})
    criteria = row["searchFilter"].replace("{{username}}", escape_filter_chars(name))
    criteria = criteria if criteria.startswith("(") else f"({criteria})"
    try:
        with Connection(server, row["bindDN"], row["bindPass"], receive_timeout=TIMEOUT) as reader:
            if not reader.bound:
                raise internal()
            reader.search(row["searchBase"], criteria, attributes=wanted or [NO_ATTRIBUTES])
            entries = [entry for entry in reader.response or [] if entry["type"] == "searchResEntry"]
        if not entries or not Connection(server, entries[0]["dn"], password, receive_timeout=TIMEOUT).bind():
            return None
    except LDAPException:
        raise internal() from None
    held = entries[0]["attributes"]
    return {key: value[0] if isinstance(value, list) and value else value for key, value in held.items()}
