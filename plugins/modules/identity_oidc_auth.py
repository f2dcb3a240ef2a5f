#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_oidc_auth
short_description: Manage the OIDC auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes OIDC auth, which lets tokens of one issuer, such as a CI system, log in as a machine
    identity.
  - Without bound subject, audiences and claims, every token of the issuer can log in. The module warns if all of them
    are empty after the task.
options:
  oidc_discovery_url:
    description:
      - The address below which the issuer serves C(/.well-known/openid-configuration), at most 255 characters. Required when the method is not attached yet.
    type: str
  bound_issuer:
    description:
      - The issuer that tokens must have, at most 255 characters. Required when the method is not attached yet.
    type: str
  bound_claims:
    description:
      - Claims that tokens must have, each with its allowed values. They are replaced as a whole. V({}) requires no
        claims.
      - A value can be a list or a comma-joined string. A comma inside braces does not separate values.
      - Required when the method is not attached yet.
    type: dict
  bound_subject:
    description:
      - The subject that tokens must have, at most 255 characters. An empty string admits every subject.
    type: str
  bound_audiences:
    description:
      - Allowed audiences. Tokens must have one of them. At most 255 characters in all. V([]) admits every audience.
    type: list
    elements: str
  claim_metadata_mapping:
    description:
      - Claims that become metadata of the login, each with its names. The mapping is replaced as a whole.
      - Servers before March 2025 do not support it.
    type: dict
  ca_certificate:
    description:
      - Certificate of the authority that the server uses to verify the issuer's address, in PEM, at most 65536
        characters.
      - An empty string removes it. Private keys are rejected. The option is not called C(ca_cert), because that is an alias of
        O(ca_path).
    type: str
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
- name: Trust the pipelines of one GitLab project
  machineid.infisical.identity_oidc_auth:
    identity_name: billing-api
    oidc_discovery_url: https://gitlab.example.com
    bound_issuer: https://gitlab.example.com
    bound_audiences: [https://infisical.example.com]
    bound_claims:
      project_path: [shop/billing]
      ref_protected: ["true"]
    access_token_ttl: 600
    access_token_max_ttl: 600

- name: Revoke OIDC auth
  machineid.infisical.identity_oidc_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_oidc_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    oidc_discovery_url:
      description: The address of the issuer's configuration.
      type: str
      sample: https://gitlab.example.com
    bound_issuer:
      description: The issuer that tokens must have.
      type: str
      sample: https://gitlab.example.com
    bound_claims:
      description: Claims that tokens must have, each with its values.
      type: dict
      sample: {project_path: [shop/billing]}
    bound_subject:
      description: The subject that tokens must have.
      type: str
      sample: ""
    bound_audiences:
      description: Allowed audiences.
      type: list
      elements: str
      sample: [https://infisical.example.com]
    claim_metadata_mapping:
      description: Claims that become metadata of the login.
      type: dict
      sample: {}
    ca_certificate:
      description: Certificate of the trusted authority, in PEM.
      type: str
      sample: ""
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.oidc_auth import (
    IDENTITY_OIDC_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_OIDC_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
