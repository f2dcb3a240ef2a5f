#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: group_identity
short_description: Manage a machine identity's membership of a group
version_added: 1.0.0
description:
  - Adds an identity to a group, or removes it. A member has the group's role in the organisation and its roles in projects,
    beside its own.
  - What an identity reaches through groups is reported by M(machineid.infisical.identity_info) with
    O(machineid.infisical.identity_info#module:effective_access).
  - Needs a plan with groups. Groups of servers of 2024-10 cannot have machine identities.
options:
  group_id:
    description:
      - The id (a UUID) of the group. One of O(group_id), O(group_slug) and O(group_name) is required.
    type: str
  group_slug:
    description:
      - The slug of the group, from 5 to 36 characters.
    type: str
  group_name:
    description:
      - The name of the group, at most 50 characters. Names are not unique. The task fails if several groups share the name.
    type: str
  state:
    description:
      - V(present) adds the identity to the group. V(absent) removes it from the group.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.project_identity
  - module: machineid.infisical.identity_info
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Add the identity to the group of all services
  machineid.infisical.group_identity:
    identity_name: billing-api
    group_slug: services

- name: Remove it from the group
  machineid.infisical.group_identity:
    identity_name: billing-api
    group_name: Services
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
group_id:
  description: The id of the group.
  returned: success
  type: str
  sample: 5b0a8a51-0b2b-4d8e-a4a8-0c7f1a8a5f10
group_identity:
  description: The membership after the task, or in check mode as a run would leave it. Its keys can be passed as
    options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    group_id:
      description: The id of the group.
      type: str
      sample: 5b0a8a51-0b2b-4d8e-a4a8-0c7f1a8a5f10
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._access.group_task import GROUP_IDENTITY_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = GROUP_IDENTITY_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
