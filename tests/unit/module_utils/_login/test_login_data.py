# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a login hands on is all that a task needs, and what counts first where a task says something else."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import (
    CONNECTION_RULES,
    CONNECTION_SPEC,
    Connection,
)
from ansible_collections.machineid.infisical.plugins.module_utils._login.login_data import PER_REQUEST
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import read_arguments
from tests.conftest import Site

VARIABLES = {option.name: option.env[0] for option in CONNECTION_OPTIONS if option.name in PER_REQUEST}
DEFAULTS = {option.name: option.default for option in CONNECTION_OPTIONS if option.name in PER_REQUEST}
LEVELS: dict[str, tuple[Any, Any, Any]] = {
    "ca_path": ("/task", "/held", "/environment"),
    "client_cert": ("/task", "/held", "/environment"),
    "timeout": (1, 2, 3),
    "retries": (1, 2, 3),
}
"""For each option a value of the task, of login_data and of the environment."""

MADE: list[dict[str, Any]] = [
    {},
    {"validate_certs": False},
    {"ca_path": "/ours.pem", "timeout": 3600, "retries": 0},
    {"ca_cert": "/ours.pem", "validate_certs": "yes", "timeout": "7"},
    {"client_cert": "/both.pem"},
    {"client_cert": "/cert.pem", "client_key": "/key.pem"},
]
"""Options of a login."""


def validated(options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What becomes of the options of a task, and what core's validator says to them."""
    given, errors = read_arguments(CONNECTION_SPEC, options)
    assert not errors, errors
    result = ArgumentSpecValidator(CONNECTION_SPEC, **CONNECTION_RULES).validate(given)
    return result.validated_parameters, result.error_messages


def connection(**options: Any) -> Connection:
    params, messages = validated(options)
    assert not messages
    return Connection(params)


def login_data(**held: Any) -> dict[str, Any]:
    return {"url": "https://infisical.example.com", "access_token": "the-token", "connection": held}


def made_by(**options: Any) -> dict[str, Any]:
    """What a login with these options hands on."""
    own = connection(url="https://infisical.example.com", token="the-token", **options)
    return own.login_data_of(Client(own.server(), "the-token"))


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another environment than that of the login."""
    for name, (_task, _held, environment) in LEVELS.items():
        monkeypatch.setenv(VARIABLES[name], str(environment))
    monkeypatch.setenv("INFISICAL_CLIENT_KEY", "/environment")
    monkeypatch.setenv("INFISICAL_URL", "https://other.example.com")


@pytest.mark.parametrize("form", [json.loads, str], ids=["dictionary", "text"])
@pytest.mark.parametrize("options", MADE, ids=str)
def test_with_login_data_alone_a_task_talks_to_the_server_as_the_login_did(options: dict[str, Any], form: Any) -> None:
    data = made_by(**options)
    data["connection"] = form(data["connection"])
    assert connection(login_data=data).server() == connection(url=data["url"], **options).server()
    assert made_by(login_data=data) == made_by(**options), "also after a login that is given one"


@pytest.mark.parametrize("options", MADE, ids=str)
def test_what_a_login_had_counts_before_the_environment_of_a_task(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = made_by(**options)
    held = json.loads(data["connection"])
    monkeypatch.setenv("INFISICAL_VALIDATE_CERTS", str(not held["validate_certs"]))
    elsewhere(monkeypatch)
    own = connection(login_data=data)
    assert own.url == "https://infisical.example.com"
    assert {name: own.params[name] for name in held} == held
    if "client_cert" in held:
        assert own.server().cert == (held["client_cert"], held.get("client_key")), "not the environment's key"


@pytest.mark.parametrize("name", LEVELS)
def test_the_task_counts_first_then_login_data_then_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    task, held, environment = LEVELS[name]
    data = login_data(**{name: held})
    assert connection(login_data=login_data()).params[name] == DEFAULTS[name]
    monkeypatch.setenv(VARIABLES[name], str(environment))
    assert connection(login_data=login_data()).params[name] == environment
    assert connection(login_data=data).params[name] == held
    assert connection(login_data=data, **{name: task}).params[name] == task


@pytest.mark.parametrize("variable", [None, "true", "false"])
def test_a_certificate_is_checked_as_soon_as_the_task_or_login_data_says_so(
    variable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv("INFISICAL_VALIDATE_CERTS", variable)
    for task, held in itertools.product((None, True, False), repeat=2):
        options = {} if task is None else {"validate_certs": task}
        own = connection(login_data=login_data(**({} if held is None else {"validate_certs": held})), **options)
        said = [one for one in (task, held) if one is not None]
        checked = any(said) if said else variable != "false"
        assert own.server().verify is checked, (task, held)
        assert bool(own.warnings()) == (task is False and held is True), (task, held)


@pytest.mark.parametrize(
    "options",
    [{"ca_path": None}, {"ca_cert": None}, {"ca_path": ""}, {"ca_cert": " "}, {"ca_path": None, "ca_cert": ""}],
)
def test_null_or_blank_does_not_replace_an_authority(options: dict[str, Any]) -> None:
    assert connection(login_data=login_data(ca_path="/held"), **options).server().verify == "/held"


def test_an_alias_is_as_good_as_the_option() -> None:
    assert connection(login_data=login_data(ca_path="/held"), ca_cert="/task").server().verify == "/task"


def test_a_key_is_not_used_with_the_certificate_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    both = login_data(client_cert="/held", client_key="/held.key")
    assert connection(login_data=both, client_cert="/task").server().cert == ("/task", None)
    assert connection(login_data=both, client_key="/task.key").server().cert == ("/held", "/task.key")
    monkeypatch.setenv("INFISICAL_CLIENT_CERT", "/environment")
    monkeypatch.setenv("INFISICAL_CLIENT_KEY", "/environment.key")
    assert connection(login_data=both).server().cert == ("/held", "/held.key")
    assert connection(login_data=login_data()).server().cert == ("/environment", "/environment.key")


def test_a_key_alone_is_refused_where_it_stands() -> None:
    (message,) = validated({"login_data": login_data(client_key="/held.key")})[1]
    assert "required by 'client_key'" in message and "login_data" in message and "connection" in message


def test_login_data_without_a_connection_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As infisical.vault.login makes it."""
    data = {"url": "https://infisical.example.com", "access_token": "the-token"}
    elsewhere(monkeypatch)
    for options in MADE:
        own, before = connection(login_data=data, **options), connection(url=data["url"], **options)
        assert own.server() == before.server()


def test_an_error_names_the_place_where_the_value_is(tmp_path: Path) -> None:
    held = login_data(timeout=0, retries=101, ca_path="/no/such/file")
    assert connection(login_data=held).errors() == [
        "login_data.connection.ca_path must be an existing file, got '/no/such/file'",
        "login_data.connection.timeout must be 1 to 3600 seconds, got 0",
        "login_data.connection.retries must be 0 to 100, got 101",
    ]
    good = login_data(timeout=7, ca_path=str(tmp_path))
    assert connection(login_data=good, timeout=0, ca_path="/no/such/file").errors() == [
        "ca_path must be an existing file, got '/no/such/file'",
        "timeout must be 1 to 3600 seconds, got 0",
    ]
    # A task on another host gives its own path, and the one of the login is of no concern there.
    assert connection(login_data=login_data(ca_path="/no/such/file"), ca_path=str(tmp_path)).errors() == []


@pytest.mark.parametrize(
    ("held", "error"),
    [
        ({"timeout": True}, "login_data.connection.timeout must be a whole number"),
        ({"validate_certs": "perhaps"}, "login_data.connection.validate_certs must be true or false"),
        ({"ca_path": False}, "login_data.connection.ca_path must be text"),
        ("not a dictionary", "login_data.connection must be a dictionary"),
    ],
)
def test_a_value_of_another_type_is_refused(held: Any, error: str) -> None:
    data = {"access_token": "the-token", "connection": held}
    (found,) = read_arguments(CONNECTION_SPEC, {"login_data": data})[1]
    assert found.startswith(error)


def test_infisical_vault_can_take_it_without_masking_what_it_returns() -> None:
    """Its modules have login_data as one dictionary with no_log, so core masks each value within it wherever it is."""
    data = made_by(ca_path="/etc/ssl/ours.pem", timeout=30, retries=5)
    result = ArgumentSpecValidator({"login_data": {"type": "dict", "no_log": True}}).validate({"login_data": data})
    read = {
        "secrets": {"PASSWORD": "p455w0rd-30", "DATABASE": "sslrootcert=/etc/ssl/ours.pem", "true": "True"},
        "n": 530,
    }
    assert remove_values(read, result._no_log_values) == read
    assert remove_values("the-token", result._no_log_values) != "the-token"


def test_tasks_share_a_client_only_if_they_talk_to_the_server_alike(current: Site) -> None:
    data = {"url": current.url, "access_token": current.token}
    identity_id = current.identity()
    for connection_held in ({"timeout": 7}, '{"timeout": 7}', {"timeout": 8}, {"timeout": 7, "retries": 1}):
        current.ok("identity", identity_id=identity_id, login_data={**data, "connection": connection_held})
    assert len(current.clients) == 3
    current.ok("identity", identity_id=identity_id, timeout=9, login_data={**data, "connection": {"timeout": 7}})
    assert len(current.clients) == 4
    assert sorted(client.server.timeout for client in current.clients.values()) == [7, 7, 8, 9]
