# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every auth method that the collection manages, written by `make generate`."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.alicloud_auth import (
    IDENTITY_ALICLOUD_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.aws_auth import (
    IDENTITY_AWS_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.azure_auth import (
    IDENTITY_AZURE_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.gcp_auth import (
    IDENTITY_GCP_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.jwt_auth import (
    IDENTITY_JWT_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.kubernetes_auth import (
    IDENTITY_KUBERNETES_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.ldap_auth import (
    IDENTITY_LDAP_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.oci_auth import (
    IDENTITY_OCI_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.oidc_auth import (
    IDENTITY_OIDC_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.spiffe_auth import (
    IDENTITY_SPIFFE_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.tls_cert_auth import (
    IDENTITY_TLS_CERT_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.token_auth import (
    IDENTITY_TOKEN_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.universal_auth import (
    IDENTITY_UNIVERSAL_AUTH,
)

AUTH_METHODS = (
    IDENTITY_ALICLOUD_AUTH,
    IDENTITY_AWS_AUTH,
    IDENTITY_AZURE_AUTH,
    IDENTITY_GCP_AUTH,
    IDENTITY_JWT_AUTH,
    IDENTITY_KUBERNETES_AUTH,
    IDENTITY_LDAP_AUTH,
    IDENTITY_OCI_AUTH,
    IDENTITY_OIDC_AUTH,
    IDENTITY_SPIFFE_AUTH,
    IDENTITY_TLS_CERT_AUTH,
    IDENTITY_TOKEN_AUTH,
    IDENTITY_UNIVERSAL_AUTH,
)
