#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_info
short_description: Read one machine identity with all its settings
version_added: 1.0.0
description:
  - Reads an identity with its auth methods, project memberships, the descriptions of its client secrets and the names of
    its tokens, in the form that M(machineid.infisical.identities) takes.
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.identities_info
  - module: machineid.infisical.identity
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read who may log in as the billing API
  machineid.infisical.identity_info:
    identity_name: billing-api
  register: billing
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity:
  description: The identity, in the form of an element of O(machineid.infisical.identities#module:identities).
  returned: success
  type: dict
  sample: {name: billing-api, role: member, metadata: {}, delete_protection: false, universal_auth: {access_token_ttl: 3600}}
auth_methods:
  description: The auth methods of the identity, including those that this collection does not manage.
  returned: success
  type: list
  elements: str
  sample: [aws-auth, universal-auth]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.export import IDENTITY_INFO_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
