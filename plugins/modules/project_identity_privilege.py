#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: project_identity_privilege
short_description: Manage an additional privilege of a machine identity in a project
version_added: 1.0.0
description:
  - Gives an identity a named set of permissions in a project, beside those of its roles, changes it, or takes it away.
  - The identity has to be a member of the project, see M(machineid.infisical.project_identity). Removing it from the
    project removes its additional privileges, too.
  - Servers of 2024-10 have additional privileges of another kind, which this module does not manage.
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
      - V(present) gives the privilege, or updates it to the desired permissions. V(absent) takes it away.
    type: str
    choices: [present, absent]
    default: present
  slug:
    description:
      - The name of the privilege, which is unique for the identity in the project. Lower-case letters and digits with
        single hyphens between them, at most 60 characters.
    type: str
    required: true
  permissions:
    description:
      - The complete list of permissions, in the order in which they apply. A later one that is O(permissions[].inverted)
        takes away what an earlier one gave. V([]) gives nothing. Required when the privilege does not exist yet.
      - The identity that logs in can only give what it has itself.
    type: list
    elements: dict
    suboptions:
      subject:
        description:
          - What it is about, such as V(secrets), V(secret-folders), V(dynamic-secrets) or V(identity).
        type: str
        required: true
      action:
        description:
          - The actions, such as V(read), V(create), V(edit) or V(delete), in any order.
        type: list
        elements: str
        required: true
      conditions:
        description:
          - Where it applies. The keys depend on O(permissions[].subject), such as V(environment), V(secretPath),
            V(secretName) or V(secretTags), and are written as in the API.
          - Each value is a text that has to be equal, or a dictionary with one or more of C($eq), C($ne) and C($glob), each
            with a text, and C($in) and C($all), each with a list of texts.
          - A text can contain expressions of the server such as C({{identity.metadata.team}}). Mark it with C(!unsafe), so
            that Ansible does not evaluate it. The server rejects other expressions.
        type: dict
      inverted:
        description:
          - Whether it takes away instead of giving.
        type: bool
        default: false
  temporary_range:
    description:
      - For how long it lasts, such as V(2h) or V(7d), from V(1s) to V(100y). V("") makes it permanent, which is also the
        default of a new one.
      - A temporary privilege is given once. It does not start again while the server lists it, even after it has ended. To
        give it again, give another O(temporary_access_start_time). Another length starts it again as well.
    type: str
  temporary_access_start_time:
    description:
      - When a temporary privilege starts. The default is the time of the run that gives it.
      - An ISO 8601 time with a time zone, such as V(2026-01-31T08:00:00Z) or V(2026-01-31 09:00+01:00). Times are compared
        as moments, and sent and returned in UTC.
    type: str
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.project_identity
  - module: machineid.infisical.role_info
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Make the identity a member of the project
  machineid.infisical.project_identity:
    identity_name: billing-api
    project_slug: billing
    roles: [viewer]

- name: Let it change the secrets of its own path, except in production
  machineid.infisical.project_identity_privilege:
    identity_name: billing-api
    project_slug: billing
    slug: own-secrets
    permissions:
      - subject: secrets
        action: [create, edit]
        conditions:
          secretPath: !unsafe "/apps/{{identity.name}}"
      - subject: secrets
        action: [create, edit]
        conditions:
          environment: prod
        inverted: true

- name: Let it read the secrets of two environments for two hours
  machineid.infisical.project_identity_privilege:
    identity_name: billing-api
    project_slug: billing
    slug: on-call
    permissions:
      - subject: secrets
        action: [read]
        conditions:
          environment:
            $in: [staging, prod]
    temporary_range: 2h

- name: Take that away
  machineid.infisical.project_identity_privilege:
    identity_name: billing-api
    project_slug: billing
    slug: on-call
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
project_identity_privilege:
  description: The privilege after the task, or in check mode as a run would leave it. Its keys can be passed as
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
    slug:
      description: The name of the privilege.
      type: str
      sample: own-secrets
    permissions:
      description: The permissions in their order. An expression of the server in them is data, which Ansible does not
        evaluate.
      type: list
      elements: dict
      sample: [{subject: secrets, action: [create, edit], conditions: {environment: dev}, inverted: false}]
    temporary_range:
      description: For how long it lasts, empty if it is permanent.
      type: str
      sample: 2h
    temporary_access_start_time:
      description: When it starts, empty if it is permanent. In check mode also if it would start during the run.
      type: str
      sample: "2026-01-31T08:00:00.000Z"
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_task import (
    PROJECT_IDENTITY_PRIVILEGE_TASK,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = PROJECT_IDENTITY_PRIVILEGE_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
