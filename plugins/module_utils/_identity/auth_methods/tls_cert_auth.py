# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""TLS certificate auth: clients with a certificate of one authority that may log in."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    certificate_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text


def common_name_error(name: str) -> str | None:
    """Rejects a comma inside braces, too, at which the server splits (server-notes#tls-certificate-names)."""
    return "must not contain a comma, at which the server splits" if "," in name else None


IDENTITY_TLS_CERT_AUTH = Resource(
    name="identity_tls_cert_auth",
    title="TLS certificate auth",
    slug="tls-cert-auth",
    path="/api/v1/auth/tls-cert-auth/identities/{identity_id}",
    envelope="identityTlsCertAuth",
    fields=(
        # Returned by reads, but not by writes (server-notes#tls-certificate-on-get).
        Field(
            "ca_certificate",
            "caCertificate",
            Text(maximum_length=10240, check=certificate_error, several_lines=True),
            required=True,
            unanswered=True,
        ),
        Field(
            "allowed_common_names",
            "allowedCommonNames",
            CommaList(common_name_error, examples=("billing-api", "billing.example.com", "Web 1"), empty=None),
            default=[],
        ),
        *access_token_fields(minimum_max_ttl_on_create=1),
    ),
    admits_all_when_empty=("allowed_common_names",),
    everybody="every client with a certificate of the authority",
)
