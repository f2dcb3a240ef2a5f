# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The choice of the login method, and the two methods that need only values from the user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod, folded


class UniversalAuth(LoginMethod):
    """Logs in with a client id and a client secret."""

    name = "universal_auth"
    credentials = ("universal_auth_client_id", "universal_auth_client_secret")

    def proof(self, client: Client) -> dict[str, Any]:
        return {"clientId": self.params[self.credentials[0]], "clientSecret": self.params[self.credentials[1]]}


class TokenAuth(LoginMethod):
    """Uses an existing access token."""

    name = "token_auth"
    synonyms = ("access_token",)
    credentials = ("token",)

    def token(self, client: Client) -> str:
        return str(self.params["token"]) if self.params.get("token") else super().token(client)


class UnknownMethod(LoginMethod):
    """Reports an invalid value of ``auth_method``."""

    def errors(self) -> list[str]:
        names = ", ".join(method.name for method in (*PLAIN_METHODS, *proving_methods()))
        return [f"auth_method must be one of {names}, got '{self.params['auth_method']}'"]


PLAIN_METHODS: tuple[type[LoginMethod], ...] = (UniversalAuth, TokenAuth)
"""The methods that need only values from the user."""


def proving_methods() -> Iterator[type[LoginMethod]]:
    """Yields the methods that prove the identity of the machine. Each is imported on demand,
    because most tasks need none."""
    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.aws_auth import AwsAuth

    yield AwsAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.azure_auth import AzureAuth

    yield AzureAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.gcp_auth import GcpAuth

    yield GcpAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.kubernetes_auth import (
        KubernetesAuth,
    )

    yield KubernetesAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.oidc_auth import OidcAuth

    yield OidcAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.jwt_auth import JwtAuth

    yield JwtAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.oci_auth import OciAuth

    yield OciAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.ldap_auth import LdapAuth

    yield LdapAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.tls_cert_auth import TlsCertAuth

    yield TlsCertAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.alicloud_auth import AlicloudAuth

    yield AlicloudAuth

    from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.spiffe_auth import SpiffeAuth

    yield SpiffeAuth


def login_class(params: Mapping[str, Any]) -> type[LoginMethod]:
    """Returns the login method that the options select: ``auth_method``, or else the one
    whose credentials are given."""
    given = params.get("auth_method")
    if not given:
        by_token = params.get("token") and not params.get("universal_auth_client_id")
        return TokenAuth if by_token else UniversalAuth
    return spelled(given, PLAIN_METHODS) or spelled(given, proving_methods()) or UnknownMethod


def spelled(given: str, methods: Iterable[type[LoginMethod]]) -> type[LoginMethod] | None:
    """Returns the one of ``methods`` that ``given`` names in one of its spellings, or None."""
    spelling = folded(given)
    return next((one for one in methods if spelling in (folded(one.name), *one.synonyms)), None)
