#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_connection
short_description: Manage an AWS app connection
version_added: 1.0.0
description:
  - Creates, updates or deletes an app connection to AWS. Key rotations use it to manage the keys of an IAM user.
  - The server tests the credentials against AWS whenever they are written, and never returns them. Only the access key
    id can be compared with the desired value.
attributes:
  idempotent:
    support: partial
    details:
      - Credentials other than the access key id cannot be read, so a change of only O(credentials.role_arn),
        O(credentials.sts_endpoint) or O(credentials.secret_access_key) is not detected.
      - With O(update_credentials=always), every run writes the credentials and reports a change.
options:
  connection_id:
    description:
      - The id of the connection. One of O(connection_id) and O(name) is required. If both are given, the connection is
        renamed to O(name).
    type: str
  name:
    description:
      - The name, V(1) to V(64) lower-case letters and digits with single hyphens between them. Names are unique within the organisation, or
        within a project.
    type: str
  project_id:
    description:
      - The id of the project that the connection belongs to. Without O(project_id) and O(project_slug), it belongs to
        the organisation. It cannot be changed.
    type: str
  project_slug:
    description:
      - The slug of that project, 5 to 36 characters.
    type: str
  description:
    description:
      - A description, at most V(256) characters. An empty string clears it.
    type: str
  method:
    description:
      - How Infisical authenticates to AWS. V(assume-role) uses O(credentials.role_arn), V(access-key) uses
        O(credentials.access_key_id) and O(credentials.secret_access_key). Required if the connection does not exist
        yet. It cannot be changed.
    type: str
    choices: [assume-role, access-key]
  credentials:
    description:
      - The credentials of the connection, always given completely. Required if the connection does not exist yet.
    type: dict
    suboptions:
      role_arn:
        description:
          - The ARN of the role to assume, at most V(2048) characters. It must trust Infisical's AWS account with the organisation's id as external id.
        type: str
      sts_endpoint:
        description:
          - The https address of the STS endpoint that assumes the role, at most V(255) characters. Older servers ignore
            it.
        type: str
      access_key_id:
        description:
          - The id of an access key, at most V(255) characters.
        type: str
      secret_access_key:
        description:
          - The secret half of that key, at most V(255) characters.
        type: str
  update_credentials:
    description:
      - V(on_create) writes O(credentials) when the connection is created, and when O(credentials.access_key_id) differs
        from the one on the server.
      - V(always) writes O(credentials) in every run.
    type: str
    choices: [always, on_create]
    default: on_create
  wait_timeout:
    description:
      - Seconds to keep retrying while AWS does not accept the credentials, V(0) to V(86400). AWS takes a while to
        propagate a new role or key. A role that AWS will never accept cannot be distinguished from a new one.
    type: int
    default: 60
  state:
    description:
      - V(present) creates the connection, or updates it to the desired state. V(absent) deletes it, which the server
        rejects while a rotation or anything else uses the connection.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.aws_connection_info
  - module: machineid.infisical.aws_iam_rotation
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Work in AWS as a role
  machineid.infisical.aws_connection:
    name: aws-billing
    method: assume-role
    credentials:
      role_arn: arn:aws:iam::123456789012:role/infisical-rotation
    description: Rotates the keys of the billing users

- name: Work in AWS with an access key, for one project only
  machineid.infisical.aws_connection:
    name: aws-reports
    project_slug: reports
    method: access-key
    credentials:
      access_key_id: "{{ rotator_access_key_id }}"
      secret_access_key: "{{ rotator_secret_access_key }}"

- name: Switch to another role, which cannot be detected by comparison
  machineid.infisical.aws_connection:
    name: aws-billing
    method: assume-role
    credentials:
      role_arn: arn:aws:iam::123456789012:role/infisical-rotation-2
    update_credentials: always

- name: Delete the connection
  machineid.infisical.aws_connection:
    name: aws-billing
    state: absent
"""

RETURN = r"""
connection_id:
  description: The id of the connection.
  returned: success, except when check mode would create it
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
aws_connection:
  description: The connection after the task, or in check mode as a run would leave it, without the secret credentials.
    Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    connection_id:
      description: The id of the connection.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    name:
      description: The name.
      type: str
      sample: aws-billing
    project_id:
      description: The id of the project that it belongs to. Not returned if it belongs to the organisation.
      type: str
      sample: 9b0494f2-339f-4617-ad58-c49dcb2afdfa
    description:
      description: The description.
      type: str
      sample: Rotates the keys of the billing users
    method:
      description: How Infisical authenticates to AWS.
      type: str
      sample: assume-role
    credentials:
      description: The access key id with V(access-key), empty with V(assume-role).
      type: dict
      sample: {}
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_task import AWS_CONNECTION_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = AWS_CONNECTION_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
