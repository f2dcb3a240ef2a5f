# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""GCP auth: service accounts and virtual machines of Google Cloud that may log in."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

# server-notes#gcp-types
GCE = ("type", "gce")

IDENTITY_GCP_AUTH = Resource(
    name="identity_gcp_auth",
    title="GCP auth",
    slug="gcp-auth",
    path="/api/v1/auth/gcp-auth/identities/{identity_id}",
    envelope="identityGcpAuth",
    fields=(
        Field("type", "type", Text(choices=("gce", "iam")), required=True),
        Field("allowed_service_accounts", "allowedServiceAccounts", CommaList(nullable=True), default=[]),
        Field("allowed_projects", "allowedProjects", CommaList(nullable=True), default=[], checked_with=GCE),
        Field("allowed_zones", "allowedZones", CommaList(nullable=True), default=[], checked_with=GCE),
        *access_token_fields(minimum_max_ttl_on_create=0),
    ),
    admits_all_when_empty=("allowed_service_accounts", "allowed_projects", "allowed_zones"),
    everybody="every service account of Google Cloud",
)
