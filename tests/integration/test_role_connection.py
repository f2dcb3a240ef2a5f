# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role onboard says once how to talk to the server: to its login, and the tasks after it have login_data alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator import Emulator

from .harness import EXECUTION_PATHS, GROUP, Outcome, Runner, Variables, play
from .stage import Actor

NOWHERE = {"url": "https://127.0.0.1:1", "access_token": "of-another-server"}


@pytest.fixture(scope="module")
def started() -> Iterator[Emulator]:
    """A server whose certificate nobody trusts who is not given its authority."""
    with Emulator(tls=True, seed="connection") as emulator:
        yield emulator


@pytest.fixture
def server(started: Emulator) -> Emulator:
    started.reset()
    return started


def trust(server: Emulator) -> Variables:
    assert server.certificates
    return {"url": server.url, "ca_path": server.certificates.ca}


def credentials(server: Emulator) -> Variables:
    return {"universal_auth_client_id": server.client_id, "universal_auth_client_secret": server.client_secret}


def onboard(
    runner: Runner,
    *options: str,
    defaults: Variables | None = None,
    connection: Variables | None = None,
    path: str = "in_process",
) -> Outcome:
    """One run of the role with ``defaults`` in module_defaults and ``connection`` in onboard_connection."""
    variables: dict[str, Any] = {
        "onboard_identity": {"name": "billing-api"},
        "onboard_universal_auth": {"access_token_ttl": 3600},
        "onboard_client_secrets": [{"description": "app1"}],
        **({} if connection is None else {"onboard_connection": connection}),
    }
    include = {"name": "Onboard", "ansible.builtin.include_role": {"name": "machineid.infisical.onboard"}}
    plays = [play([{**include, "vars": variables}], module_defaults={GROUP: defaults or {}})]
    return runner.playbook(plays, {"host": {"infisical_in_process": EXECUTION_PATHS[path]}}, *options)


def identities(server: Emulator) -> list[str]:
    return [one["name"] for one in server.state()["identities"]]


def asked(server: Emulator, text: str) -> int:
    return sum(text in f"{one['method']} {one['path']}" for one in server.requests())


@pytest.mark.parametrize("path", ["in_process", pytest.param("module", marks=pytest.mark.thorough)])
def test_defaults_of_the_action_group_reach_the_whole_role(server: Emulator, runner: Runner, path: str) -> None:
    """Also in check mode, and the proof that the new client secret works."""
    defaults = {**trust(server), **credentials(server)}
    onboard(runner, "--check", defaults=defaults, path=path).succeeded()
    assert "billing-api" not in identities(server) and asked(server, "/token/revoke") == 1
    server.clear_requests()
    onboard(runner, defaults=defaults, path=path).succeeded()
    assert "billing-api" in identities(server)
    assert asked(server, "POST /api/v1/auth/universal-auth/login") == 2, "the role's login, and the proof"
    assert asked(server, "/token/revoke") == 2


@pytest.mark.parametrize(("connection", "attempts"), [(None, 1), ({"retries": 1}, 2)])
def test_the_tasks_after_the_login_use_its_retries(
    server: Emulator, runner: Runner, connection: Variables | None, attempts: int
) -> None:
    """The variable of the role takes precedence over the defaults of the group, also in those tasks."""
    server.inject(method="GET", status=503, times=None)
    outcome = onboard(runner, defaults={**trust(server), **credentials(server), "retries": 0}, connection=connection)
    (failed,) = [record for record in outcome.records if record.outcome == "failed"]
    assert failed.task.endswith("Converge the identity") and failed.failure["status"] == 503
    tried = Counter(one["path"] for one in server.requests() if one["method"] == "GET")
    assert set(tried.values()) == {attempts}


def test_a_login_of_the_role_is_not_displaced_by_login_data_of_the_group(server: Emulator, runner: Runner) -> None:
    connection = {**trust(server), **credentials(server)}
    elsewhere = {"login_data": NOWHERE, "ca_path": "/no/such/file", "validate_certs": False}
    onboard(runner, defaults=elsewhere, connection={**connection, "validate_certs": True}).succeeded()
    assert "billing-api" in identities(server)


def test_login_data_of_the_group_is_used_beside_options_that_say_nothing_of_a_login(
    server: Emulator, runner: Runner
) -> None:
    """As an older release, or another collection, has made it: an address and a token."""
    given = {"url": server.url, "access_token": Actor(server, "current", "in_process").token()}
    server.clear_requests()
    onboard(runner, defaults={"login_data": given}, connection={"ca_path": trust(server)["ca_path"]}).succeeded()
    assert "billing-api" in identities(server)
    assert asked(server, "/universal-auth/login") == asked(server, "/token/revoke") == 1, "those of the proof"


def test_an_option_that_there_is_not_is_refused(server: Emulator, runner: Runner) -> None:
    connection = {**trust(server), **credentials(server), "time_out": 5}
    outcome = onboard(runner, connection=connection)
    assert outcome.code != 0 and "time_out" in outcome.output and not asked(server, "")
