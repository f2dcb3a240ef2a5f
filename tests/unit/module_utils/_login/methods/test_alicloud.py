# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Alibaba Cloud logins, signed with the access key of a RAM user."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.alicloud_auth import signature_of
from tests.conftest import Site

from .conftest import Neighbour
from .proving import NOBODY, logins, proof, rejection, who

ARN = "acs:ram::1234567890123456:user/web"
KEY_ID, SECRET = "LTAI5tWeb", "secret-of-web"
STRANGER = {"alicloud_access_key_id": "LTAI5tOther", "alicloud_access_key_secret": "secret-of-other"}
Key = dict[str, str]


@pytest.fixture
def identity_id(current: Site) -> str:
    """An identity that the user `web` may log in as, beside another user of the same account."""
    for key_id, secret, arn in ((KEY_ID, SECRET, ARN), (*STRANGER.values(), ARN.replace("web", "other"))):
        key = {"access_key_id": key_id, "access_key_secret": secret, "arn": arn}
        current.api("POST", "/_emulator/alicloud-keys", key)
    made = current.identity()
    current.attach("alicloud-auth", made, allowedArns=ARN)
    return made


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Writes a configuration file below the home directory, which the library looks up when it is imported."""

    def write(path: str, text: str) -> None:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)

    for name in [name for name in sys.modules if name.startswith("alibabacloud_credentials")]:
        monkeypatch.delitem(sys.modules, name)
    return write


@pytest.mark.parametrize(
    ("id_variable", "secret_variable"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"),
    ],
)
def test_a_user_logs_in_and_a_stranger_does_not(
    current: Site, identity_id: str, monkeypatch: pytest.MonkeyPatch, id_variable: str, secret_variable: str
) -> None:
    monkeypatch.setenv(id_variable, KEY_ID)
    monkeypatch.setenv(secret_variable, SECRET)
    monkeypatch.setenv("INFISICAL_ALICLOUD_AUTH_IDENTITY_ID", identity_id)
    assert who(current, "alicloud") == identity_id
    failure = rejection(current, "alicloud", secrets=("secret-of-other",), **STRANGER)
    assert "Access denied: Alibaba Cloud account ARN not allowed." in failure["msg"]
    assert "that its user is in the auth method's allowlist and this machine's clock." in failure["msg"]
    rejection(current, "alicloud", alicloud_access_key_secret="guessed", secrets=("guessed",))


def test_what_is_sent(current: Site, recorder: Neighbour) -> None:
    options: dict[str, Any] = {"auth_identity_id": NOBODY, "alicloud_access_key_id": f" {KEY_ID}\n"}
    bodies = [
        proof(current, recorder, "aliyun", alicloud_access_key_secret=SECRET, secrets=(SECRET,), **options)
        for _each in range(2)
    ]
    assert bodies[0]["SignatureNonce"] != bodies[1]["SignatureNonce"]
    for body in bodies:
        assert body.pop("identityId") == NOBODY
        assert body.pop("Signature") == signature_of(body, SECRET)
        assert body["AccessKeyId"] == KEY_ID
        assert SECRET not in json.dumps(body)
    displayed = json.dumps(
        rejection(current, "aliyun", url=recorder.direct_url, alicloud_access_key_secret=SECRET, **options)
    )
    assert json.loads(recorder.asked[-1].body)["Signature"] not in displayed


def test_the_signature_is_that_of_the_documentation() -> None:
    """The example with which Alibaba Cloud documents the rule."""
    query = {
        "Timestamp": "2016-02-23T12:46:24Z",
        "Format": "XML",
        "AccessKeyId": "testid",
        "Action": "DescribeRegions",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "Version": "2014-05-26",
        "SignatureVersion": "1.0",
    }
    assert signature_of(query, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def cli(**profile: str) -> tuple[str, str]:
    config = {"current": "default", "profiles": [{"name": "default", **profile}]}
    return ".aliyun/config.json", json.dumps(config)


def ini(**section: str) -> tuple[str, str]:
    lines = ["[default]", *(f"{name} = {value}" for name, value in section.items())]
    return ".alibabacloud/credentials.ini", "\n".join(lines) + "\n"


PAIR = {"access_key_id": KEY_ID, "access_key_secret": SECRET}


@pytest.mark.parametrize("file", [cli(mode="AK", **PAIR), ini(type="access_key", **PAIR)], ids=["cli", "sdk"])
def test_an_access_key_of_a_configuration_file(
    current: Site, identity_id: str, files: Callable[[str, str], None], file: tuple[str, str]
) -> None:
    files(*file)
    assert who(current, "alicloud", auth_identity_id=identity_id) == identity_id
    failure = rejection(current, "alicloud", auth_identity_id=identity_id, alicloud_profile="other", secrets=(SECRET,))
    assert "No Alibaba Cloud access key is given or configured: " in failure["msg"]


def test_a_file_that_cannot_be_parsed_is_not_quoted(current: Site, files: Callable[[str, str], None]) -> None:
    files(".alibabacloud/credentials.ini", f"{SECRET}\n")
    failure = rejection(current, "alicloud", auth_identity_id=NOBODY, secrets=(SECRET,))
    assert "the credentials file cannot be parsed." in failure["msg"]


NOT_ACCEPTED = "belongs to temporary STS credentials, which the server does not accept"


def test_session_credentials_are_rejected_before_any_request(
    current: Site, files: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    options: dict[str, Any] = {"auth_identity_id": NOBODY, "auth_method": "alicloud"}
    pair = {"alicloud_access_key_id": "STS.NUgYrLnoC37mZZCNnAbez", "alicloud_access_key_secret": SECRET}
    failure = current.failure("login", **options, **pair)
    assert failure["kind"] == "validation"
    assert f"alicloud_access_key_id {NOT_ACCEPTED}" in failure["msg"]

    files(*cli(mode="StsToken", sts_token="of-the-session", **PAIR))
    failure = rejection(current, "alicloud", auth_identity_id=NOBODY, secrets=(SECRET, "of-the-session"))
    assert f"The access key that alibabacloud-credentials found {NOT_ACCEPTED}" in failure["msg"]

    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "of-the-session")
    failure = rejection(current, "alicloud", auth_identity_id=NOBODY, secrets=(SECRET, "of-the-session"))
    assert f"from the environment with ALIBABA_CLOUD_SECURITY_TOKEN, {NOT_ACCEPTED}" in failure["msg"]
    assert logins(current) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"alicloud_access_key_id": "LTAI/"}, "alicloud_access_key_id must consist of letters and digits"),
        (
            {"alicloud_access_key_id": KEY_ID, "alicloud_access_key_secret": "sec ret"},
            "alicloud_access_key_secret must consist of visible ASCII characters, but contains a blank",
        ),
    ],
)
def test_values_that_no_key_has(current: Site, options: dict[str, str], said: str) -> None:
    failure = current.failure("login", auth_method="alicloud", auth_identity_id=NOBODY, **options)
    assert (failure["kind"], said in failure["msg"], "sec ret" in failure["msg"]) == ("validation", True, False)


@pytest.mark.parametrize("given", ["alicloud_access_key_id", "alicloud_access_key_secret"])
def test_half_a_key(current: Site, given: str) -> None:
    (other,) = {"alicloud_access_key_id", "alicloud_access_key_secret"} - {given}
    options: dict[str, Any] = {"auth_identity_id": NOBODY, given: KEY_ID}
    failure = rejection(current, "alicloud", **options)
    assert f"requires {other}. Set" in failure["msg"]
