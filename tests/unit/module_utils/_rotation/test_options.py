# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ranges and forms of all fields are validated before the first request, and all errors are reported together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
FINE: dict[str, Any] = {
    "name": "billing-keys",
    "project_id": "9b0494f2-339f-4617-ad58-c49dcb2afdfa",
    "environment": "prod",
    "secret_path": "/aws",
    "connection_id": ID,
    "parameters": {"user_name": "uploader"},
    "secrets_mapping": {"access_key_id": "KEY_ID", "secret_access_key": "SECRET_KEY"},
    "rotation_interval": 30,
}


def mapping(access_key_id: str, secret_access_key: str) -> dict[str, Any]:
    return {"secrets_mapping": {"access_key_id": access_key_id, "secret_access_key": secret_access_key}}


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name must not be empty"),
    ({"name": "n" * 65}, "name must be at most 64 characters, got 65"),
    ({"name": "Billing"}, "name must be lower-case letters and digits"),
    ({"name": "billing--keys"}, "name must be lower-case letters and digits"),
    ({"environment": "Prod"}, "environment must be lower-case letters and digits"),
    ({"project_id": " "}, "project_id must not be empty"),
    ({"secret_path": "aws"}, "secret_path must be an absolute path such as /aws/billing, got 'aws'"),
    ({"path": ""}, "secret_path must not be empty"),
    ({"secret_path": "/aws//keys"}, "secret_path must not contain two slashes in a row"),
    ({"connection_id": "aws-billing"}, f"connection_id must be a UUID such as {ID}"),
    ({"connection_id": None, "connection_name": " "}, "connection_name must not be empty"),
    ({"rotation_id": "1"}, f"rotation_id must be a UUID such as {ID}, got '1'"),
    ({"rotation_interval": 0}, "rotation_interval must be 1 to 3650 days, got 0"),
    ({"rotation_interval": -1}, "rotation_interval must be 1 to 3650 days, got -1"),
    ({"rotate_at_utc": {"hours": 24, "minutes": 0}}, "utc.hours must be a whole number from 0 to 23, got 24"),
    ({"rotate_at_utc": {"hours": 0, "minutes": 60}}, "utc.minutes must be a whole number from 0 to 59, got 60"),
    ({"rotate_at_utc": {"hours": 3.5, "minutes": 0}}, "rotate_at_utc.hours must be a whole number"),
    ({"rotate_at_utc": {"hours": True, "minutes": 0}}, "rotate_at_utc.hours must be a whole number"),
    ({"rotate_at_utc": {"hours": 3}}, "rotate_at_utc.minutes is required"),
    ({"rotate_at_utc": {"hours": 3, "minutes": 0, "seconds": 1}}, "rotate_at_utc has no seconds"),
    ({"rotate_at_utc": "24:00"}, "rotate_at_utc.hours must be a whole number from 0 to 23"),
    ({"rotate_at_utc": "3 o'clock"}, "rotate_at_utc must be a text in quotes such as '03:30'"),
    ({"rotate_at_utc": 810}, "rotate_at_utc must be a text in quotes such as '03:30', or hours and minutes, got 810"),
    ({"description": "d" * 257}, "description must be at most 256 characters, got 257"),
    ({"parameters": {"user_name": ""}}, "parameters.user_name must not be empty"),
    ({"parameters": {"user_name": "arn:aws:iam::1:user/u"}}, "parameters.user_name must be the name of an IAM user"),
    (mapping("a:b", "c"), "secrets_mapping.access_key_id must not contain ':' or '/', got 'a:b'"),
    (mapping("a", "b/c"), "secrets_mapping.secret_access_key must not contain ':' or '/', got 'b/c'"),
    (mapping("", "b"), "secrets_mapping.access_key_id must not be empty"),
    (mapping("same", " same "), "access_key_id and secret_access_key are both 'same'"),
    ({"wait_timeout": 0}, "wait_timeout must be 1 to 86400 seconds, got 0"),
    ({"max_age_days": 0}, "max_age_days must be 1 to 3650 days, got 0"),
    ({"state": "absent", "rotate": True}, "rotate and max_age_days cannot be used with state: absent"),
]


@pytest.mark.parametrize(("options", "words"), FAULTS, ids=str)
def test_a_error_is_named_before_the_first_request(current: Site, options: dict[str, Any], words: str) -> None:
    desired = {key: value for key, value in {**FINE, **options}.items() if value is not None}
    if "path" in options:
        del desired["secret_path"]
    failure = current.failure("aws_iam_rotation", **desired)
    assert failure["kind"] == "validation"
    assert words in failure["msg"]
    assert current.requests() == []


def test_all_errors_at_once(current: Site) -> None:
    wrong = {
        **FINE,
        "name": "Bad",
        "secret_path": "aws",
        "rotation_interval": 0,
        "rotate_at_utc": "99:99",
        "timeout": 0,
        **mapping("a:b", "a/b"),
    }
    failure = current.failure("aws_iam_rotation", **wrong)
    assert failure["msg"].startswith("8 invalid options: ")
    assert current.requests() == []


def test_what_names_a_rotation_is_reported_together(current: Site) -> None:
    failure = current.failure("aws_iam_rotation", name="billing-keys")
    for option in ("environment", "secret_path"):
        assert f"{option} is required unless rotation_id is given" in failure["msg"]
    assert "project_id or project_slug is required unless rotation_id is given" in failure["msg"]


def test_what_a_create_lacks_is_reported_together(sites: Any) -> None:
    site = sites(profile="current")
    project_id = site.api("POST", "/api/v1/projects", {"projectName": "Billing"})["project"]["id"]
    place = {"project_id": project_id, "environment": "prod", "secret_path": "/"}
    failure = site.failure("aws_iam_rotation", name="billing-keys", **place, parameters={"region": "us-east-1"})
    for option in ("connection_id", "secrets_mapping", "rotation_interval", "parameters.user_name"):
        assert f"{option} is required, because AWS IAM rotation does not exist yet" in failure["msg"]


@pytest.mark.parametrize("region", ["us-east-1", "me-central-1"])
def test_a_known_region(current: Site, region: str) -> None:
    assert "warnings" not in current.run("aws_iam_rotation", **{**FINE, "parameters": {"region": region}})


def test_an_unknown_region_is_a_warning(current: Site) -> None:
    result = current.run("aws_iam_rotation", **{**FINE, "parameters": {"user_name": "u", "region": "mx-central-1"}})
    assert any("mx-central-1 is not one of the regions" in one for one in result["warnings"])


CONNECTION_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"name": "AWS"}, "name must be lower-case letters and digits"),
    ({"name": "n" * 65}, "name must be at most 64 characters, got 65"),
    ({"name": "aws", "description": "d" * 257}, "description must be at most 256 characters"),
    ({"name": "aws", "wait_timeout": -1}, "wait_timeout must be 0 to 86400 seconds, got -1"),
    ({"connection_id": "aws"}, f"connection_id must be a UUID such as {ID}, got 'aws'"),
    ({"name": "aws", "credentials": {"role_arn": "infisical"}}, "credentials.role_arn must be the ARN of a role"),
    (
        {"name": "aws", "credentials": {"role_arn": "arn:aws:iam::123456789012:role/r", "sts_endpoint": "http://sts"}},
        "credentials.sts_endpoint must be an https address",
    ),
    ({"name": "aws", "credentials": {"access_key_id": "A"}}, "credentials.secret_access_key is required with method"),
    (
        {
            "name": "aws",
            "method": "assume-role",
            "credentials": {"access_key_id": "A", "secret_access_key": "hush-hush"},
        },
        "credentials.access_key_id cannot be used with method assume-role, which takes role_arn and sts_endpoint",
    ),
    (
        {"name": "aws", "method": "assume-role", "credentials": {"sts_endpoint": "https://sts.amazonaws.com"}},
        "credentials.role_arn is required with method assume-role",
    ),
]


@pytest.mark.parametrize(("options", "words"), CONNECTION_FAULTS, ids=str)
def test_a_error_of_a_connection(current: Site, options: dict[str, Any], words: str) -> None:
    failure = current.failure("aws_connection", **options)
    assert failure["kind"] == "validation" and words in failure["msg"]
    assert "hush-hush" not in str(failure)
    assert current.requests() == []
