#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_iam_rotation
short_description: Manage a rotation of an AWS IAM user's access keys
version_added: 1.0.0
description:
  - Creates, updates or deletes a rotation, which issues a new access key for an IAM user at an interval of days and
    stores it as two secrets of a folder. It can also rotate the keys immediately, or only if they are too old.
  - Creating a rotation costs the IAM user a key. The server issues a new key, deletes the older one if there are two,
    and in many releases does both before it checks whether the rotation is possible. The module therefore checks
    everything that can be checked beforehand, also in check mode, and fails with the reason if a check does not pass.
    It never repeats the request itself. If the answer is lost, it looks for the rotation by its name.
  - Each rotation issues a new key and deletes the key before the previous one, so the previous key works until the next
    rotation.
attributes:
  idempotent:
    support: partial
    details:
      - With O(rotate=true) and without O(max_age_days), every run rotates the keys. With O(max_age_days), a run rotates
        them only if they are older.
options:
  rotation_id:
    description:
      - The id of the rotation. Without it, O(name), O(environment), O(secret_path) and the project are required, and
        identify the rotation. If O(rotation_id) and O(name) are given, the rotation is renamed to O(name).
    type: str
  name:
    description:
      - The name, V(1) to V(64) lower-case letters and digits with single hyphens between them. Names are unique within a folder.
    type: str
  project_id:
    description:
      - The id of the project.
    type: str
  project_slug:
    description:
      - The slug of the project, 5 to 36 characters.
    type: str
  environment:
    description:
      - The slug of the environment. It cannot be changed without O(recreate).
    type: str
    aliases: [env_slug]
  secret_path:
    description:
      - The absolute path of the folder that holds the two secrets, at most V(1000) characters, without V(.) and V(..).
        The folder must exist. The path cannot be changed without O(recreate).
    type: str
    aliases: [path]
  connection_id:
    description:
      - The id of the AWS app connection that manages the keys. It cannot be changed without O(recreate). One of
        O(connection_id) and O(connection_name) is required if the rotation does not exist yet.
    type: str
  connection_name:
    description:
      - The name of that connection, which belongs to the project or to the organisation.
    type: str
  parameters:
    description:
      - The IAM user whose keys are rotated. Required if the rotation does not exist yet.
    type: dict
    suboptions:
      user_name:
        description:
          - The name of the IAM user. It cannot be changed without O(recreate), because the keys of the former user
            would remain active.
        type: str
      region:
        description:
          - The AWS region to use, such as V(eu-central-1). The module warns about a region that the server is not known
            to accept. An empty string clears it.
        type: str
  secrets_mapping:
    description:
      - The names of the secrets that hold the newest key. Required if the rotation does not exist yet. No other secret
        of the folder may have these names. Changing them renames the secrets immediately.
    type: dict
    suboptions:
      access_key_id:
        description:
          - The name of the secret that holds the access key id, without V(:) and V(/).
        type: str
      secret_access_key:
        description:
          - The name of the secret that holds the secret access key, without V(:) and V(/).
        type: str
  rotation_interval:
    description:
      - Days between rotations, V(1) to V(3650). Required if the rotation does not exist yet.
    type: int
  rotate_at_utc:
    description:
      - The time of day of a rotation, in UTC, as a quoted string such as V("03:30"), or as a dictionary with C(hours)
        V(0) to V(23) and C(minutes) V(0) to V(59).
      - The server sets midnight when the rotation is created without it.
    type: raw
  auto_rotation_enabled:
    description:
      - Whether the keys are rotated every O(rotation_interval) days. The server turns it on when the rotation is
        created without it.
      - If you turn it on, or change the schedule, so that the next rotation is due on the same day, the server may
        rotate the keys immediately. The module then warns.
    type: bool
    aliases: [is_auto_rotation_enabled]
  description:
    description:
      - A description, at most V(256) characters. An empty string clears it.
    type: str
  recreate:
    description:
      - Whether to recreate a rotation whose project, environment, path, connection or IAM user differs from the desired
        one. The old rotation is deleted together with its secrets, and the keys that it issued are revoked. With
        V(false), such a difference is a failure.
      - The module checks that the new rotation is possible before it deletes the old one.
    type: bool
    default: false
  rotate:
    description:
      - Whether to rotate the keys now. A rotation that this run creates has new keys already and is not rotated again.
    type: bool
    default: false
  max_age_days:
    description:
      - Rotates the keys now only if the last rotation is more than this many days ago by the server's clock, V(1) to
        V(3650). Takes precedence over O(rotate).
    type: int
  wait_timeout:
    description:
      - Seconds to wait for the result of a rotation, and to look for a rotation if the answer to its creation was lost,
        V(1) to V(86400).
      - Requests that issue or rotate keys have a timeout of O(timeout), but at least 120 seconds.
    type: int
    default: 120
  delete_secrets:
    description:
      - Whether O(state=absent) deletes the two secrets. Otherwise they remain as ordinary secrets.
    type: bool
    default: false
  revoke_generated_credentials:
    description:
      - Whether O(state=absent) deletes the access keys that the rotation has issued. Otherwise they remain active.
    type: bool
    default: false
  state:
    description:
      - V(present) creates the rotation, or updates it to the desired state. An option that is not given keeps its value
        on the server.
      - V(absent) deletes the rotation, and by default neither its keys nor its secrets.
        RV(generated_credentials_revoked), RV(secrets_deleted) and warnings report what remains.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes
notes:
  - The organisation needs a plan or licence that includes secret rotation.
  - The module never reads or returns a key.
seealso:
  - module: machineid.infisical.aws_iam_rotation_info
  - module: machineid.infisical.aws_connection
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Rotate the keys of an IAM user every thirty days, at half past three
  machineid.infisical.aws_iam_rotation:
    name: billing-keys
    project_slug: billing
    environment: prod
    secret_path: /aws
    connection_name: aws-billing
    parameters:
      user_name: billing-uploader
      region: eu-central-1
    secrets_mapping:
      access_key_id: AWS_ACCESS_KEY_ID
      secret_access_key: AWS_SECRET_ACCESS_KEY
    rotation_interval: 30
    rotate_at_utc: "03:30"

- name: Rotate the keys if they are older than a week, in a task that can run every day
  machineid.infisical.aws_iam_rotation:
    name: billing-keys
    project_slug: billing
    environment: prod
    secret_path: /aws
    max_age_days: 7

- name: Rotate the keys now, after a key has leaked
  machineid.infisical.aws_iam_rotation:
    name: billing-keys
    project_slug: billing
    environment: prod
    secret_path: /aws
    rotate: true

- name: Delete the rotation with its keys and secrets
  machineid.infisical.aws_iam_rotation:
    name: billing-keys
    project_slug: billing
    environment: prod
    secret_path: /aws
    delete_secrets: true
    revoke_generated_credentials: true
    state: absent
"""

RETURN = r"""
rotation_id:
  description: The id of the rotation.
  returned: success, except when check mode would create it
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
rotated:
  description: Whether this run has rotated the keys of an existing rotation, or in check mode would rotate them.
  returned: success
  type: bool
  sample: false
aws_iam_rotation:
  description: The rotation after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    rotation_id:
      description: The id of the rotation.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    name:
      description: The name.
      type: str
      sample: billing-keys
    project_id:
      description: The id of the project.
      type: str
      sample: 9b0494f2-339f-4617-ad58-c49dcb2afdfa
    environment:
      description: The slug of the environment.
      type: str
      sample: prod
    secret_path:
      description: The path of the folder.
      type: str
      sample: /aws
    connection_id:
      description: The id of the AWS app connection.
      type: str
      sample: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
    parameters:
      description: The IAM user, and the region if one is set.
      type: dict
      sample: {user_name: billing-uploader, region: eu-central-1}
    secrets_mapping:
      description: The names of the two secrets.
      type: dict
      sample: {access_key_id: AWS_ACCESS_KEY_ID, secret_access_key: AWS_SECRET_ACCESS_KEY}
    rotation_interval:
      description: Days between rotations.
      type: int
      sample: 30
    rotate_at_utc:
      description: The time of day of a rotation, in UTC.
      type: dict
      sample: {hours: 3, minutes: 30}
    auto_rotation_enabled:
      description: Whether the keys are rotated automatically.
      type: bool
      sample: true
    description:
      description: The description.
      type: str
      sample: ""
connection_name:
  description: The name of the AWS app connection.
  returned: if the rotation exists or existed
  type: str
  sample: aws-billing
rotation_status:
  description: How the last rotation ended, V(success) or V(failed).
  returned: success and O(state=present), except when check mode would create the rotation
  type: str
  sample: success
last_rotated_at:
  description: When the keys were last rotated.
  returned: success and O(state=present), except when check mode would create the rotation
  type: str
  sample: "2026-01-31T03:30:02.114Z"
last_rotation_attempted_at:
  description: When a rotation was last attempted.
  returned: success and O(state=present), except when check mode would create the rotation
  type: str
  sample: "2026-01-31T03:30:02.114Z"
last_rotation_message:
  description: The server's message about a rotation that failed.
  returned: success and O(state=present), except when check mode would create the rotation
  type: str
  sample: null
next_rotation_at:
  description: When the next rotation is due. Null if the keys are not rotated automatically.
  returned: success and O(state=present), except when check mode would create the rotation
  type: str
  sample: "2026-03-02T03:30:00.000Z"
generated_credentials_revoked:
  description: Whether the access keys that the deleted rotation had issued were also deleted, or in check mode would be
    deleted.
  returned: when a rotation is deleted, by O(state=absent) or O(recreate=true)
  type: bool
  sample: false
secrets_deleted:
  description: Whether the secrets of the deleted rotation were also deleted, or in check mode would be deleted.
  returned: when a rotation is deleted, by O(state=absent) or O(recreate=true)
  type: bool
  sample: false
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_task import AWS_IAM_ROTATION_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = AWS_IAM_ROTATION_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
