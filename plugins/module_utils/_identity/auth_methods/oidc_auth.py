# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""OIDC auth: tokens of one issuer, such as those of a CI system, that may log in."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    ca_certificate_field,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import http_url_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists_by_key import ListsByKey
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

IDENTITY_OIDC_AUTH = Resource(
    name="identity_oidc_auth",
    title="OIDC auth",
    slug="oidc-auth",
    path="/api/v1/auth/oidc-auth/identities/{identity_id}",
    envelope="identityOidcAuth",
    fields=(
        Field(
            "oidc_discovery_url",
            "oidcDiscoveryUrl",
            Text(check=http_url_error, examples=("https://gitlab.example.com", "https://token.actions.example.com/x")),
            required=True,
        ),
        Field("bound_issuer", "boundIssuer", Text(), required=True),
        # The server requires it, because without any bound every token of the issuer could log in
        # (server-notes#bound-claims).
        Field("bound_claims", "boundClaims", ListsByKey(), required=True),
        Field("bound_subject", "boundSubject", Text(cleared_by="empty"), default=""),
        Field("bound_audiences", "boundAudiences", CommaList(maximum_length=255), default=[]),
        Field("claim_metadata_mapping", "claimMetadataMapping", ListsByKey(), absent_means={}),
        ca_certificate_field(),
        *access_token_fields(minimum_max_ttl_on_create=0, former_minimum_ttl=1),
    ),
    admits_all_when_empty=("bound_subject", "bound_audiences", "bound_claims"),
    everybody="every token of the issuer",
)
