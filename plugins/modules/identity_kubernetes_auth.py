#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_kubernetes_auth
short_description: Manage the Kubernetes auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes Kubernetes auth, which lets service accounts of one cluster log in as a machine
    identity.
  - Without allowed namespaces, names and audience, every service account of the cluster can log in. The module warns if
    all of them are empty after the task.
options:
  kubernetes_host:
    description:
      - The address of the cluster's API server, at most 255 characters, such as V(https://10.0.0.1:6443).
      - Required with O(token_review_mode=api). An empty string removes it.
    type: str
  ca_certificate:
    description:
      - Certificate of the authority that the server uses to verify the cluster's API server, in PEM, at most 65536
        characters.
      - An empty string removes it. Private keys are rejected. The option is not called C(ca_cert), because that is an alias of
        O(ca_path).
    type: str
  verify_tls_certificate:
    description:
      - Whether the server verifies the certificate of the cluster's API server.
      - With O(token_review_mode=api), it requires O(ca_certificate), and defaults to whether that is set.
      - Servers before 2026 do not support it.
    type: bool
  token_reviewer_jwt:
    description:
      - The token of a service account that may review other tokens, at most 16384 characters. An empty string removes
        it; then each token that logs in is used for its own review.
      - It is never returned or displayed. It is compared with the value on the server, and written only if it differs.
      - Servers of 2024 require it when the method is attached.
    type: str
  token_review_mode:
    description:
      - Whether the server or a gateway in the cluster reviews tokens.
      - The server sets V(api) when the method is attached without it. Servers before mid-2025 support nothing else.
    type: str
    choices: [api, gateway]
  gateway_id:
    description:
      - The id of the gateway to the cluster. It replaces O(gateway_pool_id). An empty string removes it.
      - Requires a plan with gateways. Servers of 2024 do not support it.
    type: str
  gateway_pool_id:
    description:
      - The id of the pool of gateways to the cluster. It replaces O(gateway_id). An empty string removes it.
      - Requires a plan with gateway pools. Servers before 2026 do not support it.
    type: str
  template_id:
    description:
      - The id of the auth template that provides the connection to the cluster.
      - It provides O(kubernetes_host), O(ca_certificate), O(verify_tls_certificate), O(token_reviewer_jwt),
        O(token_review_mode), O(gateway_id), O(gateway_pool_id) and O(allowed_audience), which cannot be set together
        with it.
      - An empty string unlinks the template and keeps the values that it provided. Servers before mid-2026 do not
        support it.
    type: str
  allowed_namespaces:
    description:
      - Namespaces whose service accounts may log in, at most 255 characters in all. V([]) admits every namespace.
    type: list
    elements: str
  allowed_names:
    description:
      - Names of the service accounts that may log in, at most 255 characters in all. V([]) admits every name.
    type: list
    elements: str
  allowed_audience:
    description:
      - The audience that tokens must have, at most 255 characters. An empty string admits every audience.
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
- name: Trust the service account of one workload
  machineid.infisical.identity_kubernetes_auth:
    identity_name: billing-api
    kubernetes_host: https://kubernetes.example.com:6443
    ca_certificate: "{{ cluster_ca_certificate }}"
    token_reviewer_jwt: "{{ reviewer_jwt }}"
    allowed_namespaces: [billing]
    allowed_names: [billing-api]
    allowed_audience: https://infisical.example.com

- name: Let a gateway in the cluster review tokens
  machineid.infisical.identity_kubernetes_auth:
    identity_name: billing-api
    token_review_mode: gateway
    gateway_id: 5f0c1f2e-6f57-4a9c-9a3e-0b4b5a3d2c1f

- name: Revoke Kubernetes auth
  machineid.infisical.identity_kubernetes_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_kubernetes_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    kubernetes_host:
      description: The address of the cluster's API server.
      type: str
      sample: https://kubernetes.example.com:6443
    ca_certificate:
      description: Certificate of the trusted authority, in PEM.
      type: str
      sample: ""
    verify_tls_certificate:
      description: Whether the certificate of the API server is verified.
      type: bool
      sample: true
    token_review_mode:
      description: Whether the server or a gateway reviews tokens.
      type: str
      sample: api
    gateway_id:
      description: The id of the gateway.
      type: str
      sample: ""
    gateway_pool_id:
      description: The id of the pool of gateways.
      type: str
      sample: ""
    template_id:
      description: The id of the auth template.
      type: str
      sample: ""
    allowed_namespaces:
      description: Namespaces whose service accounts may log in.
      type: list
      elements: str
      sample: [billing]
    allowed_names:
      description: Names of the service accounts that may log in.
      type: list
      elements: str
      sample: [billing-api]
    allowed_audience:
      description: The audience that tokens must have.
      type: str
      sample: https://infisical.example.com
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.kubernetes_auth import (
    IDENTITY_KUBERNETES_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_KUBERNETES_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
