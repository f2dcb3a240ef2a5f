# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The base of all login methods: validation, the login request, and the meaning of its errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.credentials import errors_of, sendable
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

IDENTITY = "auth_identity_id"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class LoginMethod:
    """A login method with the options of a task.

    ``name`` is the value of ``auth_method``; ``synonyms`` are the spellings of Terraform and the CLI, as returned by
    :func:`folded`. ``credentials`` are the required options, ``suspects`` what else to check after a rejected login.
    ``repeated_by_server`` says that the server verifies the caller by forwarding a signed request to a cloud. ``mask``
    is called with every secret that the method obtains.
    """

    name: str = ""
    synonyms: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    repeated_by_server = False

    def __init__(self, params: Mapping[str, Any], mask: Callable[[str], None] = lambda secret: None) -> None:
        self.params = params
        self.mask = mask

    def errors(self) -> list[str]:
        """Returns the validation errors of the options, without network access."""
        errors = errors_of(self.params, (*self.credentials, "jwt"))
        # 2024-10 servers answer a malformed id with a 500 without explanation (server-notes#malformed-ids).
        given = self.params.get(IDENTITY)
        if IDENTITY in self.credentials and given and not re.fullmatch(UUID, given.strip()):
            errors.append(f"{IDENTITY} must be the id of an identity, a UUID, got '{given}'")
        return errors

    def missing(self) -> list[str]:
        """Returns the required options that are not set."""
        return [option for option in self.credentials if not self.params.get(option)]

    def proof(self, client: Client) -> dict[str, Any]:
        """Returns the body of the login request. Raises InfisicalError if a proof cannot be obtained."""
        raise NotImplementedError

    def login_client(self, client: Client) -> Client:
        """Returns the client that sends the login request."""
        return client

    def token(self, client: Client) -> str:
        """Logs in with one request and returns the access token. Raises InfisicalError."""
        missing = self.missing()
        if missing:
            raise InfisicalError(
                "authentication",
                f"The credentials are missing: auth_method {self.name} requires {enumerated(missing)}.",
                advice="Set them as options or environment variables, or set token or login_data.",
            )
        body = self.proof(client)
        if self.params.get("organization_slug"):
            # Older servers ignore the key (server-notes#sub-organizations).
            body["organizationSlug"] = self.params["organization_slug"]
        slug = self.name.replace("_", "-")
        try:
            answer = self.login_client(client).call(
                "POST", f"/api/v1/auth/{slug}/login", body=body, authenticated=False
            )
        except InfisicalError as error:
            raise self._rejected(error) from error
        client.login_slug = slug
        return self._given_by(answer["accessToken"])

    @property
    def identity_id(self) -> str:
        return str(self.params[IDENTITY]).strip()

    def _given_by(self, token: Any) -> str:
        """Returns the token from the answer to a login. Raises InfisicalError if it is unusable."""
        if not isinstance(token, str) or not token:
            raise InfisicalError("server", f"The login by {self.name} was answered without a usable accessToken.")
        self.mask(token)
        return sendable(token, f"The accessToken in the answer to the login by {self.name}", "server")

    def jwt_proof(self, jwt: str) -> dict[str, Any]:
        """Returns the login body for a JWT. A JWT from a file may end with a newline."""
        bare = jwt.strip()
        self.mask(bare)
        sendable(bare, f"The token for the login by {self.name}", "authentication")
        return {"identityId": self.identity_id, "jwt": bare}

    def _rejected(self, error: InfisicalError) -> InfisicalError:
        checks = [*self.credentials, *self.suspects]
        if error.kind == "permission":
            error.advice = "Check which addresses, and which subject, the identity's auth method admits."
        elif error.kind == "authentication":
            error.advice = f"Check {enumerated(checks)}."
        elif error.kind in ("not_found", "validation", "conflict"):
            # An unknown client id or identity causes a 404 (server-notes#rejected-logins), but the login is what
            # failed.
            error.kind = "authentication"
            error.advice = f"Check {enumerated([*checks, 'that the identity has this auth method'])}."
        elif self.repeated_by_server and error.error == "InternalServerError":
            # The cloud's answer to a wrong or expired signature results in this error
            # (server-notes#failures-of-the-aws-login).
            error.kind = "authentication"
            error.advice = f"Servers answer this when the cloud rejects the signature. Check {enumerated(checks)}."
        outcome = "was rejected" if error.kind in ("authentication", "permission") else "failed"
        error.message = f"The login by {self.name} {outcome}: {error.message}"
        return error


def folded(spelling: str) -> str:
    """Returns the common form of spellings such as ``aws-auth``, ``AWS_AUTH`` and ``aws``."""
    bare = spelling.strip().lower().replace("-", "_")
    return bare[: -len("_auth")] if bare.endswith("_auth") else bare


def enumerated(items: list[str]) -> str:
    """Joins items as in ``a, b and c``."""
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1]) if part)
