#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_tls_cert_auth
short_description: Manage the TLS certificate auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes TLS certificate auth, which lets clients with a certificate of one authority log in as a
    machine identity.
  - An empty allowlist admits every client with a certificate of the authority. The module warns if the list is empty
    after the task.
  - The server reads the certificate of a client from a header that the proxy in front of it sets. See the Infisical
    documentation on how to configure the proxy.
options:
  ca_certificate:
    description:
      - Certificate of the authority that issues the certificates of clients, in PEM, at most 10240 characters. Required when the method is not attached yet.
      - How its lines end does not matter. Private keys are rejected.
    type: str
  allowed_common_names:
    description:
      - Common names of the certificates that may log in. The server splits at each comma, so no name can contain one.
      - V([]) clears the list, which admits every client with a certificate of the authority.
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
- name: Trust two clients of one authority
  machineid.infisical.identity_tls_cert_auth:
    identity_name: billing-api
    ca_certificate: |
      -----BEGIN CERTIFICATE-----
      MIHJMH2gAwIBAgIBATAFBgMrZXAwDzENMAsGA1UEAwwEY2EgMTAeFw0yNjAxMDEw
      MDAwMDBaFw00NjAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBGNhIDEwKjAFBgMrZXAD
      IQCKiOPddAnxlf1S2y08ul1yymcJvx2UEhvzdIgBtA9vXDAFBgMrZXADQQCOtOf5
      WhTmET4KyhajT3YDdkUvFnc8rsY7c7r/dI3hPakdAYQWvZgnlYpAST/t/0L7yToq
      mosc4z3QXy9tRw4F
      -----END CERTIFICATE-----
    allowed_common_names: [billing-1.example.com, billing-2.example.com]
    access_token_ttl: 600
    access_token_max_ttl: 600

- name: Revoke TLS certificate auth
  machineid.infisical.identity_tls_cert_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_tls_cert_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    ca_certificate:
      description: Certificate of the authority, in PEM.
      type: str
      sample: "-----BEGIN CERTIFICATE-----..."
    allowed_common_names:
      description: Common names that may log in.
      type: list
      elements: str
      sample: [billing-1.example.com]
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.tls_cert_auth import (
    IDENTITY_TLS_CERT_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_TLS_CERT_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
