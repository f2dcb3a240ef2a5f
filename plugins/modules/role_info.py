#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: role_info
short_description: Read the roles of a project or of the organisation, with what they permit
version_added: 1.0.0
description:
  - Reads the built-in and custom roles of a project, or those of the organisation if no project is given.
  - The server lists the roles of the organisation for people only. To an identity, it returns single roles, so that this
    module returns the built-in ones, or those named in O(slugs).
  - The roles of a project take one request for the list, and one for each role.
options:
  project_id:
    description:
      - The id of the project.
    type: str
  project_slug:
    description:
      - The slug of the project.
    type: str
  organization_id:
    description:
      - The id (a UUID) of the organisation whose roles are read if no project is given. Defaults to the organisation of the
        identity that logs in.
    type: str
  slugs:
    description:
      - The slugs of the roles to read. The task fails if one does not exist, and names those that do. Defaults to all roles,
        or to the built-in ones of an organisation whose roles cannot be listed.
    type: list
    elements: str
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.project_identity
  - module: machineid.infisical.identity
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read what the roles of the project permit
  machineid.infisical.role_info:
    project_slug: billing
  register: billing

- name: List them
  ansible.builtin.debug:
    msg: "{{ billing.roles | map(attribute='slug') }}"

- name: Read one role of the organisation
  machineid.infisical.role_info:
    slugs: [member]
"""

RETURN = r"""
roles:
  description: The roles.
  returned: success
  type: list
  elements: dict
  contains:
    slug:
      description: The slug, which the options C(role) and C(roles) of other modules take.
      type: str
      sample: deployer
    name:
      description: The name. Null if the server does not let identities read the role.
      type: str
      sample: Deployer
    description:
      description: The description.
      type: str
      sample: Changes secrets in all environments but production
    permissions:
      description: What the role permits, as the server has it, with C(action) as a list. An expression of the server in it
        is data, which Ansible does not evaluate. Null if the server does not let identities read the role.
      type: list
      elements: raw
      sample: [{subject: secrets, action: [read]}]
complete:
  description: Whether C(roles) has every role there is, including custom ones.
  returned: success
  type: bool
  sample: true
project_id:
  description: The id of the project.
  returned: success and O(project_id) or O(project_slug) given
  type: str
  sample: 9b0494f2-339f-4617-ad58-c49dcb2afdfa
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._access.role_info import ROLE_INFO_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = ROLE_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
