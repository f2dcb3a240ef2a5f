# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login with any JWT that the keys of the auth method verify."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod


class JwtAuth(LoginMethod):
    """Uses a JWT from the options."""

    name = "jwt_auth"
    credentials = ("auth_identity_id", "jwt")
    suspects = ("that it has not expired", "that it has the auth method's issuer, audience, subject and claims")

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params["jwt"])
