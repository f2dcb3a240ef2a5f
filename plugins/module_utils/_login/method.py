# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What every login method has in common: the checks before, the one request, and what a refusal means."""

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
    """One way to an access token, made of a task's options.

    ``name`` is the value of ``auth_method``; ``synonyms`` are the other spellings that Terraform and the CLI use, as
    :func:`folded`. ``credentials`` are the options without which nothing works, ``suspects`` what else to check after
    a refusal. ``repeated_by_server``: the server proves the caller by sending a signed request on to a cloud.
    ``mask`` is called with every secret that is obtained on the way.
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
        """What is wrong with the options, found without the network."""
        errors = errors_of(self.params, (*self.credentials, "jwt"))
        # 2024-10 servers answer an id of another form with a bare 500 (server-notes#malformed-ids).
        given = self.params.get(IDENTITY)
        if IDENTITY in self.credentials and given and not re.fullmatch(UUID, given.strip()):
            errors.append(f"{IDENTITY} must be the id of an identity, a UUID, got '{given}'")
        return errors

    def missing(self) -> list[str]:
        """The options without which this method cannot log in and that are not given."""
        return [option for option in self.credentials if not self.params.get(option)]

    def proof(self, client: Client) -> dict[str, Any]:
        """The body of the login request."""
        raise NotImplementedError

    def token(self, client: Client) -> str:
        """The access token, after one login request."""
        missing = self.missing()
        if missing:
            raise InfisicalError(
                "authentication",
                f"There is nothing to log in with: auth_method {self.name} needs {enumerated(missing)}.",
                advice="Give them as options, by their environment variables, or give token or login_data.",
            )
        body = self.proof(client)
        if self.params.get("organization_slug"):
            # Older servers drop the key (server-notes#sub-organizations).
            body["organizationSlug"] = self.params["organization_slug"]
        slug = self.name.replace("_", "-")
        try:
            answer = client.call("POST", f"/api/v1/auth/{slug}/login", body=body, authenticated=False)
        except InfisicalError as error:
            raise self._refused(error) from error
        client.login_slug = slug
        return self._given_by(answer["accessToken"])

    @property
    def identity_id(self) -> str:
        return str(self.params[IDENTITY]).strip()

    def _given_by(self, token: Any) -> str:
        """The token that a server answers a login with."""
        if not isinstance(token, str) or not token:
            raise InfisicalError("server", f"The login by {self.name} was answered without a usable accessToken.")
        self.mask(token)
        return sendable(token, f"The accessToken in the answer to the login by {self.name}", "server")

    def jwt_proof(self, jwt: str) -> dict[str, Any]:
        """The proof of a method that is proved by a JWT; one read from a file may end in a newline."""
        bare = jwt.strip()
        self.mask(bare)
        sendable(bare, f"The token that the login by {self.name} proves itself with", "authentication")
        return {"identityId": self.identity_id, "jwt": bare}

    def _refused(self, error: InfisicalError) -> InfisicalError:
        checks = [*self.credentials, *self.suspects]
        if error.kind == "permission":
            error.advice = "Check from which addresses, and for which subject, the identity's auth method lets log in."
        elif error.kind == "authentication":
            error.advice = f"Check {enumerated(checks)}."
        elif error.kind in ("not_found", "validation", "conflict"):
            # An unknown client id or identity is a 404 (server-notes#rejected-logins), but what failed is the login.
            error.kind = "authentication"
            error.advice = f"Check {enumerated([*checks, 'that the identity has this auth method'])}."
        elif self.repeated_by_server and error.error == "InternalServerError":
            # What the cloud answers to a wrong or outdated signature comes out as this
            # (server-notes#failures-of-the-aws-login).
            error.kind = "authentication"
            error.advice = f"Servers answer so when the cloud refuses the signature. Check {enumerated(checks)}."
        outcome = "was refused" if error.kind in ("authentication", "permission") else "failed"
        error.message = f"The login by {self.name} {outcome}: {error.message}"
        return error


def folded(spelling: str) -> str:
    """What ``aws-auth``, ``AWS_AUTH`` and ``aws`` have in common."""
    bare = spelling.strip().lower().replace("-", "_")
    return bare[: -len("_auth")] if bare.endswith("_auth") else bare


def enumerated(items: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1]) if part)
