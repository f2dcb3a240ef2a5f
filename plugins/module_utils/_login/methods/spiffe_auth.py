# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of a SPIFFE workload with its JWT-SVID."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.library import library_missing
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.token_file import token_in
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted

SOCKET = r"unix:(//)?/[^?#]+|tcp://(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):\d+"
"""The addresses of a Workload API that SPIFFE allows: a local path, or an IP address with a port."""

LONGEST_ANSWER = 10.0
"""Seconds. The agent is on the same machine."""


class SpiffeAuth(LoginMethod):
    """Uses a JWT-SVID from the options, from a file, or from the Workload API, in this order."""

    name = "spiffe_auth"
    credentials = ("auth_identity_id",)
    suspects = (
        "that the JWT-SVID has not expired",
        "that it has one of the auth method's audiences",
        "that its SPIFFE ID is in the allowlist and in the trust domain",
    )

    def errors(self) -> list[str]:
        socket = self.params.get("spiffe_endpoint_socket") or ""
        errors = super().errors()
        if socket and not re.fullmatch(SOCKET, socket):
            errors.append(
                "spiffe_endpoint_socket must be an address such as unix:///run/spire/sockets/agent.sock or"
                f" tcp://127.0.0.1:8081, got {quoted(socket)}"
            )
        return errors

    def missing(self) -> list[str]:
        if self.params.get("jwt") or self.params.get("spiffe_jwt_path"):
            return super().missing()
        needed = ("spiffe_endpoint_socket", "spiffe_audience")
        lacking = [option for option in needed if not self.params.get(option)]
        if len(lacking) == len(needed):
            lacking = ["one of jwt, spiffe_jwt_path and spiffe_endpoint_socket"]
        return super().missing() + lacking

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params.get("jwt") or self._token())

    def _token(self) -> str:
        path = self.params.get("spiffe_jwt_path")
        if path:
            return token_in(path, "JWT-SVID", "Run this where it is provided, or set spiffe_jwt_path or jwt.")
        try:
            from spiffe import WorkloadApiClient
            from spiffe.errors import PySpiffeError
        except ImportError as error:
            raise library_missing("spiffe", self.name, error) from error
        socket, audience = self.params["spiffe_endpoint_socket"], self.params["spiffe_audience"]
        try:
            with WorkloadApiClient(socket) as api:
                return str(api.fetch_jwt_svid({audience}, timeout=LONGEST_ANSWER).token)
        except PySpiffeError as error:
            reason = " ".join(str(error).split()).rstrip(".")
            raise InfisicalError(
                "authentication",
                f"The SPIFFE Workload API at {socket} issued no JWT-SVID: {reason}.",
                advice="Check spiffe_endpoint_socket, and that this process has a registration entry.",
            ) from error
