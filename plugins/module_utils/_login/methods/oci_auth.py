# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of an OCI user with a signed request, which the server forwards to Oracle's identity service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod, enumerated
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.library import library_missing

REGION = r"[a-z]{2}-[a-z]+-[1-9]"
"""The regions that the server supports (server-notes#oci-login)."""


class OciAuth(LoginMethod):
    """Uses the API signing key of a user, from the OCI configuration file."""

    name = "oci_auth"
    credentials = ("auth_identity_id",)
    suspects = (
        "that oci_profile's key is one of the user's API keys",
        "that the user belongs to the auth method's tenancy and is in its allowlist",
        "this machine's clock",
    )
    repeated_by_server = True

    def proof(self, client: Client) -> dict[str, Any]:
        user, region, signer = self._configured()
        if not re.fullmatch(REGION, region):
            raise unusable(f"Infisical does not support the region '{region}'")
        return {
            "identityId": self.identity_id,
            "userOcid": user,
            "headers": self._signed_headers(signer, f"identity.{region}.oraclecloud.com", user),
        }

    def _configured(self) -> tuple[str, str, Any]:
        """Returns the OCID of the user, the region, and the signer with the user's key. Raises InfisicalError."""
        try:
            from oci import config as configuration
            from oci.exceptions import ClientError
            from oci.regions import get_region_from_short_name
            from oci.signer import Signer
        except ImportError as error:
            raise library_missing("oci", self.name, error) from error
        try:
            config = configuration.from_file(
                self.params.get("oci_config_file") or configuration.DEFAULT_LOCATION,
                self.params.get("oci_profile") or configuration.DEFAULT_PROFILE,
            )
            configuration.validate_config(config)
            signer = Signer(
                config["tenancy"],
                config["user"],
                config["fingerprint"],
                config.get("key_file"),
                pass_phrase=config.get("pass_phrase"),
                private_key_content=config.get("key_content"),
            )
            return config["user"], get_region_from_short_name(config["region"]), signer
        except (ClientError, ValueError, OSError, KeyError) as error:
            raise unusable(reason_of(error)) from error

    def _signed_headers(self, signer: Any, host: str, user: str) -> dict[str, str]:
        import requests

        signed = requests.Request("GET", f"https://{host}/20160918/users/{user}", auth=signer).prepare().headers
        # The header contains quotes, which may be escaped when it is quoted, so the signature is masked separately.
        self.mask(signed["authorization"])
        self.mask(signed["authorization"].partition('signature="')[2].partition('"')[0])
        # Lower-case names, and no other headers (server-notes#oci-login).
        return {name: signed[name] for name in ("authorization", "date", "host")}


def reason_of(error: Exception) -> str:
    """Returns the message of the library, which reports invalid entries as a dictionary."""
    wrong = error.args[0] if error.args else ""
    if isinstance(wrong, Mapping):
        return enumerated(sorted(f"{entry} is {error}" for entry, error in wrong.items()))
    return str(error)


def unusable(reason: str) -> InfisicalError:
    return InfisicalError(
        "authentication",
        f"The OCI configuration cannot be used: {reason.rstrip('. ')}.",
        advice="Check oci_config_file and oci_profile.",
    )
