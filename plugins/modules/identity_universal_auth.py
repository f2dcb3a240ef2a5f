#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_universal_auth
short_description: Manage the universal auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes universal auth, which lets anything with a client id and a client secret log in as a
    machine identity.
  - Revoking it deletes its client secrets, and attaching it again creates a new client id.
options:
  client_secret_trusted_ips:
    description:
      - Addresses and CIDR ranges from which client secrets can be used, as strings or as dictionaries with C(ip_address).
      - Anything other than V(0.0.0.0/0) and V(::/0) needs a plan with IP allow-listing.
      - The server sets V(0.0.0.0/0) and V(::/0) when the method is attached without it.
    type: list
    elements: raw
  access_token_period:
    description:
      - Seconds by which a periodic access token is renewed, V(0) to V(315360000). With a value above V(0), tokens have
        no maximum lifetime.
      - Servers of 2024 do not support it.
    type: int
  lockout_enabled:
    description:
      - Whether the method is locked after failed logins. The server sets V(true) when the method is attached without it.
      - Servers before September 2025 support none of the lockout options.
    type: bool
  lockout_threshold:
    description:
      - Number of failed logins after which the method is locked, V(1) to V(30). The server sets V(3).
    type: int
  lockout_duration_seconds:
    description:
      - Duration of a lockout in seconds, V(30) to V(86400). The server sets V(300).
    type: int
  lockout_counter_reset_seconds:
    description:
      - Seconds after which the counter of failed logins is reset, V(5) to V(3600). The server sets V(30).
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
- name: Allow client secrets from one network only
  machineid.infisical.identity_universal_auth:
    identity_name: billing-api
    client_secret_trusted_ips:
      - 10.0.0.0/8
    access_token_ttl: 3600
    access_token_max_ttl: 86400
    lockout_threshold: 5

- name: Revoke universal auth and delete its client secrets
  machineid.infisical.identity_universal_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_universal_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    client_secret_trusted_ips:
      description: Addresses and CIDR ranges from which client secrets can be used.
      type: list
      elements: str
      sample: [10.0.0.0/8]
    access_token_period:
      description: Seconds by which a periodic token is renewed, if the server supports it.
      type: int
      sample: 0
    lockout_enabled:
      description: Whether the method is locked after failed logins, if the server supports it.
      type: bool
      sample: true
    lockout_threshold:
      description: Number of failed logins after which it is locked, if the server supports it.
      type: int
      sample: 3
    lockout_duration_seconds:
      description: Duration of a lockout in seconds, if the server supports it.
      type: int
      sample: 300
    lockout_counter_reset_seconds:
      description: Seconds after which the counter of failed logins is reset, if the server supports it.
      type: int
      sample: 30
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
client_id:
  description: The client id that the server gave the method. It lasts until the method is revoked.
  returned: success and O(state=present), except when check mode would attach it
  type: str
  sample: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.universal_auth import (
    IDENTITY_UNIVERSAL_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_UNIVERSAL_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
