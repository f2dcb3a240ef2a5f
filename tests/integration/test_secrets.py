# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No secret is printed at -vvvv, on either execution path, however a task receives its secrets and however it fails.

The targets and the examples are searched in the same way, which covers every module.
"""

from __future__ import annotations

from typing import Any

import pytest

from .harness import EXECUTION_PATHS, Outcome, play, task
from .stage import Stage


def whole_day(token: str) -> list[dict[str, Any]]:
    """A login, every way to pass a secret, and every way to fail with one."""
    server = {"url": "{{ infisical_url }}"}
    client = {
        "universal_auth_client_id": "{{ infisical_client_id }}",
        "universal_auth_client_secret": "{{ infisical_client_secret }}",
    }
    login_data = {"login_data": "{{ infisical.login_data }}"}
    create = {"name": "web"}
    returned = {"note": "{{ infisical_client_secret }}"}
    wrong = {"ignore_errors": True}
    # Tasks that end like a previous one on a host that runs modules.
    alike = {"vars": {"infisical_in_process": "{{ in_process_else }}"}}
    return [
        task("login", server | client, "login", register="infisical"),
        task("identity", create | login_data, "by login_data"),
        task("identity", create | server | client, "by client secret", **alike),
        task("identity", create | server | {"token": token}, "by token", **alike),
        task(
            "identity",
            create | login_data,
            "in a loop",
            loop=["{{ infisical.login_data }}", "{{ infisical }}"],
            no_log=True,
            **alike,
        ),
        task("identity", create | server | client | {"no_such_option": 1}, "unknown option", **wrong),
        task("identity", create | server | client | {"metadata": returned}, "sent to the server", **wrong),
        task("identity", create | server | {"token": token, "timeout": "an hour"}, "wrong type beside it", **wrong),
        task("identity", {"login_data": "{{ infisical.login_data.access_token }}"}, "token for a dict", **wrong),
        task("identity", create | login_data | {"role": "no-such-role"}, "rejected by the server", **wrong),
        task("identity", create | {"token": token, "url": "http://127.0.0.1:1", "retries": 0}, "nobody there", **wrong),
        task("identity", create | {"token": token, "url": "ftp://x"}, "no server's address", **wrong, **alike),
        task("login", server | client | {"universal_auth_client_id": token[-36:]}, "rejected login", **wrong),
        task("login", server | {"token": "{{ item }}"}, "login in a loop", loop=[token, token], **alike),
        task("login", server | client, "login, waited for", **wrong, **{"async": 30, "poll": 1}),
        task("login", server | client, "login, waited for in silence", no_log=True, **{"async": 30, "poll": 1}),
        task(
            "login",
            server | client,
            "login, tried again",
            until="again is success",
            retries=2,
            register="again",
            **alike,
        ),
        task("logout", login_data, "logout"),
        task("identity", create | login_data, "revoked", **wrong, **alike),
    ]


@pytest.mark.extent
@pytest.mark.parametrize("execution_path", EXECUTION_PATHS)
def test_nothing_secret_is_printed(stage: Stage, execution_path: str) -> None:
    actor = stage.actors[f"current_{execution_path}"]
    token = actor.token()
    outcome = stage.runner.playbook([play(whole_day(token))], stage.hosts(f"current_{execution_path}"), "-vvvv")
    outcomes = {record.label: record.outcome for record in outcome.records}
    assert outcomes == {
        "login": "ok",
        "by login_data": "ok",
        "by client secret": "ok",
        "by token": "ok",
        "in a loop": "ok",
        "unknown option": "failed",
        "sent to the server": "ok",
        "wrong type beside it": "failed",
        "token for a dict": "failed",
        "rejected by the server": "failed",
        "nobody there": "failed",
        "no server's address": "failed",
        "rejected login": "failed",
        "login in a loop": "ok",
        "login, waited for": "failed",
        "login, waited for in silence": "ok",
        "login, tried again": "ok",
        "logout": "ok",
        "revoked": "failed",
    }
    assert len(actor.secrets.values) >= 4, "a client secret, a given token, and the tokens of two logins"
    assert actor.secrets.leaks_of(outcome) == []


def test_the_search_finds_what_is_there(stage: Stage) -> None:
    """A task prints a token on purpose. Otherwise, the tests above would prove nothing."""
    tasks = [
        task("login", {"url": "{{ infisical_url }}", "token": "{{ login_data.access_token }}"}, register="infisical"),
        {
            "name": "Print a token",
            "ansible.builtin.debug": {"msg": "{{ infisical.login_data.access_token }}"},
        },
        task("identity", {"name": "web", "login_data": "{{ infisical.login_data }}"}),
    ]
    outcome = stage.runner.playbook([play(tasks)], stage.hosts("current_in_process")).succeeded()
    secrets = stage.actors["current_in_process"].secrets
    assert secrets.leaks_of(outcome)
    assert not secrets.leaks_of(Outcome(0, "nothing", []))
