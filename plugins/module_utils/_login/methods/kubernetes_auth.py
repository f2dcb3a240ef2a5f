# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of a Kubernetes service account with the token that is mounted into its pods."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod

LONGEST_TOKEN = 1024 * 1024
"""Maximum number of characters to read: more than any token has, in case the file is endless."""


class KubernetesAuth(LoginMethod):
    """Uses a token from the options, or the service account token of the pod."""

    name = "kubernetes_auth"
    credentials = ("auth_identity_id",)
    suspects = ("that the token has the auth method's audience", "that its namespace and name are in the allowlists")

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params.get("jwt") or self._mounted_token())

    def _mounted_token(self) -> str:
        path = self.params["kubernetes_token_path"]
        try:
            with open(path, encoding="utf-8") as file:
                return file.read(LONGEST_TOKEN)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise InfisicalError(
                "authentication",
                f"The service account token {path} cannot be read: {reason}.",
                advice="Run this in a pod that has a service account, or set kubernetes_token_path or jwt.",
            ) from error
