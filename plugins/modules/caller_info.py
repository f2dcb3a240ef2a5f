#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: caller_info
short_description: Log in and return the identity of the caller
version_added: 1.0.0
description:
  - Logs in, or uses an existing token, and asks the server which identity it belongs to. A token that this task
    obtained itself is revoked again.
  - Use it to verify that a workload can log in, or to see which identity the credentials of a job belong to.
options:
  include_access:
    description:
      - Whether to read also what the caller has. This takes three more requests, for its own identity, its memberships and the
        list of projects, and on servers of 2024, which do not list projects to identities, a fourth.
      - What the caller may not read is null. The task does not fail because of it.
    type: bool
    default: false
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.login
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read which identity the credentials in the environment belong to
  machineid.infisical.caller_info:
  register: caller

- name: Verify that a client secret works
  machineid.infisical.caller_info:
    auth_method: universal_auth
    universal_auth_client_id: "{{ client_id }}"
    universal_auth_client_secret: "{{ client_secret }}"

- name: Read what the caller has
  machineid.infisical.caller_info:
    include_access: true
  register: caller

- name: Stop if it is not a member of the project, or if that cannot be read
  ansible.builtin.assert:
    that: "'billing' in caller.projects | default([], true) | map(attribute='project_slug')"
"""

RETURN = r"""
identity_id:
  description: The id of the identity. Null for the token of a user.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
organization:
  description: Its organisation, with C(id), C(name) and C(slug). Empty on servers of 2024, which do not return it. For the token of
    a user only C(id), if the token has it.
  returned: success
  type: dict
  sample: {id: 180870b7-f464-4740-8ffe-9d11c9245ea7, name: Example, slug: example}
name:
  description: The name of the identity. Null for the token of a user, and if the identity may not read identities.
  returned: success, with O(include_access=true)
  type: str
  sample: billing-api
role:
  description: The slug of the identity's role in the organisation, built-in or custom. Null in the same cases as RV(name).
  returned: success, with O(include_access=true)
  type: str
  sample: member
projects:
  description:
    - The projects that the identity is itself a member of. What it reaches through groups is returned by
      P(machineid.infisical.identity_info#module) with O(machineid.infisical.identity_info#module:effective_access).
    - If the identity may not read identities, and for the token of a user, the projects that the caller can see, without their
      roles.
    - Null if the caller may read neither.
  returned: success, with O(include_access=true)
  type: list
  elements: dict
  sample:
    - project_id: 7bf2b3c4-95ba-4b9f-9d1a-3b3cbd0b2e3b
      project_slug: billing
      roles: [{role: viewer}]
  contains:
    project_id:
      description: The id of the project.
      type: str
    project_slug:
      description: The slug of the project. Null if the caller may not list projects, as identities on servers of 2024.
      type: str
    roles:
      description: The roles, in the form that O(machineid.infisical.project_identity#module:roles) takes. Null if they cannot be
        read.
      type: list
      elements: dict
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module
from ansible_collections.machineid.infisical.plugins.module_utils._session.session import CALLER_INFO_TASK

TASK = CALLER_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
