# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS principals log in with requests that moto's STS checks, and strangers are refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .conftest import Client, log_in, running

BODY = b"Action=GetCallerIdentity&Version=2011-06-15"
ACCOUNT = "123456789012"


@pytest.fixture(scope="module", params=["current", "2024-10"])
def on_aws(request: pytest.FixtureRequest) -> Iterator[Client]:
    yield from running(profile=request.param, aws=True)


def user_keys(client: Client, name: str, path: str = "/") -> Credentials:
    iam = client.aws.client("iam")
    iam.create_user(UserName=name, Path=path)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def signed(credentials: Credentials, region: str = "eu-west-1") -> dict[str, str]:
    host = f"sts.{region}.amazonaws.com"
    headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", f"https://{host}/", headers=headers, data=BODY)
    SigV4Auth(credentials, "sts", region).add_auth(request)
    return {
        "iamHttpRequestMethod": "POST",
        "iamRequestBody": base64.b64encode(BODY).decode(),
        "iamRequestHeaders": base64.b64encode(json.dumps(dict(request.headers)).encode()).decode(),
    }


def aws_identity(client: Client, **body: Any) -> str:
    identity_id = client.identity()
    answer = client.post(client.method("aws-auth", identity_id), json=body)
    assert answer.status_code == 200, answer.text
    return identity_id


def test_aws_user_and_stranger(on_aws: Client) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:user/deployer"
    identity_id = aws_identity(on_aws, allowedPrincipalArns=arn, allowedAccountIds=ACCOUNT)
    keys = user_keys(on_aws, "deployer", "/team/")
    answer = log_in(on_aws, "aws-auth", identity_id, **signed(keys))
    assert answer.status_code == 200, answer.text
    assert answer.json()["tokenType"] == "Bearer"
    forged = Credentials(keys.access_key, "wrong" * 8)
    unknown = Credentials("AKIAQQQQQQQQQQQQQQQQ", "wrong" * 8)
    for stranger in (forged, unknown):
        refused = log_in(on_aws, "aws-auth", identity_id, **signed(stranger))
        assert refused.status_code == (401 if on_aws.emulator.service.settings.profile.name == "current" else 500)
    other = log_in(on_aws, "aws-auth", identity_id, **signed(user_keys(on_aws, "other")))
    assert (other.status_code, other.json()["message"]) == (401, "Access denied: AWS principal ARN not allowed.")


def test_aws_role_session(on_aws: Client) -> None:
    aws = on_aws.aws
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    arn = aws.client("iam").create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    session = aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    keys = Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    assert log_in(on_aws, "aws-auth", aws_identity(on_aws, allowedPrincipalArns=arn), **signed(keys)).ok
    elsewhere = aws_identity(on_aws, allowedAccountIds="210987654321")
    refused = log_in(on_aws, "aws-auth", elsewhere, **signed(keys))
    assert (refused.status_code, refused.json()["message"]) == (401, "Access denied: AWS account ID not allowed.")


def test_aws_entries_that_never_match(on_aws: Client) -> None:
    if on_aws.emulator.service.settings.profile.name != "current":
        pytest.skip("2024-10 refuses them at once")
    keys = user_keys(on_aws, "pathed", "/team/")
    for entry in (f"arn:aws:iam::{ACCOUNT}:user/team/pathed", f"arn:aws-us-gov:iam::{ACCOUNT}:user/pathed"):
        identity_id = aws_identity(on_aws, allowedPrincipalArns=entry)
        assert log_in(on_aws, "aws-auth", identity_id, **signed(keys)).status_code == 401
    wildcard = aws_identity(on_aws, allowedPrincipalArns=f"arn:aws:iam::{ACCOUNT}:user/path*")
    assert log_in(on_aws, "aws-auth", wildcard, **signed(keys)).ok
    assert log_in(on_aws, "aws-auth", wildcard, **signed(keys, "not_a_region")).status_code == 400


def test_aws_login_needs_the_method(either: Client) -> None:
    answer = log_in(either, "aws-auth", either.identity(), iamRequestBody="eA==", iamRequestHeaders="e30=")
    message = "AWS auth method not found for identity, did you configure AWS auth?"
    assert (answer.status_code, answer.json()["message"]) == (404, message)
