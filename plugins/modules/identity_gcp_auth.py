#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_gcp_auth
short_description: Manage the GCP auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes GCP auth, which lets service accounts and virtual machines of Google Cloud log in as a
    machine identity.
  - With O(type=iam) the server checks O(allowed_service_accounts) only.
  - If all lists that the server checks are empty, every service account of Google Cloud can log in, of any customer. The
    module warns if they are after the task.
options:
  type:
    description:
      - V(gce) takes the identity tokens of virtual machines, V(iam) tokens that a service account signs. Required when the method is not attached yet.
    type: str
    choices: [gce, iam]
  allowed_service_accounts:
    description:
      - Email addresses of the service accounts that may log in.
      - V([]) clears the list, which admits every service account.
    type: list
    elements: str
  allowed_projects:
    description:
      - Ids of the projects whose virtual machines may log in. The server checks them only with O(type=gce).
      - V([]) clears the list, which admits every project.
    type: list
    elements: str
  allowed_zones:
    description:
      - Zones whose virtual machines may log in, such as V(us-west2-a). The server checks them only with O(type=gce).
      - V([]) clears the list, which admits every zone.
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
- name: Trust the virtual machines of one project in two zones
  machineid.infisical.identity_gcp_auth:
    identity_name: billing-api
    type: gce
    allowed_service_accounts: [billing@shop.iam.gserviceaccount.com]
    allowed_projects: [shop]
    allowed_zones: [us-west2-a, us-west2-b]
    access_token_ttl: 600
    access_token_max_ttl: 600

- name: Revoke GCP auth
  machineid.infisical.identity_gcp_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_gcp_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    type:
      description: Which tokens may log in.
      type: str
      sample: gce
    allowed_service_accounts:
      description: Email addresses of the service accounts that may log in.
      type: list
      elements: str
      sample: [billing@shop.iam.gserviceaccount.com]
    allowed_projects:
      description: Ids of the projects whose virtual machines may log in.
      type: list
      elements: str
      sample: [shop]
    allowed_zones:
      description: Zones whose virtual machines may log in.
      type: list
      elements: str
      sample: [us-west2-a]
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.gcp_auth import (
    IDENTITY_GCP_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_GCP_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
