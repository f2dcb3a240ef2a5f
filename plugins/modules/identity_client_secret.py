#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_client_secret
short_description: Manage a valid client secret of a machine identity
version_added: 1.0.0
description:
  - Ensures that one valid client secret with this description exists, and renews it before it expires. A secret is
    valid if it is not revoked, expired, used up or due for renewal.
  - The server returns a client secret only once, when it is created. With O(dest), the module writes it to a file
    immediately, and the result contains no secret. Without O(dest), it is returned as RV(client_secret), the result is
    never displayed, and the task must C(register) it. A task with neither does not create a secret, because nobody
    could read it.
  - If the task fails after it has created a secret, it revokes that secret again, or reports its id in the failure.
  - The lifetime and the use limit of an existing secret cannot be changed on the server. New values apply from the next
    renewal.
options:
  description:
    description:
      - The name of the secret, one line of at most 255 characters. Required with O(state=present).
      - One of O(description) and O(client_secret_id) is required.
    type: str
  client_secret_id:
    description:
      - The id of a secret to revoke with O(state=absent), for example one that was created manually and has no
        description.
      - A secret of another identity is never revoked. If the secret is already revoked, nothing changes.
    type: str
  dest:
    description:
      - The absolute path of the file that a new secret is written to, on the host where the module runs, as the user
        that the module runs as.
      - The file contains the lines C(INFISICAL_URL=), C(INFISICAL_UNIVERSAL_AUTH_CLIENT_ID=) and
        C(INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET=). It is replaced as a whole, and only its owner can read it.
      - Before the first request, the module checks that the file can be written, and it reserves the space before it
        creates the secret. It rejects a directory, a symbolic link, a file of another user and a file with other
        content.
      - The secret in this file is the one that is kept. If the file is missing, or does not contain a valid secret with
        this O(description), a new one is created.
      - Use a separate O(description) for each file. O(state=absent) does not touch the file.
    type: path
  ttl:
    description:
      - Lifetime of a new secret in seconds, V(0) to V(315360000). With V(0), it never expires.
    type: int
    default: 0
  num_uses_limit:
    description:
      - Number of logins that a new secret allows, V(0) to V(9007199254740991). V(0) means no limit.
    type: int
    default: 0
    aliases: [number_of_uses_limit]
  renew:
    description:
      - V(when_due) creates a new secret if there is no valid one, V(now) always creates one.
    type: str
    choices: [when_due, now]
    default: when_due
  renew_before:
    description:
      - Remaining lifetime, in seconds, at which a new secret is created, V(0) to V(315360000). Must be less than
        O(ttl).
    type: int
    default: 0
  overlap:
    description:
      - Seconds for which the old secret still works after a renewal, V(0) to V(315360000). The first run after that
        revokes it.
      - With O(dest), V(0) revokes the old secret as soon as the new one is in the file. Without O(dest), the old secret
        is kept until the new one has been used for the first time.
      - If not given, the old secret works until it expires.
    type: int
  state:
    description:
      - V(present) maintains one valid secret. V(absent) revokes every secret with this O(description), or the one with
        this O(client_secret_id).
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

- name: Keep a secret for thirty days in a file, renew it in its last week, and let the old one work for another day
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api on host app1
    dest: "{{ credentials_directory }}/billing-api.env"
    ttl: 2592000
    renew_before: 604800
    overlap: 86400

- name: Replace the secret immediately, because somebody may have read it
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api on host app1
    dest: "{{ credentials_directory }}/billing-api.env"
    ttl: 2592000
    renew: now
    overlap: 0

- name: Create a secret that another task stores
  machineid.infisical.identity_client_secret:
    identity_name: billing-api
    description: billing-api in the vault
  register: secret

- name: Store the secret
  ansible.builtin.copy:
    content: "{{ secret.client_secret }}"
    dest: "{{ credentials_directory }}/infisical-client-secret"
    mode: "0400"
  when: secret.client_secret is defined
  no_log: true

- name: Revoke every secret with a description
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
  description: The client id to use with the secret.
  returned: success and O(state=present)
  type: str
  sample: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
client_secret_id:
  description: The id of the valid secret, or the given O(client_secret_id). The id itself is not confidential.
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
  returned: if this run has created it and O(dest) is not given
  type: str
  sample: 17300c535a7f...
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._issued.task import IDENTITY_CLIENT_SECRET_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_CLIENT_SECRET_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
