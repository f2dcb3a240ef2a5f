#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_client_secret
short_description: Keep a valid client secret of a machine identity
version_added: 1.0.0
description:
  - Makes sure that one valid client secret with this description exists, and renews it before it ends. Valid is a secret that is not
    revoked, not expired, not used up and not due for renewal.
  - A secret is told once, when it is made, as RV(client_secret); the result of that task is never displayed. Hand it over there and
    then. No other task, no file and no later run can read it.
  - Its lifetime and limit cannot be changed on the server. Other values than those of the valid secret hold from its renewal on.
options:
  description:
    description:
      - What the secret is known by, one line of at most 255 characters.
    type: str
    required: true
  ttl:
    description:
      - Seconds that a new secret lives, V(0) to V(315360000). V(0) is for ever.
    type: int
    default: 0
  num_uses_limit:
    description:
      - How many logins a new secret is good for, V(0) to V(9007199254740991). V(0) is no limit.
    type: int
    default: 0
    aliases: [number_of_uses_limit]
  renew_before:
    description:
      - Seconds of life left at which a new secret is made, V(0) to V(315360000). Must be below O(ttl).
    type: int
    default: 0
  overlap:
    description:
      - Seconds after a renewal during which the old secret still works, V(0) to V(315360000). The first run after that revokes it.
      - Without it an old secret works until it ends by itself.
    type: int
  state:
    description:
      - V(present) keeps one valid secret, V(absent) revokes every secret with this description.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity_universal_auth
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Attach universal auth
  machineid.infisical.identity_universal_auth:
    identity_name: billing-api

- name: A secret for thirty days, renewed in its last week, the old one good for a day more
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api on host app1
    ttl: 2592000
    renew_before: 604800
    overlap: 86400
  register: secret

- name: Hand a new secret over
  ansible.builtin.copy:
    content: "{{ secret.client_secret }}"
    dest: "{{ credentials_directory }}/infisical-client-secret"
    mode: "0400"
  when: secret.client_secret is defined
  no_log: true

- name: Revoke it
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api on host app1
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
client_id:
  description: The client id that goes with the secret.
  returned: success and O(state=present)
  type: str
  sample: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
client_secret_id:
  description: The id of the valid secret, which is no secret itself.
  returned: success and O(state=present), except when check mode would make it
  type: str
  sample: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
client_secret:
  description: The secret itself.
  returned: when this run has made it
  type: str
  sample: 17300c535a7f...
failure:
  description:
    - What went wrong, for whatever reads the result. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) are the server's own, as far as it answered.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret import IDENTITY_CLIENT_SECRET_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._run import run_module

TASK = IDENTITY_CLIENT_SECRET_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
