# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Invalid options: a clear message in terms of options, no request, and all errors together."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import Networks
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import Site, Time, task_of
from tests.unit.specs import accepted, options_of
from tests.unit.strategies import smallest
from tests.unit.tables import AUTH_METHODS, RESOURCES

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
TENANCY = "ocid1.tenancy.oc1..a"
RANGES = [
    (name, field.option, value)
    for name, resource in sorted(RESOURCES.items())
    for field in resource.fields
    if isinstance(field.type, Integer)
    for value in (field.type.minimum - 1, None if field.type.maximum is None else field.type.maximum + 1)
    if value is not None
]
TRUSTED = [
    (name, field.option)
    for name, resource in sorted(RESOURCES.items())
    for field in resource.fields
    if isinstance(field.type, Networks)
]
LENGTHS = [
    (name, field.option, field.type.maximum_length)
    for name, resource in sorted(RESOURCES.items())
    for field in resource.fields
    if isinstance(field.type, Text) and field.type.maximum_length and not field.type.choices
]


def rejected(site: Site, module: str, **options: Any) -> str:
    """Runs a task that must fail before its first request, and returns the message."""
    site.clear_requests()
    failure = site.failure(module, **options)
    assert (failure["kind"], failure["status"]) == ("validation", None)
    assert site.counts()["total"] == 0
    assert failure["msg"].endswith("Nothing was changed.")
    return str(failure["msg"])


@pytest.mark.parametrize(("module", "option", "value"), RANGES)
def test_a_number_out_of_range(current: Site, module: str, option: str, value: int) -> None:
    options = {"identity_id": ID, **smallest(module), option: value}
    message = rejected(current, module, **options)
    assert re.search(rf"{option} must be (at least \d+|\d+ to \d+)[^;]*, got {value}", message)


@pytest.mark.parametrize(("module", "option"), TRUSTED)
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "must not be empty; to trust every address, set"),
        ("", "contains only blank elements; to trust every address, set"),
        (["10.0.0.1", "10.0.0.0/33"], "[1] must be an IPv4 or IPv6 address or CIDR range"),
        (["db.example.com"], "[0] must be an IPv4 or IPv6 address or CIDR range"),
        ("10.0.0.1,010.0.0.1", "[1] must be an IPv4 or IPv6 address or CIDR range"),
        ([{"ip": "10.0.0.1"}], "[0] must have an ip_address"),
    ],
)
def test_trusted_addresses(current: Site, module: str, option: str, value: Any, words: str) -> None:
    assert f"{option}{'' if words.startswith('[') else ' '}{words}" in rejected(
        current, module, **{"identity_id": ID, option: value}
    )


@pytest.mark.parametrize(("module", "option", "longest"), LENGTHS)
def test_a_text_that_is_too_long(current: Site, module: str, option: str, longest: int) -> None:
    named = {"identity_id": ID} if "identity_id" in options_of(module) else {}
    options = {**accepted(module), **named, **smallest(module), option: "x" * (longest + 1)}
    message = rejected(current, module, **options)
    assert f"{option} must be at most {longest} characters, got {longest + 1}" in message


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        ("identity_aws_auth", {"allowed_account_ids": ["12345678901"]}, "[0] must be an AWS account id of 12 digits"),
        (
            "identity_aws_auth",
            {"allowed_principal_arns": ["arn:aws:s3:::b"]},
            "[0] must be an ARN such as arn:aws:iam::",
        ),
        (
            "identity_aws_auth",
            {"allowed_principal_arns": [f"arn:aws:iam::123456789012:role/{'x' * 1000}{n}" for n in range(5)]},
            "allowed_principal_arns must be at most 4096 characters in all, got 5",
        ),
        ("identity_aws_auth", {"sts_endpoint": " "}, "sts_endpoint must not be empty"),
        (
            "identity_aws_auth",
            {"access_token_ttl": 20, "access_token_max_ttl": 10},
            "access_token_ttl 20 must not be above access_token_max_ttl 10",
        ),
        ("identity_oci_auth", {"tenancy_ocid": "ocid1.tenancy.oc4..a"}, "tenancy_ocid must be the OCID of a tenancy"),
        ("identity_oci_auth", {"allowed_usernames": ["a", "b c"]}, "allowed_usernames[1] must be a user name"),
        ("identity_oci_auth", {"allowed_usernames": [" ", ""]}, "allowed_usernames contains only blank elements"),
        ("identity_azure_auth", {"tenant_id": ""}, "tenant_id must not be empty"),
        ("identity", {"role": "custom"}, "role must be the slug of a role"),
        ("identity", {"metadata": {"team": ""}}, "metadata.team must not be empty"),
        ("identity", {"name": " "}, "name must not be empty"),
    ],
)
def test_a_value_of_another_form(current: Site, module: str, options: dict[str, Any], words: str) -> None:
    assert words in rejected(current, module, **{"identity_id": ID, **options})


@pytest.mark.parametrize("module", ["identity", *AUTH_METHODS])
@pytest.mark.parametrize("identity_id", ["web", "", "3c90c3cc-0d44-4b50-8888-8dd25736052", f"{ID}0", "../../x"])
def test_an_id_that_is_none(current: Site, module: str, identity_id: str) -> None:
    """The server of 2024-10 answers these with a 500 without explanation (server-notes#malformed-ids)."""
    message = rejected(current, module, identity_id=identity_id)
    form = f"must be a UUID such as {ID}, got '{identity_id}'" if identity_id else "must not be empty"
    assert f"identity_id {form}" in message


@pytest.mark.parametrize("module", AUTH_METHODS)
def test_blank_names(current: Site, module: str) -> None:
    message = rejected(current, module, identity_name=" ", organization_id="")
    assert "identity_name must not be empty" in message and "organization_id must not be empty" in message


@pytest.mark.parametrize("module", AUTH_METHODS)
@pytest.mark.parametrize(
    "options",
    [{}, {"identity_id": None}, {"identity_id": None, "identity_name": None},
     {"identity_id": ID, "identity_name": "web"}, {"identity_id": ID, "access_token_tll": 1}],
    ids=["no-identity", "identity-that-is-null", "both-null", "two-identities", "unknown-option"],
)  # fmt: skip
def test_what_ansible_itself_rejects_is_left_to_it(current: Site, module: str, options: dict[str, Any]) -> None:
    """The in-process execution path returns None, so that the module runs and reports the usual message."""
    arguments = current.arguments(options)
    assert run_in_process(task_of(module), arguments, {}, check_mode=False, diff=False) is None
    assert current.counts()["total"] == 0


@pytest.mark.parametrize("module", AUTH_METHODS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"access_token_ttl": "soon"}, "access_token_ttl must be a whole number, got 'soon'"),
        ({"access_token_ttl": 1.5}, "access_token_ttl must be a whole number, got 1.5"),
        ({"access_token_ttl": 2.0}, "access_token_ttl must be a whole number, got 2.0"),
        ({"access_token_ttl": True}, "access_token_ttl must be a whole number, got true"),
        ({"access_token_ttl": float("inf")}, "access_token_ttl must be a whole number, got inf"),
        ({"state": "there"}, "state must be one of present, absent, got 'there'"),
        ({"state": None}, "state must not be null; leave it out for 'present'"),
        ({"timeout": None}, "timeout must not be null; leave it out for 30"),
        ({"identity_id": ["a"]}, "identity_id must be text, got a list"),
        ({"identity_id": True}, "identity_id must be text, got true; put a word such as yes, no"),
    ],
)
def test_what_core_would_convert(current: Site, module: str, options: dict[str, Any], words: str) -> None:
    assert words in rejected(current, module, **{"identity_id": ID, **options})


@pytest.mark.parametrize("check", [True, False])
def test_all_errors_of_a_task_come_in_one_message(current: Site, check: bool) -> None:
    message = rejected(
        current,
        "identity_aws_auth",
        check=check,
        identity_id="web",
        timeout=0,
        ca_path="/no/such/file",
        access_token_ttl=-1,
        access_token_num_uses_limit=-1,
        access_token_trusted_ips=["host", "10.0.0.0/33"],
        allowed_account_ids=["1", "123456789012", "2"],
        allowed_principal_arns="nobody",
        sts_endpoint="",
    )
    assert message.startswith("11 invalid options: ")
    for name in (
        "identity_id", "timeout", "ca_path", "access_token_ttl", "access_token_num_uses_limit",
        "access_token_trusted_ips[0]", "access_token_trusted_ips[1]", "allowed_account_ids[0]",
        "allowed_account_ids[2]", "allowed_principal_arns[0]", "sts_endpoint",
    ):  # fmt: skip
        assert f"{name} " in message


@pytest.mark.parametrize("module", [name for name in AUTH_METHODS if smallest(name)])
def test_what_an_attach_needs_is_asked_for_after_one_read(current: Site, module: str) -> None:
    identity_id = current.identity()
    for check in (True, False):
        current.clear_requests()
        failure = current.failure(module, check=check, identity_id=identity_id)
        assert failure["kind"] == "validation" and current.counts()["writes"] == 0
        required = {field.option for field in RESOURCES[module].fields if field.required and not field.variant}
        named = required or smallest(module).keys()
        assert all(f"{option} is required" in failure["msg"] for option in required)
        assert any(f"{option} is required" in failure["msg"] for option in named)


def test_a_name_that_two_share_lists_both(current: Site, waits: Time) -> None:
    ids = sorted([current.identity("web"), current.identity("web")])
    for module, options in (("identity", {"name": "web"}), ("identity_aws_auth", {"identity_name": "web"})):
        current.clear_requests()
        failure = current.failure(module, **options)
        assert failure["kind"] == "conflict" and ", ".join(ids) in failure["msg"]
        assert current.counts()["writes"] == 0


def test_what_does_not_fit_what_the_server_holds_changes_nothing(current: Site) -> None:
    identity_id = current.identity()
    current.ok("identity_aws_auth", identity_id=identity_id, access_token_ttl=100, access_token_max_ttl=200)
    before = current.method("aws-auth", identity_id)
    failure = current.failure("identity_aws_auth", identity_id=identity_id, access_token_ttl=300)
    assert failure["kind"] == "validation" and "200 (the current value)" in failure["msg"]
    assert current.method("aws-auth", identity_id) == before
