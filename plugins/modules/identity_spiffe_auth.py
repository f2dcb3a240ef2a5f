#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_spiffe_auth
short_description: Manage the SPIFFE auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes SPIFFE auth, which lets workloads of one trust domain log in as a machine identity, with
    JWT-SVIDs.
  - The allowlists are never empty. A pattern such as V(spiffe://example.org/**) admits every workload of the trust
    domain.
options:
  trust_domain:
    description:
      - The trust domain of the workloads, such as V(example.org), at most 255 characters. Required when the method is not attached yet.
    type: str
  allowed_spiffe_ids:
    description:
      - SPIFFE ids, or patterns of them, that may log in. Must not be empty. Required when the method is not attached yet.
      - The server splits patterns at each comma, so a comma in braces is rejected.
    type: list
    elements: str
  allowed_audiences:
    description:
      - Allowed audiences. Tokens must have one of them. Must not be empty. Required when the method is not attached yet.
    type: list
    elements: str
  trust_bundle_distribution:
    description:
      - Where the keys of the trust domain come from. Required when the method is not attached yet.
      - Nested options that you do not give keep their values, unless the profile changes.
    type: dict
    suboptions:
      profile:
        description:
          - V(static) is a bundle that you give, V(https_web_bundle) one that the server fetches.
          - A change of the profile replaces the bundle. It needs the options of the new profile in the same task.
        type: str
        choices: [static, https_web_bundle]
      bundle:
        description:
          - The bundle, a JSON Web Key Set, as a dictionary or as JSON, of at most 65536 characters. Required with
            O(trust_bundle_distribution.profile=static).
          - How it is written does not matter. Private keys are rejected.
        type: raw
      endpoint_url:
        description:
          - The address of the bundle, which begins with C(https://), at most 255 characters. Required with
            O(trust_bundle_distribution.profile=https_web_bundle).
        type: str
      ca_cert:
        description:
          - Certificate of the authority that the server uses to verify the address, in PEM, at most 65536 characters.
          - Only with O(trust_bundle_distribution.profile=https_web_bundle). An empty string removes it.
        type: str
      refresh_hint_seconds:
        description:
          - After how many seconds the server fetches the bundle again, at least V(1). The server sets V(3600).
          - Only with O(trust_bundle_distribution.profile=https_web_bundle).
        type: int
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
- name: Trust the billing workloads of one cluster, with the bundle that SPIRE publishes
  machineid.infisical.identity_spiffe_auth:
    identity_name: billing-api
    trust_domain: example.org
    allowed_spiffe_ids: [spiffe://example.org/ns/billing/sa/*]
    allowed_audiences: [https://infisical.example.com]
    trust_bundle_distribution:
      profile: https_web_bundle
      endpoint_url: https://spire.example.org/bundle
    access_token_ttl: 600
    access_token_max_ttl: 600

- name: Fetch the bundle more often
  machineid.infisical.identity_spiffe_auth:
    identity_name: billing-api
    trust_bundle_distribution:
      refresh_hint_seconds: 600

- name: Revoke SPIFFE auth
  machineid.infisical.identity_spiffe_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_spiffe_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    trust_domain:
      description: The trust domain of the workloads.
      type: str
      sample: example.org
    allowed_spiffe_ids:
      description: SPIFFE ids, or patterns of them, that may log in.
      type: list
      elements: str
      sample: [spiffe://example.org/ns/billing/sa/api]
    allowed_audiences:
      description: Allowed audiences.
      type: list
      elements: str
      sample: [https://infisical.example.com]
    trust_bundle_distribution:
      description: Where the keys of the trust domain come from. The bundle of a V(static) one is a dictionary.
      type: dict
      sample: {profile: https_web_bundle, endpoint_url: https://spire.example.org/bundle, refresh_hint_seconds: 3600}
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.spiffe_auth import (
    IDENTITY_SPIFFE_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_SPIFFE_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
