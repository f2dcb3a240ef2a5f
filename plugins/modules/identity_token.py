#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_token
short_description: Manage a valid token of a machine identity with token auth
version_added: 1.0.0
description:
  - Ensures that one valid token with this name exists, and renews it before it expires. A token is valid if it is not
    revoked, expired, used up or due for renewal.
  - A token of token auth is a bearer token that a workload uses without a login. Its lifetime and use limit are those
    that token auth has when the token is created; see M(machineid.infisical.identity_token_auth).
  - The server returns a token only once, when it is created. With O(dest), the module writes it to a file immediately,
    and the result contains no token. Without O(dest), it is returned as RV(access_token), the result is never
    displayed, and the task must C(register) it. A task with neither does not create a token, because nobody could read
    it.
  - If the task fails after it has created a token, it revokes that token again, or reports its id in the failure.
  - The server lists only the 200 tokens of an identity that were changed last. If there are more, and none of them has
    this name, the task fails and changes nothing, because the token may already exist.
options:
  name:
    description:
      - The name of the token, one line of at most 255 characters. Required with O(state=present).
      - One of O(name) and O(token_id) is required.
    type: str
  token_id:
    description:
      - The id of a token to revoke with O(state=absent), for example one that was created manually and has no name.
      - A token of another identity is never revoked. If the token is already revoked, nothing changes.
    type: str
  dest:
    description:
      - The absolute path of the file that a new token is written to, on the host where the module runs, as the user
        that the module runs as.
      - The file contains the lines C(INFISICAL_URL=) and C(INFISICAL_TOKEN=). It is replaced as a whole, and only its
        owner can read it.
      - Before the first request, the module checks that the file can be written, and it reserves the space before it
        creates the token. It rejects a directory, a symbolic link, a file of another user and a file with other
        content.
      - The token in this file is the one that is kept. If the file is missing, or does not contain a valid token with
        this O(name), a new one is created.
      - Use a separate O(name) for each file. O(state=absent) does not touch the file.
    type: path
  renew:
    description:
      - V(when_due) creates a new token if there is no valid one, V(now) always creates one.
    type: str
    choices: [when_due, now]
    default: when_due
  renew_before:
    description:
      - Remaining lifetime, in seconds, at which a new token is created, V(0) to V(315360000). Must be less than the
        lifetime of new tokens.
      - The lifetime begins when the token is created or when the workload renews it.
    type: int
    default: 0
  overlap:
    description:
      - Seconds for which the old token still works after a renewal, V(0) to V(315360000). The first run after that
        revokes it.
      - With O(dest), V(0) revokes the old token as soon as the new one is in the file. Without O(dest), the old token
        is kept until the new one has been used for the first time.
      - If not given, the old token works until it expires.
    type: int
  state:
    description:
      - V(present) maintains one valid token. V(absent) revokes every token with this O(name), or the one with this
        O(token_id).
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity_token_auth
  - module: machineid.infisical.identity_client_secret
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Attach token auth, with tokens that live for thirty days
  machineid.infisical.identity_token_auth:
    identity_name: billing-api
    access_token_ttl: 2592000
    access_token_max_ttl: 2592000

- name: Keep a token in a file, renew it in its last week, and let the old one work for another day
  machineid.infisical.identity_token:
    identity_name: billing-api
    name: billing-api on host app1
    dest: "{{ credentials_directory }}/billing-api-token.env"
    renew_before: 604800
    overlap: 86400

- name: Replace the token immediately, because somebody may have read it
  machineid.infisical.identity_token:
    identity_name: billing-api
    name: billing-api on host app1
    dest: "{{ credentials_directory }}/billing-api-token.env"
    renew: now
    overlap: 0

- name: Create a token that another task stores
  machineid.infisical.identity_token:
    identity_name: billing-api
    name: billing-api in the vault
  register: token

- name: Store the token
  ansible.builtin.copy:
    content: "{{ token.access_token }}"
    dest: "{{ credentials_directory }}/infisical-token"
    mode: "0400"
  when: token.access_token is defined
  no_log: true

- name: Revoke every token with a name
  machineid.infisical.identity_token:
    identity_name: billing-api
    name: billing-api in the vault
    state: absent

- name: Revoke one token by its id
  machineid.infisical.identity_token:
    identity_name: billing-api
    token_id: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
token_id:
  description: The id of the valid token, or the given O(token_id). The id itself is not confidential.
  returned: success, except when check mode would create the token, and except with O(state=absent) and O(name)
  type: str
  sample: 6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d
created:
  description: Whether this run has created the token, or in check mode would create it.
  returned: success and O(state=present)
  type: bool
  sample: true
access_token:
  description: The token itself.
  returned: if this run has created it and O(dest) is not given
  type: str
  sample: eyJhbGciOiJIUzI1NiIs...
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._issued.task import IDENTITY_TOKEN_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_TOKEN_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
