#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_jwt_auth
short_description: Manage the JWT auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes JWT auth, which lets tokens log in as a machine identity that certain keys verify. The
    keys are read from an address (V(jwks)) or given as they are (V(static)).
  - Without bound subject, audiences and claims, every token that the keys verify can log in. The module warns if all of
    them are empty after the task.
  - A change of O(configuration_type) replaces the keys and keeps the bounds. It needs the keys of the new type in the
    same task.
options:
  configuration_type:
    description:
      - Where the keys come from. V(jwks) is the address of a JSON Web Key Set, V(static) a list of keys.
      - The server empties the options of the other type. They must not be given, unless they are empty.
      - Required when the method is not attached yet.
    type: str
    choices: [jwks, static]
  jwks_url:
    description:
      - The address of the JSON Web Key Set, at most 255 characters. Required with O(configuration_type=jwks).
    type: str
  jwks_ca_cert:
    description:
      - Certificate of the authority that the server uses to verify O(jwks_url), in PEM, at most 65536 characters.
      - Only with O(configuration_type=jwks). An empty string removes it.
    type: str
  public_keys:
    description:
      - The keys that verify tokens, in PEM, at most 16384 characters each. Required with O(configuration_type=static).
      - They are replaced as a whole. An element can contain several keys. Private keys are rejected.
    type: list
    elements: str
  bound_issuer:
    description:
      - The issuer that tokens must have, at most 255 characters. An empty string admits every issuer.
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
- name: Trust the tokens of one service, with the keys that its issuer publishes
  machineid.infisical.identity_jwt_auth:
    identity_name: billing-api
    configuration_type: jwks
    jwks_url: https://issuer.example.com/.well-known/jwks.json
    bound_issuer: https://issuer.example.com
    bound_audiences: [https://infisical.example.com]
    bound_subject: service:billing
    bound_claims: {}
    access_token_ttl: 600
    access_token_max_ttl: 600

- name: Trust one key instead, and keep the bounds
  machineid.infisical.identity_jwt_auth:
    identity_name: billing-api
    configuration_type: static
    public_keys:
      - |
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAiojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=
        -----END PUBLIC KEY-----

- name: Revoke JWT auth
  machineid.infisical.identity_jwt_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_jwt_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    configuration_type:
      description: Where the keys come from.
      type: str
      sample: jwks
    jwks_url:
      description: The address of the JSON Web Key Set. Empty with V(static).
      type: str
      sample: https://issuer.example.com/.well-known/jwks.json
    jwks_ca_cert:
      description: Certificate of the authority that verifies the address, in PEM.
      type: str
      sample: ""
    public_keys:
      description: The keys that verify tokens, in PEM. Empty with V(jwks).
      type: list
      elements: str
      sample: []
    bound_issuer:
      description: The issuer that tokens must have.
      type: str
      sample: https://issuer.example.com
    bound_claims:
      description: Claims that tokens must have, each with its values.
      type: dict
      sample: {}
    bound_subject:
      description: The subject that tokens must have.
      type: str
      sample: service:billing
    bound_audiences:
      description: Allowed audiences.
      type: list
      elements: str
      sample: [https://infisical.example.com]
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.jwt_auth import (
    IDENTITY_JWT_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_JWT_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
