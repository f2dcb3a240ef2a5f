#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_aws_auth
short_description: Keep the AWS auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes AWS auth, by which IAM principals log in as a machine identity with a signed STS request.
  - Both allowlists are part of every update, as the server empties the one that is left out.
  - An allowlist that is empty admits everybody. The module warns when it leaves both empty.
options:
  sts_endpoint:
    description:
      - The STS endpoint that the server asks, at most 255 characters. Current servers take it from the signature and only store this.
      - The server sets V(https://sts.amazonaws.com/) when the method is attached without it.
    type: str
  allowed_principal_arns:
    description:
      - ARNs of the IAM users and roles that may log in, such as C(arn:aws:iam::123456789012:role/app), with V(*) for anything.
      - The server compares without path, session name and partition. The module warns of an ARN that can never match.
      - V([]) clears the list, and so admits every principal. 4096 characters in all.
    type: list
    elements: str
  allowed_account_ids:
    description:
      - Ids, of 12 digits, of the AWS accounts whose principals may log in.
      - V([]) clears the list, and so admits every account. 4096 characters in all.
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

- name: Lower one lifetime; both allowlists stay as they are
  machineid.infisical.identity_aws_auth:
    identity_name: billing-api
    access_token_ttl: 1800

- name: Take AWS auth off again
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
  description: The method as it is now, or would be in check mode. It can be given back as options.
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
      description: Seconds that an access token lives.
      type: int
      sample: 3600
    access_token_max_ttl:
      description: Seconds up to which an access token can be renewed.
      type: int
      sample: 86400
    access_token_num_uses_limit:
      description: How often an access token can be used.
      type: int
      sample: 0
    access_token_trusted_ips:
      description: Addresses and CIDR ranges from which access tokens can be used.
      type: list
      elements: str
      sample: [10.0.0.0/8]
failure:
  description:
    - What went wrong, for whatever reads the result. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) are the server's own, as far as it answered.
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
