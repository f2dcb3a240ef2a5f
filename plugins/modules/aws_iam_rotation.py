#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_iam_rotation
short_description: Keep a rotation of an AWS IAM user's access keys
version_added: 1.0.0
description:
  - Makes, changes or deletes a rotation that gives an IAM user a new access key every so many days and keeps it as two secrets of a folder,
    rotates the keys now, or only when they are too old.
  - Creating a rotation costs the IAM user a key. The server makes a new one, deleting the older of two, and many releases do that before
    they check whether the rest is possible. So everything that can be known is looked for before, in check mode too, and any doubt is a
    refusal with its reason. The request itself is never repeated. When its answer is lost, the rotation is looked for by its name.
  - Each rotation makes a new key and deletes the one before the last, so the last key works until the next rotation.
attributes:
  idempotent:
    support: partial
    details:
      - With O(rotate=true) and no O(max_age_days) every run rotates the keys. With O(max_age_days) only a run that finds them older does.
options:
  rotation_id:
    description:
      - The id of the rotation. Without it O(name), O(environment), O(secret_path) and the project are required, and the rotation is the
        one of that name in that folder. With it, O(name) is what the rotation is to be named.
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
      - The absolute path of the folder that holds the two secrets, at most V(1000) characters, without V(.) and V(..). The folder must
        be there. It cannot be changed without O(recreate).
    type: str
    aliases: [path]
  connection_id:
    description:
      - The id of the AWS app connection that the keys are managed with. It cannot be changed without O(recreate). One of O(connection_id)
        and O(connection_name) is required when the rotation is not there yet.
    type: str
  connection_name:
    description:
      - The name of that connection, of the project or of the organisation.
    type: str
  parameters:
    description:
      - Whose keys are rotated. Required when the rotation is not there yet.
    type: dict
    suboptions:
      user_name:
        description:
          - The name of the IAM user. It cannot be changed without O(recreate), because the keys of the former user would stay alive.
        type: str
      region:
        description:
          - The AWS region to work in, such as V(eu-central-1). A region that the server is not known to accept gives a warning. An empty
            one clears it.
        type: str
  secrets_mapping:
    description:
      - The names of the secrets that hold the newest key. Required when the rotation is not there yet. Both must be free in the folder.
        Changing them renames the secrets at once.
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
      - Days between rotations, V(1) to V(3650). Required when the rotation is not there yet.
    type: int
  rotate_at_utc:
    description:
      - The time of day of a rotation, in UTC, as a text such as V("03:30") in quotes, or as a dictionary with C(hours) V(0) to V(23) and
        C(minutes) V(0) to V(59).
      - The server sets midnight when the rotation is made without it.
    type: raw
  auto_rotation_enabled:
    description:
      - Whether the keys are rotated whenever O(rotation_interval) is over. The server turns it on when the rotation is made without it.
      - Turning it on, or changing the schedule, so that the next rotation falls on the same day, may rotate the keys at once. That gives a
        warning.
    type: bool
    aliases: [is_auto_rotation_enabled]
  description:
    description:
      - A description, at most V(256) characters. An empty one clears it.
    type: str
  recreate:
    description:
      - Whether a rotation whose project, environment, path, connection or IAM user is another than declared is deleted together with its
        secrets, the keys it made are revoked, and it is recreated. Such a difference is refused otherwise.
      - What would stand in the way of the new one is looked for before the old one is deleted.
    type: bool
    default: false
  rotate:
    description:
      - Whether the keys are rotated now. A rotation that this run makes has new keys already and is not rotated again.
    type: bool
    default: false
  max_age_days:
    description:
      - Rotates the keys now when the last rotation is more than so many days ago by the server's clock, V(1) to V(3650), and not
        otherwise, whatever O(rotate) says.
    type: int
  wait_timeout:
    description:
      - Seconds to wait until a rotation says whether it has succeeded, and to look for a rotation whose making was not answered, V(1) to
        V(86400).
      - A request that makes or rotates keys is given O(timeout) to answer, but at least 120 seconds.
    type: int
    default: 120
  delete_secrets:
    description:
      - Whether O(state=absent) deletes the two secrets. They stay as ordinary secrets otherwise.
    type: bool
    default: false
  revoke_generated_credentials:
    description:
      - Whether O(state=absent) deletes the access keys that the rotation has made. They stay alive otherwise.
    type: bool
    default: false
  state:
    description:
      - V(present) makes the rotation or brings it to what is declared. An option left out is left as it is on the server.
      - V(absent) deletes it, and by default neither its keys nor its secrets. RV(generated_credentials_revoked), RV(secrets_deleted) and
        warnings say what is left.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes
notes:
  - The server needs a plan or licence with secret rotation.
  - Nothing here reads or returns a key.
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

- name: Rotate them now when they are older than a week, in a task that can run every day
  machineid.infisical.aws_iam_rotation:
    name: billing-keys
    project_slug: billing
    environment: prod
    secret_path: /aws
    max_age_days: 7

- name: Rotate them now, after a key has leaked
  machineid.infisical.aws_iam_rotation:
    name: billing-keys
    project_slug: billing
    environment: prod
    secret_path: /aws
    rotate: true

- name: Take the rotation away with its keys and secrets
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
  returned: success, except when check mode would make it
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
rotated:
  description: Whether this run has rotated the keys of a rotation that was there, or would in check mode.
  returned: success
  type: bool
  sample: false
aws_iam_rotation:
  description: The rotation as it is now, or would be in check mode. It can be given back as options.
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
      description: The IAM user, and the region when one is set.
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
      description: Whether the keys are rotated by themselves.
      type: bool
      sample: true
    description:
      description: The description.
      type: str
      sample: ""
connection_name:
  description: The name of the AWS app connection.
  returned: when the rotation is or was there
  type: str
  sample: aws-billing
rotation_status:
  description: How the last rotation ended, V(success) or V(failed).
  returned: success and O(state=present), except when check mode would make the rotation
  type: str
  sample: success
last_rotated_at:
  description: When the keys were last rotated.
  returned: success and O(state=present), except when check mode would make the rotation
  type: str
  sample: "2026-01-31T03:30:02.114Z"
last_rotation_attempted_at:
  description: When a rotation was last attempted.
  returned: success and O(state=present), except when check mode would make the rotation
  type: str
  sample: "2026-01-31T03:30:02.114Z"
last_rotation_message:
  description: What the server says of a rotation that failed.
  returned: success and O(state=present), except when check mode would make the rotation
  type: str
  sample: null
next_rotation_at:
  description: When the next rotation is due, nothing when the keys are not rotated by themselves.
  returned: success and O(state=present), except when check mode would make the rotation
  type: str
  sample: "2026-03-02T03:30:00.000Z"
generated_credentials_revoked:
  description: Whether the access keys that the deleted rotation had made were deleted too, or would be in check mode.
  returned: when a rotation is deleted, by O(state=absent) or O(recreate=true)
  type: bool
  sample: false
secrets_deleted:
  description: Whether the secrets of the deleted rotation were deleted too, or would be in check mode.
  returned: when a rotation is deleted, by O(state=absent) or O(recreate=true)
  type: bool
  sample: false
failure:
  description:
    - What went wrong, for whatever reads the result. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) are the server's own, as far as it answered.
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
