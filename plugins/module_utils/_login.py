# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a task gets its access token: one small class per login method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError


class LoginMethod:
    """One way to an access token, made of a task's options.

    ``name`` is the value of ``auth_method``; ``synonyms`` are the other spellings that Terraform and the CLI use.
    """

    name: str
    synonyms: tuple[str, ...] = ()

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params

    def faults(self) -> list[str]:
        """What is wrong with the options, found without the network."""
        return []

    def missing(self) -> list[str]:
        """The options without which this method cannot log in and that are not given."""
        raise NotImplementedError

    def proof(self, client: Client) -> dict[str, Any]:
        """The body of the login request."""
        raise NotImplementedError

    def token(self, client: Client) -> str:
        """The access token, after one login request."""
        missing = self.missing()
        if missing:
            raise InfisicalError(
                "authentication",
                f"There is nothing to log in with: auth_method {self.name} needs {' and '.join(missing)}.",
                advice="Give them as options, by their environment variables, or give token or login_data.",
            )
        body = self.proof(client)
        if self.params.get("organization_slug"):
            body["organizationSlug"] = self.params["organization_slug"]
        slug = self.name.replace("_", "-")
        try:
            answer = client.call("POST", f"/api/v1/auth/{slug}/login", body=body, authenticated=False)
        except InfisicalError as error:
            raise self._refused(error) from error
        return str(answer["accessToken"])

    def _refused(self, error: InfisicalError) -> InfisicalError:
        # An unknown client id or identity is a 404 (quirks.md §10, logins.md), but what failed is the login.
        if error.kind in ("not_found", "validation", "conflict"):
            error.kind = "authentication"
            error.advice = f"Check {' and '.join(self.credentials)}, and that the identity has this auth method."
        elif error.kind == "authentication":
            error.advice = f"Check {' and '.join(self.credentials)}."
        error.message = f"The login by {self.name} was refused: {error.message}"
        return error

    credentials: tuple[str, ...] = ()


class UniversalAuth(LoginMethod):
    """A client id and a client secret."""

    name = "universal_auth"
    synonyms = ("universal",)
    credentials = ("universal_auth_client_id", "universal_auth_client_secret")

    def missing(self) -> list[str]:
        return [option for option in self.credentials if not self.params.get(option)]

    def proof(self, client: Client) -> dict[str, Any]:
        return {"clientId": self.params[self.credentials[0]], "clientSecret": self.params[self.credentials[1]]}


class TokenAuth(LoginMethod):
    """A ready access token, used as it is."""

    name = "token_auth"
    synonyms = ("token", "access_token")
    credentials = ("token",)

    def missing(self) -> list[str]:
        return [] if self.params.get("token") else ["token"]

    def token(self, client: Client) -> str:
        return str(self.params["token"]).strip() if self.params.get("token") else super().token(client)


LOGIN_METHODS: tuple[type[LoginMethod], ...] = (UniversalAuth, TokenAuth)


class UnknownMethod(LoginMethod):
    """What stands in for a value of ``auth_method`` that is none."""

    def faults(self) -> list[str]:
        names = ", ".join(method.name for method in LOGIN_METHODS)
        return [f"auth_method must be one of {names}, got '{self.params['auth_method']}'"]


def login_method(params: Mapping[str, Any]) -> LoginMethod:
    """The login method that the options ask for; without ``auth_method`` the one that a credential is given for."""
    wish = params.get("auth_method")
    if not wish:
        if params.get("token") and not params.get("universal_auth_client_id"):
            return TokenAuth(params)
        return UniversalAuth(params)
    spelling = wish.strip().lower().replace("-", "_")
    for method in LOGIN_METHODS:
        if spelling in (method.name, *method.synonyms):
            return method(params)
    return UnknownMethod(params)
