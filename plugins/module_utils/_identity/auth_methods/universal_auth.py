# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Universal auth: a client id and client secrets."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    EVERY_ADDRESS,
    LONGEST_LIFETIME,
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.lockout import lockout_fields
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import Networks
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer

IDENTITY_UNIVERSAL_AUTH = Resource(
    name="identity_universal_auth",
    title="universal auth",
    slug="universal-auth",
    path="/api/v1/auth/universal-auth/identities/{identity_id}",
    envelope="identityUniversalAuth",
    fields=(
        Field("client_secret_trusted_ips", "clientSecretTrustedIps", Networks(), default=EVERY_ADDRESS),
        *access_token_fields(minimum_max_ttl_on_create=0),
        Field("access_token_period", "accessTokenPeriod", Integer(0, LONGEST_LIFETIME, "seconds"), absent_means=0),
        *lockout_fields(),
    ),
    also_returned=(("client_id", "clientId"),),
)
