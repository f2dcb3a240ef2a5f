# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of the connection and login options: their types, defaults and environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.errors import AnsibleFallbackNotFound


def first_set(*variables: str) -> str:
    """Returns the first of these environment variables that is set, as the fallback of an argument spec.

    Unlike in Ansible's own fallback, an empty variable counts as not set: AWX sets the variables of all fields of a
    credential, even if they are empty, and CI systems set the variables of secrets that a job may not see.
    """
    for name in variables:
        if os.environ.get(name, "").strip():
            return os.environ[name]
    raise AnsibleFallbackNotFound


@dataclass(frozen=True)
class ConnectionOption:
    """One option of every module. ``env`` are the variables that are read, in order, if the option is not given.

    ``env_of_method`` are the variables that are read before those for a login method. A fallback in an argument spec
    cannot depend on another option, so an option with such variables is read by :meth:`from_environment` when the
    method is known.
    """

    name: str
    env: tuple[str, ...] = ()
    env_of_method: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    type: str = "str"
    default: Any = None
    secret: bool = False
    aliases: tuple[str, ...] = ()

    def argument_spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = {"type": self.type}
        if self.env and not self.env_of_method:
            spec["fallback"] = (first_set, list(self.env))
        if self.default is not None:
            spec["default"] = self.default
        if self.secret:
            spec["no_log"] = True
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        return spec

    def from_environment(self, method: str) -> str | None:
        try:
            return first_set(*self.env_of_method.get(method, ()), *self.env)
        except AnsibleFallbackNotFound:
            return None


CI_TOKEN_VARIABLES = ("INFISICAL_JWT", "INFISICAL_OIDC_AUTH_JWT", "INFISICAL_AUTH_JWT")

# With the variables of the other clients (server-notes#variables-of-other-clients).
CONNECTION_OPTIONS = (
    ConnectionOption(
        "url",
        ("INFISICAL_URL", "INFISICAL_HOST", "INFISICAL_DOMAIN", "INFISICAL_API_URL"),
        default="https://app.infisical.com",
    ),
    ConnectionOption("validate_certs", ("INFISICAL_VALIDATE_CERTS",), type="bool", default=True),
    ConnectionOption("ca_path", ("INFISICAL_CA_PATH",), type="path", aliases=("ca_cert",)),
    ConnectionOption("client_cert", ("INFISICAL_CLIENT_CERT",), type="path"),
    ConnectionOption("client_key", ("INFISICAL_CLIENT_KEY",), type="path"),
    ConnectionOption("timeout", ("INFISICAL_TIMEOUT",), type="int", default=30),
    ConnectionOption("retries", ("INFISICAL_RETRIES", "INFISICAL_RETRY_MAX_RETRIES"), type="int", default=5),
    ConnectionOption("organization_slug", ("INFISICAL_AUTH_ORGANIZATION_SLUG",)),
    ConnectionOption("auth_method", ("INFISICAL_AUTH_METHOD",)),
    ConnectionOption("token", ("INFISICAL_TOKEN", "INFISICAL_ACCESS_TOKEN"), secret=True),
    ConnectionOption(
        "universal_auth_client_id",
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "UNIVERSAL_AUTH_MACHINE_IDENTITY_CLIENT_ID"),
    ),
    ConnectionOption(
        "universal_auth_client_secret",
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "UNIVERSAL_AUTH_MACHINE_IDENTITY_CLIENT_SECRET"),
        secret=True,
    ),
    ConnectionOption(
        "auth_identity_id",
        ("INFISICAL_MACHINE_IDENTITY_ID",),
        env_of_method={
            "aws_auth": ("INFISICAL_AWS_IAM_AUTH_IDENTITY_ID",),
            "azure_auth": ("INFISICAL_AZURE_AUTH_IDENTITY_ID",),
            "gcp_auth": ("INFISICAL_GCP_AUTH_IDENTITY_ID",),
            "kubernetes_auth": ("INFISICAL_KUBERNETES_IDENTITY_ID",),
            "oidc_auth": ("INFISICAL_OIDC_AUTH_IDENTITY_ID",),
            "oci_auth": ("INFISICAL_OCI_AUTH_IDENTITY_ID",),
            "ldap_auth": ("INFISICAL_LDAP_AUTH_IDENTITY_ID",),
            "tls_cert_auth": ("INFISICAL_TLS_CERT_AUTH_IDENTITY_ID",),
            "alicloud_auth": ("INFISICAL_ALICLOUD_AUTH_IDENTITY_ID",),
            "spiffe_auth": ("INFISICAL_SPIFFE_AUTH_IDENTITY_ID",),
        },
    ),
    ConnectionOption(
        "jwt",
        env_of_method={
            "oidc_auth": CI_TOKEN_VARIABLES,
            "jwt_auth": CI_TOKEN_VARIABLES,
            "kubernetes_auth": ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN",),
            "spiffe_auth": ("INFISICAL_SPIFFE_AUTH_JWT",),
        },
        secret=True,
    ),
    ConnectionOption("oidc_audience", ("INFISICAL_OIDC_AUTH_AUDIENCE",)),
    ConnectionOption(
        "kubernetes_token_path",
        ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH",),
        type="path",
        default="/var/run/secrets/kubernetes.io/serviceaccount/token",
    ),
    ConnectionOption("aws_region", ("AWS_REGION", "AWS_DEFAULT_REGION")),
    ConnectionOption("azure_client_id", ("AZURE_CLIENT_ID",)),
    ConnectionOption("azure_resource", ("INFISICAL_AZURE_AUTH_RESOURCE",), default="https://management.azure.com/"),
    ConnectionOption("gcp_service_account_key_path", ("INFISICAL_GCP_IAM_SERVICE_ACCOUNT_KEY_FILE_PATH",), type="path"),
    ConnectionOption("oci_config_file", ("OCI_CONFIG_FILE", "OCI_CLI_CONFIG_FILE"), type="path"),
    ConnectionOption("oci_profile", ("OCI_CONFIG_PROFILE", "OCI_CLI_PROFILE")),
    ConnectionOption("ldap_username", ("INFISICAL_LDAP_USERNAME",)),
    ConnectionOption("ldap_password", ("INFISICAL_LDAP_PASSWORD",), secret=True),
    ConnectionOption("tls_cert_path", ("INFISICAL_TLS_CERT_AUTH_CERT_PATH",), type="path"),
    ConnectionOption("tls_key_path", ("INFISICAL_TLS_CERT_AUTH_KEY_PATH",), type="path"),
    ConnectionOption("alicloud_access_key_id", ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY")),
    ConnectionOption(
        "alicloud_access_key_secret", ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY"), secret=True
    ),
    ConnectionOption("alicloud_profile", ("ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE")),
    ConnectionOption("spiffe_jwt_path", ("INFISICAL_SPIFFE_AUTH_JWT_PATH",), type="path"),
    ConnectionOption("spiffe_endpoint_socket", ("SPIFFE_ENDPOINT_SOCKET",)),
    ConnectionOption("spiffe_audience", ("INFISICAL_SPIFFE_AUTH_AUDIENCE",)),
)
"""The connection and login options of every module, in the order of their documentation."""
