#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: project_identity
short_description: Keep a machine identity's membership of a project
version_added: 1.0.0
description:
  - Makes an identity a member of a project with exactly the declared roles, changes its roles, or takes it out of the project.
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
      - V(present) makes the identity a member or brings its roles to what is declared. V(absent) takes it out of the project.
    type: str
    choices: [present, absent]
    default: present
  roles:
    description:
      - The roles, as a whole, as slugs such as V(admin), V(member), V(viewer), V(no-access) or a custom role's. At least one must be
        permanent. Required when the identity is not a member yet.
      - A temporary role is a dictionary with C(role), C(temporary_range) such as V(2h) or V(7d), from V(1s) to V(100y), and
        C(temporary_access_start_time), which is the time of the run that gives it when left out.
      - A C(temporary_access_start_time) is an ISO 8601 time with its zone, such as V(2026-01-31T08:00:00Z) or V(2026-01-31 09:00+01:00). One
        without a zone is refused. Two spellings of one moment are the same; the one in UTC is sent and returned.
      - A temporary role is given once. It is not begun again while the server lists it, even when it is over; to give it again, declare
        another C(temporary_access_start_time).
    type: list
    elements: raw
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Let the identity read, and write for two hours
  machineid.infisical.project_identity:
    identity_name: billing-api
    project_slug: billing
    roles:
      - viewer
      - role: member
        temporary_range: 2h

- name: Take it out of the project
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
  description: The membership as it is now, or would be in check mode. It can be given back as options.
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
      description: The roles, with C(temporary_range) and C(temporary_access_start_time) when temporary.
      type: list
      elements: dict
      sample: [{role: viewer}]
failure:
  description:
    - What went wrong, for whatever reads the result. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) are the server's own, as far as it answered.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._identity.membership_task import PROJECT_IDENTITY_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = PROJECT_IDENTITY_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
