#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_client_secret
short_description: Keep a valid client secret of a machine identity
version_added: 1.0.0
description:
  - Makes sure that one valid client secret with this description exists, and renews it before it ends. A secret is valid while it is not
    revoked, not expired, not used up and not due for renewal.
  - The server returns a client secret only once, when it is created. With O(dest) the module writes it to a file before it goes on, and the
    result holds no secret. Without O(dest) it is returned as RV(client_secret), the result is never displayed, and the task must
    C(register) it; a task without both does not create a secret, because nobody could read it.
  - If the task fails after it has created a secret, it revokes that secret again, or names its id in the failure.
  - The lifetime and the limit of a secret cannot be changed on the server. Other values than those of the valid secret apply from its
    renewal on.
options:
  description:
    description:
      - The name of the secret, one line of at most 255 characters. Required with O(state=present).
      - One of O(description) and O(client_secret_id) is required.
    type: str
  client_secret_id:
    description:
      - The id of a secret to revoke with O(state=absent), such as one that was created by hand and has no description.
      - A secret of another identity is never revoked. A secret that is revoked already is no change.
    type: str
  dest:
    description:
      - The absolute path of a file that a new secret is written to, on the host that the module runs on, as the user it runs as.
      - The file holds the lines C(INFISICAL_URL=), C(INFISICAL_UNIVERSAL_AUTH_CLIENT_ID=) and C(INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET=).
        It is replaced as a whole and can only be read by its owner.
      - The module checks before the first request that the file can be written, and reserves the space before it creates the secret. It
        refuses a directory, a symbolic link, a file of another user and a file that holds something else.
      - The secret that this file holds is the one that is kept. If the file is missing, or does not hold a valid secret of this
        O(description), a new one is created.
      - Give each file a O(description) of its own. With O(state=absent) the file is left as it is.
    type: path
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
  renew:
    description:
      - V(when_due) creates a new secret when there is no valid one, V(now) creates one in any case.
    type: str
    choices: [when_due, now]
    default: when_due
  renew_before:
    description:
      - Seconds of life left at which a new secret is created, V(0) to V(315360000). Must be below O(ttl).
    type: int
    default: 0
  overlap:
    description:
      - Seconds after a renewal during which the old secret still works, V(0) to V(315360000). The first run after that revokes it.
      - With O(dest), V(0) revokes the old secret as soon as the new one is in its file. Without O(dest), an old secret is kept until the new
        one was used for the first time.
      - Without it an old secret works until it ends by itself.
    type: int
  state:
    description:
      - V(present) keeps one valid secret. V(absent) revokes every secret with this O(description), or the one of this O(client_secret_id).
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

- name: A secret for thirty days in a file, renewed in its last week, the old one good for a day more
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api on host app1
    dest: "{{ credentials_directory }}/billing-api.env"
    ttl: 2592000
    renew_before: 604800
    overlap: 86400

- name: Replace it at once, as somebody may have read it
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api on host app1
    dest: "{{ credentials_directory }}/billing-api.env"
    ttl: 2592000
    renew: now
    overlap: 0

- name: A secret to hand over by a task of your own
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api in the vault
  register: secret

- name: Hand it over
  ansible.builtin.copy:
    content: "{{ secret.client_secret }}"
    dest: "{{ credentials_directory }}/infisical-client-secret"
    mode: "0400"
  when: secret.client_secret is defined
  no_log: true

- name: Revoke every secret of a description
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api in the vault
    state: absent

- name: Revoke one secret by its id
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    client_secret_id: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
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
  description: The id of the valid secret, or the O(client_secret_id) that was given. It is no secret itself.
  returned: success, except when check mode would create the secret, and except with O(state=absent) and O(description)
  type: str
  sample: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
created:
  description: Whether this run has created the secret, or in check mode would create it.
  returned: success and O(state=present)
  type: bool
  sample: true
client_secret:
  description: The secret itself.
  returned: when this run has created it and O(dest) was not given
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

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.task import IDENTITY_CLIENT_SECRET_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_CLIENT_SECRET_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
