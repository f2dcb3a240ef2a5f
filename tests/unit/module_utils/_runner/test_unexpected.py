# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An unexpected exception is an ordinary failure without secrets, on both execution paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.planner import IdentityPlanner
from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import secrets_in_urls
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process, run_module
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task
from tests.conftest import Result, Site, task_of

GIVEN = "given-7f3a9c51e2"
MADE = "made-55c0ffee11"
RunTask = Callable[[Task, int], Result]


def breaking(run: Run) -> Result:
    run.mask(MADE)
    run.unmask(MADE)
    raise KeyError(f"{GIVEN}\x1b[31m and {MADE}\n")


BROKEN = replace(task_of("identity"), execute=breaking)


def in_process(task: Task, verbosity: int) -> Result:
    arguments = {"name": "web", "token": GIVEN}
    result = run_in_process(task, arguments, {}, check_mode=False, diff=False, verbosity=verbosity)
    assert result is not None
    return result


@pytest.fixture(params=["in_process", "module"])
def run_task(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> RunTask:
    """Runs a task on one execution path."""

    def as_module(task: Task, verbosity: int) -> Result:
        given = {"name": "web", "token": GIVEN, "_ansible_verbosity": verbosity}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit):
            run_module(task)
        result: Result = json.loads(capsys.readouterr().out)
        return result

    return in_process if request.param == "in_process" else as_module


@pytest.mark.parametrize("verbosity", [0, 2, 3])
def test_it_is_a_documented_failure(run_task: RunTask, verbosity: int) -> None:
    result = run_task(BROKEN, verbosity)
    assert result["failed"] is True and result["failure"]["kind"] == "server"
    assert "An unforeseen error: KeyError: " in result["msg"] and "/issues" in result["msg"]
    text = json.dumps(result)
    assert GIVEN not in text and MADE not in text and "\\u001b" not in result["msg"]
    assert ("Traceback" in str(result.get("traceback"))) is (verbosity >= 3)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_who_interrupts_is_not_held_up(stop: type[BaseException]) -> None:
    def interrupted(_run: Run) -> Result:
        raise stop

    with pytest.raises(stop):
        in_process(replace(BROKEN, execute=interrupted), 0)


def test_what_is_said_is_short() -> None:
    def talkative(_run: Run) -> Result:
        raise ValueError("x" * 100_000)

    assert len(in_process(replace(BROKEN, execute=talkative), 0)["msg"]) < 600


@pytest.mark.parametrize("broken", ["prepare", "carry_out_identity", "carry_out_rest", "result"])
def test_one_identity_of_a_fleet_fails_alone(current: Site, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    working = getattr(IdentityPlanner, broken)

    def breaks(whole: IdentityPlanner) -> Any:
        if whole.declared.name == "second":
            raise RecursionError("maximum recursion depth exceeded")
        return working(whole)

    monkeypatch.setattr(IdentityPlanner, broken, breaks)
    result = current.run("identities", identities=[{"name": name} for name in ("first", "second", "third")])
    assert result["failure"]["kind"] == "server" and "second: An unforeseen error: RecursionError" in result["msg"]
    assert [bool(one.get("failed")) for one in result["identities"]] == [False, True, False]
    written = broken in ("carry_out_rest", "result")
    assert [one["changed"] for one in result["identities"]] == [True, written, True]
    assert "traceback" not in json.dumps(result)


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("https://host/api", set()),
        ("https://me:p%40ss@host", {"me:p%40ss", "p%40ss", "p@ss"}),
        ("https://token@host/", {"token"}),
        ("me:pa/ss@host", {"me:pa/ss", "pa/ss"}),
        ("https://me:pa/s@s@host", {"me:pa/s@s", "pa/s@s"}),
        (None, set()),
        (["https://me:pass@host"], None),
    ],
)
def test_what_is_secret_of_an_address(url: Any, secrets: set[str] | None) -> None:
    found = secrets_in_urls([url])
    assert found if secrets is None else found == secrets
