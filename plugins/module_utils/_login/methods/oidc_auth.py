# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of a CI job with its OIDC token."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.credentials import sendable
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.nearby import (
    ask_token_endpoint,
    member_of,
)

GITHUB = "The token endpoint of GitHub Actions"
GITHUB_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"


class OidcAuth(LoginMethod):
    """Uses a token from the options, or the one that GitHub Actions issues to a job with ``id-token: write``."""

    name = "oidc_auth"
    credentials = ("auth_identity_id", "jwt")
    suspects = ("that it has not expired", "that it has the auth method's issuer, audience, subject and claims")

    def missing(self) -> list[str]:
        in_github = os.environ.get(GITHUB_URL) and os.environ.get(GITHUB_TOKEN)
        return [option for option in super().missing() if not (option == "jwt" and in_github)]

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params.get("jwt") or self._token_of_github())

    def _token_of_github(self) -> str:
        request_token = os.environ[GITHUB_TOKEN].strip()
        self.mask(request_token)
        sendable(request_token, GITHUB_TOKEN)
        audience = self.params.get("oidc_audience")
        query = {"audience": audience} if audience else {}
        return member_of(ask_token_endpoint(GITHUB, os.environ[GITHUB_URL], request_token, query), GITHUB, "value")
