# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a task gets its access token: the two plain methods, and the choice among all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod, folded


class UniversalAuth(LoginMethod):
    """A client id and a client secret."""

    name = "universal_auth"
    credentials = ("universal_auth_client_id", "universal_auth_client_secret")

    def proof(self, client: Client) -> dict[str, Any]:
        return {"clientId": self.params[self.credentials[0]], "clientSecret": self.params[self.credentials[1]]}


class TokenAuth(LoginMethod):
    """A ready access token, used as it is."""

    name = "token_auth"
    synonyms = ("access_token",)
    credentials = ("token",)

    def token(self, client: Client) -> str:
        return str(self.params["token"]) if self.params.get("token") else super().token(client)


class UnknownMethod(LoginMethod):
    """What stands in for a value of ``auth_method`` that is none."""

    def errors(self) -> list[str]:
        names = ", ".join(method.name for method in (*PLAIN_METHODS, *proving_methods()))
        return [f"auth_method must be one of {names}, got '{self.params['auth_method']}'"]


PLAIN_METHODS: tuple[type[LoginMethod], ...] = (UniversalAuth, TokenAuth)
"""The methods that need nothing but what the user gives."""


def proving_methods() -> Iterator[type[LoginMethod]]:
    """The methods that prove who the machine is, each imported when it is looked at: most tasks need none of them."""
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


def login_class(params: Mapping[str, Any]) -> type[LoginMethod]:
    """The login method that the options ask for; without ``auth_method`` the one that a credential is given for."""
    given = params.get("auth_method")
    if not given:
        by_token = params.get("token") and not params.get("universal_auth_client_id")
        return TokenAuth if by_token else UniversalAuth
    return spelled(given, PLAIN_METHODS) or spelled(given, proving_methods()) or UnknownMethod


def spelled(given: str, methods: Iterable[type[LoginMethod]]) -> type[LoginMethod] | None:
    """The one of ``methods`` that is meant by ``given``."""
    spelling = folded(given)
    return next((one for one in methods if spelling in (folded(one.name), *one.synonyms)), None)
