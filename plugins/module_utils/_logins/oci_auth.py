# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of an OCI user, by a signed request that the server repeats to Oracle's identity service."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login_method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._logins._library import library_missing

try:
    import requests
except ImportError:
    # Nothing of the collection runs without it, which _run.py says.
    pass

REGION = r"[a-z]{2}-[a-z]+-[1-9]"
"""The regions whose identity service the server asks (logins.md, OCI)."""


class OciAuth(LoginMethod):
    """The API signing key of a user, from the OCI configuration file."""

    name = "oci_auth"
    credentials = ("auth_identity_id",)
    suspects = (
        "that oci_profile's key is one of the user's API keys",
        "that the user is of the auth method's tenancy and in its allowlist",
        "this machine's clock",
    )
    repeated_by_server = True

    def proof(self, client: Client) -> dict[str, Any]:
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
        except (ClientError, ValueError, OSError, KeyError) as error:
            raise unusable(f"{error}") from error
        region = get_region_from_short_name(config["region"])
        if not re.fullmatch(REGION, region):
            raise unusable(f"Infisical does not know the region '{region}'")
        return {
            "identityId": self.identity_id,
            "userOcid": config["user"],
            "headers": self._signed_headers(signer, region, config["user"]),
        }

    def _signed_headers(self, signer: Any, region: str, user: str) -> dict[str, str]:
        url = f"https://identity.{region}.oraclecloud.com/20160918/users/{user}"
        signed = requests.Request("GET", url, auth=signer).prepare().headers
        self.conceal(signed["authorization"])
        # Names in lower case, and no others (logins.md, OCI).
        return {name: signed[name] for name in ("authorization", "date", "host")}


def unusable(reason: str) -> InfisicalError:
    return InfisicalError(
        "authentication",
        f"The OCI configuration cannot be used: {reason.rstrip('. ')}.",
        advice="Check oci_config_file and oci_profile.",
    )
