# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of a Kubernetes service account with the token that is mounted into its pods."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.token_file import token_in


class KubernetesAuth(LoginMethod):
    """Uses a token from the options, or the service account token of the pod."""

    name = "kubernetes_auth"
    credentials = ("auth_identity_id",)
    suspects = ("that the token has the auth method's audience", "that its namespace and name are in the allowlists")

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params.get("jwt") or self._mounted_token())

    def _mounted_token(self) -> str:
        advice = "Run this in a pod that has a service account, or set kubernetes_token_path or jwt."
        return token_in(self.params["kubernetes_token_path"], "service account token", advice)
