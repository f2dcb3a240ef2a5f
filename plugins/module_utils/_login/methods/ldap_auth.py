# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login with user name and password of an LDAP directory."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod


class LdapAuth(LoginMethod):
    """Uses a user name and a password, which are never sent twice: a wrong one counts towards a lockout
    (server-notes#lockouts)."""

    name = "ldap_auth"
    credentials = ("auth_identity_id", "ldap_username", "ldap_password")

    def proof(self, client: Client) -> dict[str, Any]:
        return {
            "identityId": self.identity_id,
            "username": self.params["ldap_username"],
            "password": self.params["ldap_password"],
        }
