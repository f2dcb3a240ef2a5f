#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_aws_auth
short_description: Manage the AWS auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes AWS auth, which lets IAM principals log in as a machine identity with a signed STS
    request.
  - Every update contains both allowlists, because the server empties a list that an update leaves out.
  - An empty allowlist admits everybody. The module warns if both lists are empty after the task.
options:
  sts_endpoint:
    description:
      - The STS endpoint that the server calls, at most 255 characters. Current servers store this value, but use the
        endpoint of the signed request.
      - The server sets V(https://sts.amazonaws.com/) when the method is attached without it.
    type: str
  allowed_principal_arns:
    description:
      - ARNs of the IAM users and roles that may log in, such as C(arn:aws:iam::123456789012:role/app), with V(*) as a
        wildcard.
      - The server ignores path, session name and partition when it compares ARNs. The module warns about an ARN that
        can never match.
      - V([]) clears the list, which admits every principal. At most 4096 characters in all.
    type: list
    elements: str
  allowed_account_ids:
    description:
      - Ids (12 digits) of the AWS accounts whose principals may log in.
      - V([]) clears the list, which admits every account. At most 4096 characters in all.
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
- name: Trust one role of one account
  machineid.infisical.identity_aws_auth:
    identity_name: billing-api
    allowed_principal_arns:
      - arn:aws:iam::123456789012:role/billing-api
    allowed_account_ids:
      - "123456789012"
    access_token_ttl: 3600
    access_token_max_ttl: 86400

- name: Lower one lifetime and keep both allowlists
  machineid.infisical.identity_aws_auth:
    identity_name: billing-api
    access_token_ttl: 1800

- name: Revoke AWS auth
  machineid.infisical.identity_aws_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_aws_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    sts_endpoint:
      description: The STS endpoint.
      type: str
      sample: https://sts.amazonaws.com/
    allowed_principal_arns:
      description: ARNs that may log in.
      type: list
      elements: str
      sample: ["arn:aws:iam::123456789012:role/billing-api"]
    allowed_account_ids:
      description: Accounts that may log in.
      type: list
      elements: str
      sample: ["123456789012"]
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.aws_auth import (
    IDENTITY_AWS_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_AWS_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
