# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Azure auth: service principals and managed identities of one tenant that may log in."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

IDENTITY_AZURE_AUTH = Resource(
    name="identity_azure_auth",
    title="Azure auth",
    slug="azure-auth",
    path="/api/v1/auth/azure-auth/identities/{identity_id}",
    envelope="identityAzureAuth",
    fields=(
        Field("tenant_id", "tenantId", Text(uuid=True), required=True),
        Field("resource", "resource", Text(), required=True, aliases=("resource_url",)),
        Field("allowed_service_principal_ids", "allowedServicePrincipalIds", CommaList(), default=[]),
        *access_token_fields(minimum_max_ttl_on_create=0),
    ),
    admits_all_when_empty=("allowed_service_principal_ids",),
    everybody="every service principal of the tenant",
)
