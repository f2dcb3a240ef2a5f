# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS logins, signed by botocore and verified by moto's STS."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Site

from .conftest import Asked, Neighbour
from .proving import NOBODY, Body, logins, proof, rejection, who

ACCOUNT = "123456789012"
SECRET = "wrong" * 8


@pytest.fixture(scope="module", params=["current", "2024-10"])
def on_aws(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server of each release with moto's STS."""
    site = Site(profile=request.param, aws=True).start()
    yield site
    site.stop()


class Principal:
    """A user of the account, and the identity it may log in as."""

    def __init__(self, site: Site, name: str) -> None:
        assert site.aws_account is not None
        iam = site.aws_account.client("iam")
        iam.create_user(UserName=name)
        self.key = iam.create_access_key(UserName=name)["AccessKey"]
        self.identity_id = site.identity(name)
        arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
        site.attach("aws-auth", self.identity_id, allowedPrincipalArns=arn, allowedAccountIds=ACCOUNT)

    def sign_in(self, monkeypatch: pytest.MonkeyPatch, **other: str) -> None:
        key_id, secret = self.key["AccessKeyId"], self.key["SecretAccessKey"]
        for name, value in {"ACCESS_KEY_ID": key_id, "SECRET_ACCESS_KEY": secret, **other}.items():
            monkeypatch.setenv(f"AWS_{name}", value)


@pytest.fixture
def principals(on_aws: Site, request: pytest.FixtureRequest) -> Callable[[str], Principal]:
    """Creates users that no other test uses."""
    return lambda name: Principal(on_aws, f"{name}-{request.node.name.split('[')[0][-30:]}")


def test_a_user_logs_in_and_a_stranger_does_not(
    on_aws: Site, principals: Callable[[str], Principal], monkeypatch: pytest.MonkeyPatch
) -> None:
    deployer, stranger = principals("deployer"), principals("stranger")
    deployer.sign_in(monkeypatch)
    assert who(on_aws, "aws", aws_region="eu-west-1", auth_identity_id=deployer.identity_id) == deployer.identity_id
    stranger.sign_in(monkeypatch)
    failure = rejection(on_aws, "aws_iam", aws_region="eu-west-1", auth_identity_id=deployer.identity_id)
    assert "principal ARN not allowed" in failure["msg"]
    assert "Check auth_identity_id, aws_region, that the AWS credentials" in failure["msg"]


@pytest.mark.parametrize("other", [{"SECRET_ACCESS_KEY": SECRET}, {"ACCESS_KEY_ID": "AKIAQQQQQQQQQQQQQQQQ"}])
def test_what_sts_rejects(
    on_aws: Site, principals: Callable[[str], Principal], monkeypatch: pytest.MonkeyPatch, other: dict[str, str]
) -> None:
    """2024-10 answers 500 (server-notes#failures-of-the-aws-login), which makes no difference to the user."""
    user = principals(next(iter(other)).split("_")[0].lower())
    user.sign_in(monkeypatch, REGION="us-east-1", **other)
    failure = rejection(on_aws, "aws", auth_identity_id=user.identity_id, secrets=(SECRET, user.key["SecretAccessKey"]))
    assert "this machine's clock" in failure["msg"]
    assert failure["status"] == (401 if on_aws.service.settings.profile.name == "current" else 500)


def test_a_role_session_is_the_role(on_aws: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    aws: Any = on_aws.aws_account
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    name = f"web-{on_aws.service.settings.profile.name}"
    arn = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    session = aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    for variable, key in (
        ("ACCESS_KEY_ID", "AccessKeyId"),
        ("SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("SESSION_TOKEN", "SessionToken"),
    ):
        monkeypatch.setenv(f"AWS_{variable}", session[key])
    identity_id = on_aws.identity(name)
    on_aws.attach("aws-auth", identity_id, allowedPrincipalArns=arn)
    assert who(on_aws, "aws", aws_region="us-east-1", auth_identity_id=identity_id) == identity_id


def test_an_identity_without_the_method(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key_of_nobody(monkeypatch)
    failure = rejection(current, "aws", aws_region="us-east-1", auth_identity_id=current.identity())
    assert failure["status"] == 404
    assert failure["msg"].endswith("and that the identity has this auth method.")


def key_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAQQQQQQQQQQQQQQQQ")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


def headers_of(body: Body) -> dict[str, str]:
    headers: dict[str, str] = json.loads(base64.b64decode(body["iamRequestHeaders"]))
    return headers


def test_what_is_sent(current: Site, recorder: Neighbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spelling of two headers matters to servers of 2024-10 (server-notes#aws-login-target)."""
    key_of_nobody(monkeypatch)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session-token")
    options: dict[str, Any] = {"aws_region": "eu-west-1", "auth_identity_id": NOBODY}
    body = proof(current, recorder, "aws", secrets=(SECRET, "session-token"), **options)
    headers = headers_of(body)
    assert set(headers) == {"Host", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "Authorization"}
    assert headers["Host"] == "sts.eu-west-1.amazonaws.com"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert headers["X-Amz-Security-Token"] == "session-token"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAQQQQQQQQQQQQQQQQ/")
    assert "/eu-west-1/sts/aws4_request, " in headers["Authorization"]
    assert base64.b64decode(body["iamRequestBody"]) == b"Action=GetCallerIdentity&Version=2011-06-15"
    assert (body["identityId"], body["iamHttpRequestMethod"]) == (NOBODY, "POST")
    # Signed again, with other secrets than those of the first login.
    displayed = json.dumps(rejection(current, "aws", url=recorder.direct_url, **options))
    second = json.loads(recorder.asked[-1].body)
    assert second["iamRequestHeaders"] not in displayed
    assert headers_of(second)["Authorization"].rpartition("=")[2] not in displayed


def test_where_the_region_comes_from(
    current: Site,
    recorder: Neighbour,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    neighbour: Callable[..., Neighbour],
) -> None:
    """From the nearest of: option, variables, profile, instance (server-notes#aws-login-target)."""
    key_of_nobody(monkeypatch)

    def region_sent(**options: Any) -> str:
        return headers_of(proof(current, recorder, "aws", auth_identity_id=NOBODY, **options))["Host"].split(".")[1]

    def metadata(asked: Asked) -> tuple[int, str]:
        if asked.path == "/latest/api/token":
            return 200, "session-of-metadata"
        assert asked.headers["x-aws-ec2-metadata-token"] == "session-of-metadata"
        return 200, '{"region": "of-instance"}'

    instance = neighbour(metadata)
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url + "/")
    assert region_sent() == "of-instance"
    assert [(asked.method, asked.path) for asked in instance.asked] == [
        ("PUT", "/latest/api/token"),
        ("GET", "/latest/dynamic/instance-identity/document"),
    ]
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nregion = of-profile\n")
    assert region_sent() == "of-profile"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "of-sdk")
    assert region_sent() == "of-sdk"
    monkeypatch.setenv("AWS_REGION", "of-variable")
    assert region_sent() == "of-variable"
    assert region_sent(aws_region="of-option") == "of-option"
    assert len(instance.asked) == 2


def test_no_region_anywhere(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key_of_nobody(monkeypatch)
    failure = rejection(current, "aws", auth_identity_id=NOBODY, secrets=(SECRET,))
    assert "No AWS region is given or configured. The EC2 metadata service at http://127.0.0.1:9/" in failure["msg"]
    assert "did not answer" in failure["msg"]
    assert failure["msg"].endswith("Give aws_region.")


def test_no_credentials_anywhere(current: Site) -> None:
    failure = rejection(current, "aws", aws_region="us-east-1", auth_identity_id=NOBODY)
    assert "No AWS credentials were found" in failure["msg"]


def test_a_profile_that_is_not_there(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "typo")
    failure = rejection(current, "aws", aws_region="us-east-1", auth_identity_id=NOBODY)
    assert "AWS credentials could not be obtained: The config profile (typo) could not be found" in failure["msg"]
    assert logins(current) == 0
