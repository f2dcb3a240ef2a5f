# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The connection options: sources of their values, validation, and the resulting server."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import CONNECTION_SPEC, Connection
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import (
    CONNECTION_OPTIONS,
    ConnectionOption,
)
from tests.conftest import Site

SAMPLES = {"bool": "false", "int": "7", "path": "/tmp", "str": "sample"}
BY_SPEC = [option for option in CONNECTION_OPTIONS if not option.env_of_method]
VARIABLES = [(option, variable) for option in BY_SPEC for variable in option.env]


def params(**options: Any) -> dict[str, Any]:
    """Returns the result of core's validator for options and environment."""
    result = ArgumentSpecValidator(CONNECTION_SPEC).validate(options)
    assert not result.error_messages
    found: dict[str, Any] = result.validated_parameters
    return found


def connection(**options: Any) -> Connection:
    return Connection(params(**options))


@pytest.mark.parametrize(("option", "variable"), VARIABLES, ids=lambda one: getattr(one, "name", one))
def test_every_variable_is_read_and_an_option_wins_over_it(
    option: ConnectionOption, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = SAMPLES[option.type]
    default = params()[option.name]
    monkeypatch.setenv(variable, sample)
    from_variable = params()[option.name]
    assert from_variable != default and str(from_variable).lower() == sample
    monkeypatch.setenv(variable, "true" if option.type == "bool" else "99")
    assert params(**{option.name: sample})[option.name] == from_variable


@pytest.mark.parametrize("option", [one for one in BY_SPEC if len(one.env) > 1], ids=lambda one: str(one.name))
def test_the_first_of_several_variables_wins(option: ConnectionOption, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, variable in enumerate(option.env, 1):
        monkeypatch.setenv(variable, str(number))
    assert str(params()[option.name]) == "1"


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_is_as_good_as_none(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWX sets the variables of all fields of a credential, and empty ones must not hide a
    default or another variable."""
    bare = params()
    for option in CONNECTION_OPTIONS:
        for variable in {*option.env, *itertools.chain(*option.env_of_method.values())}:
            monkeypatch.setenv(variable, empty)
    assert params() == bare
    monkeypatch.setenv("INFISICAL_DOMAIN", "https://infisical.example.com")
    assert params()["url"] == "https://infisical.example.com"


def test_an_empty_variable_of_the_method_gives_way_to_the_general_one(monkeypatch: pytest.MonkeyPatch) -> None:
    (option,) = (one for one in CONNECTION_OPTIONS if one.name == "auth_identity_id")
    monkeypatch.setenv("INFISICAL_AWS_IAM_AUTH_IDENTITY_ID", "")
    assert option.from_environment("aws_auth") is None
    monkeypatch.setenv("INFISICAL_MACHINE_IDENTITY_ID", "general")
    assert option.from_environment("aws_auth") == "general"


def test_no_variable_means_two_things() -> None:
    """Within one login method; another method may read the same variable."""
    seen: dict[str, str] = {}
    for option in CONNECTION_OPTIONS:
        for variable in {*option.env, *itertools.chain(*option.env_of_method.values())}:
            assert seen.setdefault(variable, option.name) == option.name


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://infisical.example.com", "https://infisical.example.com"),
        ("https://infisical.example.com/", "https://infisical.example.com"),
        (" https://infisical.example.com// ", "https://infisical.example.com"),
        ("https://infisical.example.com/api", "https://infisical.example.com"),
        ("https://infisical.example.com/api/", "https://infisical.example.com"),
        ("https://api.example.com", "https://api.example.com"),
        ("https://example.com/infisical", "https://example.com/infisical"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("HTTPS://Infisical.example.com", "HTTPS://Infisical.example.com"),
    ],
)
def test_the_address_in_its_one_form(given: str, url: str) -> None:
    assert connection(url=given).url == url
    assert connection(url=given).errors() == []
    assert connection(url="https://other", login_data={"url": given, "access_token": "t"}).url == url


@pytest.mark.parametrize(
    "url",
    ["", "infisical.example.com", "ftp://infisical.example.com", "https://", "https:///x", "https://h:port",
     "https://h:99999", "http://[::1", "file:///etc/passwd", "https://:443", "localhost:8080"],
)  # fmt: skip
def test_an_address_that_is_none_is_rejected(url: str) -> None:
    errors = connection(url=url).errors()
    assert len(errors) == 1 and errors[0].startswith("url must be an address such as https://")


def test_an_address_with_a_password_is_rejected_without_repeating_it() -> None:
    """It would appear in every message that contains the address."""
    (error,) = connection(url="https://somebody:s3cret@infisical.example.com").errors()
    assert error.startswith("url must not contain") and "s3cret" not in error


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://infisical.example.com", True),
        ("http://10.0.0.1:8080", True),
        ("http://localhost.example.com", True),
        ("http://localhost:8080", False),
        ("http://127.0.0.1", False),
        ("http://127.1.2.3:80", False),
        ("http://[::1]:8080", False),
        ("https://infisical.example.com", False),
    ],
)
def test_who_can_listen_is_warned_of(url: str, warned: bool) -> None:
    warnings = connection(url=url).warnings()
    assert bool(warnings) is warned
    assert all(url in warning and "https" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"timeout": 0}, "timeout must be 1 to 3600 seconds, got 0"),
        ({"retries": -1}, "retries must be 0 to 100, got -1"),
        ({"ca_path": "/no/such/file"}, "ca_path must be an existing file, got '/no/such/file'"),
        ({"client_cert": "/no/such/cert"}, "client_cert must be an existing file, got '/no/such/cert'"),
        ({"client_cert": "/", "client_key": "/no/such/key"}, "client_key must be an existing file"),
        ({"auth_method": "magic"}, "auth_method must be one of "),
    ],
)
def test_each_error_is_reported(options: dict[str, Any], error: str) -> None:
    errors = connection(**options).errors()
    assert [one for one in errors if one.startswith(error)] == errors and errors


def test_with_login_data_nothing_else_of_a_login_matters() -> None:
    data = {"url": "https://one.example.com", "access_token": "t"}
    one = connection(auth_method="magic", token="other", url="https://other.example.com", login_data=data)
    assert one.errors() == [] and one.url == "https://one.example.com"
    assert one.client().token == "t"


def test_login_data_without_an_address_takes_the_option() -> None:
    assert connection(url="https://a.example.com", login_data={"access_token": "t"}).url == "https://a.example.com"


def test_what_the_server_is_made_of(tmp_path: Path) -> None:
    file = str(tmp_path)
    assert connection().server().verify is True
    assert connection(ca_path=file).server().verify == file
    # Disabling the verification takes precedence over other options.
    assert connection(ca_path=file, validate_certs=False).server().verify is False
    assert connection(client_cert=file).server().cert == (file, None)
    assert connection(client_cert=file, client_key=file).server().cert == (file, file)
    server = connection(timeout=7, retries=2).server()
    assert (server.timeout, server.retries, server.cert) == (7.0, 2, None)


def test_a_key_needs_its_certificate(current: Site) -> None:
    with pytest.raises(AssertionError, match="validator rejects"):
        current.run("identity", name="web", client_key=os.devnull)


def test_tasks_share_a_client_only_if_they_would_log_in_alike(current: Site) -> None:
    one = current.identity()
    other = current.caller("member")
    current.ok("identity", identity_id=one)
    current.ok("identity", identity_id=one, check=True)
    assert len(current.clients) == 1
    current.ok("identity", identity_id=one, token=other)
    current.ok("identity", identity_id=one, timeout=9)
    assert len(current.clients) == 3


def test_one_login_serves_many_tasks(current: Site) -> None:
    credentials = {
        "universal_auth_client_id": current.client_id,
        "universal_auth_client_secret": current.client_secret,
    }
    identity_id = current.identity()
    for _turn in range(3):
        current.ok("identity", identity_id=identity_id, **credentials)
    assert current.counts()["logins"] == 1


def test_nothing_to_log_in_with_says_what_is_missing(current: Site) -> None:
    failure = current.failure("identity", name="web", universal_auth_client_id="x")
    assert failure["kind"] == "authentication"
    assert "universal_auth_client_secret" in failure["msg"] and "login_data" in failure["msg"]
    assert not current.requests()
