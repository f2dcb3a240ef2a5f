#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_azure_auth
short_description: Manage the Azure auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes Azure auth, which lets service principals and managed identities of one tenant log in
    as a machine identity.
  - An empty allowlist admits every service principal of the tenant. The module warns if the list is empty after the
    task.
options:
  tenant_id:
    description:
      - The id of the Entra ID (Azure AD) tenant, at most 255 characters. Required when the method is not attached yet.
    type: str
  resource:
    description:
      - The audience of the tokens, at most 255 characters. Required when the method is not attached yet.
      - Use V(https://management.azure.com/), with the trailing slash, for managed identities.
    type: str
    aliases: [resource_url]
  allowed_service_principal_ids:
    description:
      - Object ids (not client ids) of the service principals and managed identities that may log in.
      - V([]) clears the list, which admits every service principal of the tenant.
    type: list
    elements: str
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.access_token
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Trust one managed identity
  machineid.infisical.identity_azure_auth:
    identity_name: billing-api
    tenant_id: 7c4f3b0e-2b1a-4e65-9f5d-0a1b2c3d4e5f
    resource: https://management.azure.com/
    allowed_service_principal_ids:
      - 0d6c1f0a-9f1e-4a7b-8c2d-3e4f5a6b7c8d

- name: Revoke Azure auth
  machineid.infisical.identity_azure_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_azure_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    tenant_id:
      description: The id of the tenant.
      type: str
      sample: 7c4f3b0e-2b1a-4e65-9f5d-0a1b2c3d4e5f
    resource:
      description: The audience of the tokens.
      type: str
      sample: https://management.azure.com/
    allowed_service_principal_ids:
      description: Object ids that may log in.
      type: list
      elements: str
      sample: [0d6c1f0a-9f1e-4a7b-8c2d-3e4f5a6b7c8d]
    access_token_ttl:
      description: Lifetime of an access token in seconds.
      type: int
      sample: 3600
    access_token_max_ttl:
      description: Maximum lifetime of an access token with all renewals, in seconds.
      type: int
      sample: 86400
    access_token_num_uses_limit:
      description: How many times an access token can be used.
      type: int
      sample: 0
    access_token_trusted_ips:
      description: Addresses and CIDR ranges from which access tokens can be used.
      type: list
      elements: str
      sample: [10.0.0.0/8]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import auth_method_task
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.azure_auth import (
    IDENTITY_AZURE_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_AZURE_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
