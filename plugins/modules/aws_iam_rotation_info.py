#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_iam_rotation_info
short_description: Read rotations of AWS IAM users' access keys
version_added: 1.0.0
description:
  - Reads the configuration of rotations, the result of the last rotation of each, and when the next one is due. It
    never reads a key.
options:
  rotation_id:
    description:
      - The id of the rotation to read. One of O(rotation_id), O(project_id) and O(project_slug) is required.
    type: str
  project_id:
    description:
      - The id of the project whose rotations are read.
    type: str
  project_slug:
    description:
      - The slug of that project.
    type: str
  name:
    description:
      - Reads only the rotations with this name. Each folder can have one.
    type: str
  environment:
    description:
      - Reads only the rotations of this environment.
    type: str
    aliases: [env_slug]
  secret_path:
    description:
      - Reads only the rotations of this folder.
    type: str
    aliases: [path]
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.aws_iam_rotation
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read the rotations of a project
  machineid.infisical.aws_iam_rotation_info:
    project_slug: billing
  register: found

- name: Fail when one of them did not succeed
  ansible.builtin.assert:
    that: found.aws_iam_rotations | rejectattr('rotation_status', 'eq', 'success') | length == 0
"""

RETURN = r"""
aws_iam_rotations:
  description:
    - The rotations sorted by environment, path and name, each with the options of
      M(machineid.infisical.aws_iam_rotation), its C(rotation_id), C(connection_name), C(rotation_status),
      C(last_rotated_at), C(last_rotation_attempted_at), C(last_rotation_message), C(last_rotation_manual) and
      C(next_rotation_at). Empty if there are none, or none that the identity that logs in may see.
  returned: success
  type: list
  elements: dict
  sample: [{name: billing-keys, environment: prod, secret_path: /aws, rotation_status: success, next_rotation_at: "2026-03-02T03:30:00.000Z"}]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._rotation.info_task import AWS_IAM_ROTATION_INFO_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = AWS_IAM_ROTATION_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
