# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The AWS account for key rotations: principals that rotate, with a key and with a role, and a user whose keys are
rotated."""

from __future__ import annotations

import json
from typing import Any

from .harness import Variables
from .stage import Actor

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
}
ROLES = ("infisical-rotation", "infisical-rotation-2")
ROTATED = "billing-uploader"


def rotator(actor: Actor) -> Variables:
    """Creates the roles and users in AWS. Returns the variables with the rotating principals."""
    account = actor.emulator.aws_account
    assert account is not None, "the emulator was started without AWS"
    iam: Any = account.client("iam")
    for role in ROLES:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=role, PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING))
    iam.create_user(UserName="rotator")
    iam.put_user_policy(UserName="rotator", PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING))
    iam.create_user(UserName=ROTATED)
    key = iam.create_access_key(UserName="rotator")["AccessKey"]
    actor.secrets.values.add(key["SecretAccessKey"])
    return {"rotator_access_key_id": key["AccessKeyId"], "rotator_secret_access_key": key["SecretAccessKey"]}


def connection(actor: Actor, name: str) -> None:
    """Returns an app connection that assumes the first role."""
    credentials = {"roleArn": f"arn:aws:iam::123456789012:role/{ROLES[0]}"}
    body = {"name": name, "method": "assume-role", "credentials": credentials}
    actor.api("POST", "/api/v1/app-connections/aws", body)


def folder(actor: Actor, project_id: str, environment: str, name: str) -> None:
    actor.api("POST", "/api/v2/folders", {"projectId": project_id, "environment": environment, "name": name})


def keys_of_rotated(actor: Actor) -> list[str]:
    """Returns the access keys of the rotated user."""
    account = actor.emulator.aws_account
    assert account is not None
    found = account.client("iam").list_access_keys(UserName=ROTATED)["AccessKeyMetadata"]
    return [key["AccessKeyId"] for key in found]
