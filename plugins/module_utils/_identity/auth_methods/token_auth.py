# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Token auth: access tokens that are created without a login."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource

IDENTITY_TOKEN_AUTH = Resource(
    name="identity_token_auth",
    title="token auth",
    slug="token-auth",
    path="/api/v1/auth/token-auth/identities/{identity_id}",
    envelope="identityTokenAuth",
    # Nobody can log in with it (server-notes#token-auth-has-no-login).
    fields=access_token_fields(minimum_max_ttl_on_create=0),
)
