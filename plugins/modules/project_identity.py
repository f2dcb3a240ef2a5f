#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: project_identity
short_description: Manage a machine identity's membership of a project
version_added: 1.0.0
description:
  - Makes an identity a member of a project with exactly the given roles, changes its roles, or removes it from the
    project.
options:
  project_id:
    description:
      - The id of the project. One of O(project_id) and O(project_slug) is required.
    type: str
  project_slug:
    description:
      - The slug of the project.
    type: str
  state:
    description:
      - V(present) makes the identity a member, or updates its roles to the desired ones. V(absent) removes it from the
        project.
    type: str
    choices: [present, absent]
    default: present
  roles:
    description:
      - The complete list of roles, as slugs such as V(admin), V(member), V(viewer), V(no-access) or the slug of a
        custom role. At least one must be permanent. Required when the identity is not a member yet. A role that the
        project does not have fails the task, which names those that it has.
      - A temporary role is a dictionary with C(role), C(temporary_range) such as V(2h) or V(7d), from V(1s) to V(100y), and
        C(temporary_access_start_time), which defaults to the time of the run that assigns the role.
      - A C(temporary_access_start_time) is an ISO 8601 time with a time zone, such as V(2026-01-31T08:00:00Z) or
        V(2026-01-31 09:00+01:00). A time without a zone is invalid. Times are compared as moments, and sent and
        returned in UTC.
      - A temporary role is assigned once. It does not start again while the server lists it, even after it has expired.
        To assign it again, give another C(temporary_access_start_time).
    type: list
    elements: raw
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity
  - module: machineid.infisical.project_identity_privilege
  - module: machineid.infisical.group_identity
  - module: machineid.infisical.role_info
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Let the identity read permanently, and write for two hours
  machineid.infisical.project_identity:
    identity_name: billing-api
    project_slug: billing
    roles:
      - viewer
      - role: member
        temporary_range: 2h

- name: Remove it from the project
  machineid.infisical.project_identity:
    identity_name: billing-api
    project_slug: billing
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
project_id:
  description: The id of the project.
  returned: success
  type: str
  sample: 9b0494f2-339f-4617-ad58-c49dcb2afdfa
project_identity:
  description: The membership after the task, or in check mode as a run would leave it. Its keys can be passed as
    options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    project_id:
      description: The id of the project.
      type: str
      sample: 9b0494f2-339f-4617-ad58-c49dcb2afdfa
    roles:
      description: The roles, with C(temporary_range) and C(temporary_access_start_time) if temporary.
      type: list
      elements: dict
      sample: [{role: viewer}]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_task import PROJECT_IDENTITY_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = PROJECT_IDENTITY_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
