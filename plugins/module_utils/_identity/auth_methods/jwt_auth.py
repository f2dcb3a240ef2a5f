# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""JWT auth: tokens that may log in because certain keys verify them."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    LONGEST_CERTIFICATE,
    certificate_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.public_keys import PublicKeys
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import http_url_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists_by_key import ListsByKey
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

# server-notes#jwt-variants
JWKS = ("configuration_type", "jwks")
STATIC = ("configuration_type", "static")

IDENTITY_JWT_AUTH = Resource(
    name="identity_jwt_auth",
    title="JWT auth",
    slug="jwt-auth",
    path="/api/v1/auth/jwt-auth/identities/{identity_id}",
    envelope="identityJwtAuth",
    fields=(
        Field("configuration_type", "configurationType", Text(choices=("jwks", "static")), required=True),
        Field(
            "jwks_url",
            "jwksUrl",
            Text(
                check=http_url_error,
                cleared_by="empty",
                examples=("https://issuer.example.com/.well-known/jwks.json", "https://keys.example.com/x"),
            ),
            default="",
            required=True,
            variant=JWKS,
        ),
        Field(
            "jwks_ca_cert",
            "jwksCaCert",
            Text(maximum_length=LONGEST_CERTIFICATE, check=certificate_error, cleared_by="empty", several_lines=True),
            default="",
            variant=JWKS,
        ),
        Field("public_keys", "publicKeys", PublicKeys(), default=[], required=True, variant=STATIC),
        # Not among the bounds that keep anybody out: keys usually belong to one issuer.
        Field("bound_issuer", "boundIssuer", Text(cleared_by="empty"), default=""),
        # The server requires it, because without any bound every token of the issuer could log in
        # (server-notes#bound-claims).
        Field("bound_claims", "boundClaims", ListsByKey(), required=True),
        Field("bound_subject", "boundSubject", Text(cleared_by="empty"), default=""),
        Field("bound_audiences", "boundAudiences", CommaList(maximum_length=255), default=[]),
        *access_token_fields(minimum_max_ttl_on_create=0),
    ),
    admits_all_when_empty=("bound_subject", "bound_audiences", "bound_claims"),
    everybody="every token that the keys verify",
)
