# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of a Google Cloud service account with a token of the metadata server or with the key of the account."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod, folded
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.library import library_missing
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.nearby import ask_metadata, token_of

METADATA = "The Google Cloud metadata server"
KEY_PATH = "gcp_service_account_key_path"
LIFETIME = 900
"""Lifetime in seconds of a token that is signed here, long enough to tolerate clock differences."""


class GcpAuth(LoginMethod):
    """Serves auth methods of type ``iam`` with a key file, and of type ``gce`` without one."""

    name = "gcp_auth"
    # The two spellings of the CLI distinguish the two types.
    synonyms = ("gcp_iam", "gcp_id_token")
    credentials = ("auth_identity_id",)
    suspects = (
        f"that {KEY_PATH} is set if, and only if, the type of the auth method is iam",
        "that the service account is in its allowlists",
        "this machine's clock",
    )

    def missing(self) -> list[str]:
        wants_key = self._spelling() == "gcp_iam" and not self.params.get(KEY_PATH) and not self.params.get("jwt")
        return super().missing() + [KEY_PATH] * wants_key

    def proof(self, client: Client) -> dict[str, Any]:
        return self.jwt_proof(self.params.get("jwt") or self._token())

    def _spelling(self) -> str:
        return folded(self.params.get("auth_method") or "")

    def _token(self) -> str:
        path = self.params.get(KEY_PATH)
        if path and self._spelling() != "gcp_id_token":
            return self._signed_with_key(path)
        return self._token_of_instance()

    def _token_of_instance(self) -> str:
        # The variable has this name in google-auth.
        host = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
        url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/identity"
        # Only the full format contains the project and the zone that the auth method may check
        # (server-notes#gcp-login).
        query = {"audience": self.identity_id, "format": "full"}
        return token_of(ask_metadata(METADATA, "GET", url, {"Metadata-Flavor": "Google"}, query), METADATA)

    def _signed_with_key(self, path: str) -> str:
        """Returns a token signed with the key file. The server looks up the public keys of the account."""
        try:
            from google.auth import crypt, jwt
        except ImportError as error:
            raise library_missing("google-auth", self.name, error) from error
        try:
            with open(path, encoding="utf-8") as file:
                key = json.load(file)
            signer = crypt.RSASigner.from_service_account_info(key)
            now = int(time.time())
            claims = {"sub": key["client_email"], "aud": self.identity_id, "iat": now, "exp": now + LIFETIME}
            return str(jwt.encode(signer, claims).decode())
        except OSError as error:
            raise unusable(path, str(error.strerror)) from error
        except (ValueError, KeyError, TypeError) as error:
            # The message of a parser could quote the file.
            raise unusable(path, "it is not the JSON key of a service account") from error


def unusable(path: str, reason: str) -> InfisicalError:
    return InfisicalError("authentication", f"{KEY_PATH} {path} cannot be used: {reason}.", advice=f"Check {KEY_PATH}.")
