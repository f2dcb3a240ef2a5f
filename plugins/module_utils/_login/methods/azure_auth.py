# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of an Azure principal with a token of its managed identity, or one that azure-identity finds."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.library import library_missing
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.nearby import ask_metadata, member_of

METADATA = "The Azure metadata service"

OTHER_CREDENTIALS = (
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_ENDPOINT",
    "MSI_ENDPOINT",
)
"""Variables that select another principal than the machine's managed identity: a service principal, a pod of AKS, App
Service and Functions, Azure Arc. azure-identity evaluates them."""


class AzureAuth(LoginMethod):
    """Uses a token for the resource of the auth method."""

    name = "azure_auth"
    credentials = ("auth_identity_id",)
    suspects = (
        "that azure_resource is the resource of the auth method",
        "that the Azure principal belongs to its tenant and is in its allowlist",
        "azure_client_id if the machine has several identities",
    )

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params.get("jwt") or self._token())

    def _token(self) -> str:
        if any(os.environ.get(variable) for variable in OTHER_CREDENTIALS):
            return self._token_by_library()
        try:
            return self._token_of_managed_identity()
        except InfisicalError as error:
            return self._token_by_library(instead=error)

    def _token_of_managed_identity(self) -> str:
        # The variable has this name in azure-identity.
        address = os.environ.get("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://169.254.169.254").rstrip("/")
        query = {"api-version": "2018-02-01", "resource": self.params["azure_resource"]}
        if self.params.get("azure_client_id"):
            query["client_id"] = self.params["azure_client_id"]
        url = f"{address}/metadata/identity/oauth2/token"
        return member_of(ask_metadata(METADATA, "GET", url, {"Metadata": "true"}, query), METADATA, "access_token")

    def _token_by_library(self, instead: InfisicalError | None = None) -> str:
        """Returns the token that azure-identity finds. ``instead`` is the reason why there is none of a managed
        identity."""
        tried = f"{instead.message} " if instead else ""
        try:
            from azure.core.exceptions import AzureError
            from azure.identity import DefaultAzureCredential
        except ImportError as error:
            failure = library_missing("azure-identity", self.name, error)
            failure.message = tried + failure.message
            raise failure from error
        scope = self.params["azure_resource"].rstrip("/") + "/.default"
        client_id = self.params.get("azure_client_id")
        # A source that has failed already is not asked again. Otherwise, the settings of the library decide.
        known = {"exclude_managed_identity_credential": True} if instead else {}
        try:
            with DefaultAzureCredential(managed_identity_client_id=client_id, **known) as credential:
                return str(credential.get_token(scope).token)
        except (AzureError, ValueError) as error:
            sentence = f"{tried}azure-identity found no Azure credentials either: " if instead else "azure-identity: "
            raise InfisicalError(
                "authentication", sentence + " ".join(str(error).split()), advice="Check them with the Azure CLI."
            ) from error
