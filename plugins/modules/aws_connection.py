#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_connection
short_description: Keep an AWS app connection
version_added: 1.0.0
description:
  - Makes, changes or deletes an app connection to AWS, which is what a key rotation manages an IAM user's keys with.
  - The server tests the credentials at AWS whenever they are written, and never tells them again. Only the access key id can be compared
    with what is declared.
attributes:
  idempotent:
    support: partial
    details:
      - Credentials other than the access key id cannot be read, so another O(credentials.role_arn), O(credentials.sts_endpoint) or
        O(credentials.secret_access_key) alone is not noticed.
      - With O(update_credentials=always) every run writes the credentials and reports a change.
options:
  connection_id:
    description:
      - The id of the connection. One of O(connection_id) and O(name) is required. With it, O(name) is what the connection is to be named.
    type: str
  name:
    description:
      - The name, V(1) to V(64) lower-case letters and digits with single hyphens between them. Names are unique within the organisation, or
        within a project.
    type: str
  project_id:
    description:
      - The id of the project that the connection belongs to. Without O(project_id) and O(project_slug) it belongs to the organisation.
        It cannot be changed.
    type: str
  project_slug:
    description:
      - The slug of that project, 5 to 36 characters.
    type: str
  description:
    description:
      - A description, at most V(256) characters. An empty one clears it.
    type: str
  method:
    description:
      - How Infisical proves who it is. V(assume-role) takes O(credentials.role_arn), V(access-key) takes O(credentials.access_key_id) and
        O(credentials.secret_access_key). Required when the connection is not there yet, and cannot be changed.
    type: str
    choices: [assume-role, access-key]
  credentials:
    description:
      - What the connection works with, always complete. Required when the connection is not there yet.
    type: dict
    suboptions:
      role_arn:
        description:
          - The ARN of the role to assume, at most V(2048) characters. It must trust Infisical's AWS account with the organisation's id as external id.
        type: str
      sts_endpoint:
        description:
          - The https address of the STS to assume the role at, at most V(255) characters. Older servers ignore it.
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
      - V(on_create) writes O(credentials) when the connection is made, and when O(credentials.access_key_id) is another than the server's.
      - V(always) writes them in every run.
    type: str
    choices: [always, on_create]
    default: on_create
  wait_timeout:
    description:
      - Seconds to go on trying while AWS does not accept the credentials, V(0) to V(86400). A role or key that was just made is not known
        to all of AWS at once.
        A role that will never be accepted cannot be told from a new one.
    type: int
    default: 60
  state:
    description:
      - V(present) makes the connection or brings it to what is declared. V(absent) deletes it, which the server refuses while a rotation or
        anything else uses it.
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

- name: Give it the other role, which no comparison can tell
  machineid.infisical.aws_connection:
    name: aws-billing
    method: assume-role
    credentials:
      role_arn: arn:aws:iam::123456789012:role/infisical-rotation-2
    update_credentials: always

- name: Take it away
  machineid.infisical.aws_connection:
    name: aws-billing
    state: absent
"""

RETURN = r"""
connection_id:
  description: The id of the connection.
  returned: success, except when check mode would make it
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
aws_connection:
  description: The connection as it is now, or would be in check mode, without the credentials. It can be given back as options.
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
      description: The id of the project that it belongs to. Missing when it belongs to the organisation.
      type: str
      sample: 9b0494f2-339f-4617-ad58-c49dcb2afdfa
    description:
      description: The description.
      type: str
      sample: Rotates the keys of the billing users
    method:
      description: How Infisical proves who it is.
      type: str
      sample: assume-role
    credentials:
      description: The access key id with V(access-key), nothing with V(assume-role).
      type: dict
      sample: {}
failure:
  description:
    - What went wrong, for whatever reads the result. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) are the server's own, as far as it answered.
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
