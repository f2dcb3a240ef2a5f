#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_connection_info
short_description: Read AWS app connections
version_added: 1.0.0
description:
  - Reads the AWS app connections of the organisation or of a project, either all of them or the one with a given id or
    name.
options:
  connection_id:
    description:
      - The id of the connection to read.
    type: str
  name:
    description:
      - The name of the connection to read.
    type: str
  project_id:
    description:
      - The id of the project whose connections are read. Without O(project_id) and O(project_slug), the connections of
        the organisation are read.
    type: str
  project_slug:
    description:
      - The slug of that project, 5 to 36 characters.
    type: str
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.aws_connection
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Find a connection by its name
  machineid.infisical.aws_connection_info:
    name: aws-billing
  register: found

- name: Display its id
  ansible.builtin.debug:
    msg: "{{ found.aws_connections | map(attribute='connection_id') }}"
"""

RETURN = r"""
aws_connections:
  description:
    - The connections sorted by name, each in the form of RV(machineid.infisical.aws_connection#module:aws_connection).
      Empty if there are none.
  returned: success
  type: list
  elements: dict
  sample: [{connection_id: 3c90c3cc-0d44-4b50-8888-8dd25736052a, name: aws-billing, description: "", method: assume-role, credentials: {}}]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_task import (
    AWS_CONNECTION_INFO_TASK,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = AWS_CONNECTION_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
