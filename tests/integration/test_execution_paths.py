# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The execution path of a task: in process, unless it has to run elsewhere or as another user, otherwise as a
module."""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .harness import EXECUTION_PATHS, GROUP, Outcome, play, task
from .stage import Stage, logged_in_play
from .steps import plain

IDENTITY = {"name": "web", "role": "no-access"}
ASYNC_KEYS = {"ansible_job_id", "finished", "results_file", "started"}

HERE: dict[str, dict[str, Any]] = {
    "as it is": {},
    "desired by a variable": {"vars": {"infisical_in_process": "yes"}},
    "become: false": {"become": False},
    "async: 0": {"async": 0},
    "an empty environment": {"environment": {}},
    "delegated to another local host": {"delegate_to": "neighbour"},
    "run once": {"run_once": True},
}
ELSEWHERE: dict[str, dict[str, Any]] = {
    "unwished by a variable": {"vars": {"infisical_in_process": False}},
    "unwished by a word": {"vars": {"infisical_in_process": "no"}},
    "unwished by a template": {"vars": {"infisical_in_process": "{{ 1 == 2 }}"}},
    "become": {"become": True, "become_method": "asis"},
    "become by a variable": {"vars": {"ansible_become": True, "ansible_become_method": "asis"}},
    "async": {"async": 30, "poll": 1},
    "environment of the task": {"environment": {"LC_ALL": "C"}},
    "another connection": {"vars": {"ansible_connection": "elsewhere"}},
    "delegated elsewhere": {"delegate_to": "remote"},
}


def left_the_process(outcome: Outcome) -> dict[str, bool]:
    """Returns for each label whether Ansible started a process for the task, according to its output at -vvv."""
    parts = re.split(r"^TASK \[(.*?)\] \*+$", outcome.output, flags=re.MULTILINE)
    return {label: "EXEC" in text for label, text in zip(parts[1::2], parts[2::2], strict=True)}


def execution_paths_of(
    stage: Stage, tasks: list[dict[str, Any]], *more: Mapping[str, Any], **environment: str
) -> Outcome:
    """Runs ``tasks`` on a host, with a local and a remote host for delegation."""
    variables = stage.actors["current_in_process"].variables()
    del variables["infisical_in_process"]
    remote = {**variables, "ansible_connection": "elsewhere"}
    hosts = {"current_in_process": variables, "neighbour": {}, "remote": remote}
    plays = [logged_in_play(tasks, hosts="current_in_process"), *more]
    return stage.runner.playbook(plays, hosts, "-vvv", **environment).succeeded()


def comparable(result: Mapping[str, Any]) -> str:
    """Returns a result without the keys that `async` adds."""
    return plain({key: value for key, value in result.items() if key not in ASYNC_KEYS and not key.startswith("std")})


def test_what_opens_each_execution_path(stage: Stage) -> None:
    stage.actors["current_in_process"].identity("web")
    block = {
        "name": "A block",
        "environment": {"LC_ALL": "C"},
        "block": [task("identity", IDENTITY, "environment of the block")],
    }
    tasks = [task("identity", IDENTITY, label, **keywords) for label, keywords in {**HERE, **ELSEWHERE}.items()]
    in_a_play = [task("identity", IDENTITY, "environment of the play")]
    from_elsewhere = [
        task("identity", IDENTITY, "elsewhere"),
        task("identity", IDENTITY, "delegated from elsewhere", delegate_to="neighbour"),
    ]
    outcome = execution_paths_of(
        stage,
        [*tasks, block],
        logged_in_play(in_a_play, hosts="current_in_process", environment={"LC_ALL": "C"}),
        logged_in_play(from_elsewhere, hosts="remote"),
    )
    expected = {label: label not in HERE for label in [*HERE, *ELSEWHERE]}
    expected |= {"environment of the block": True, "environment of the play": True}
    expected |= {"elsewhere": True, "delegated from elsewhere": False}
    assert left_the_process(outcome) == expected
    assert outcome.output.count("BECOME-SUCCESS") >= 2, "become is used twice"
    results = {record.label: comparable(record.result) for record in outcome.records if record.label}
    assert set(results) == set(expected)
    assert set(results.values()) == {results["as it is"]}


@pytest.mark.parametrize(("desired", "leaves"), [("1", False), ("0", True), ("false", True)])
def test_the_environment_chooses_the_execution_path(stage: Stage, desired: str, leaves: bool) -> None:
    tasks = [
        task("identity", IDENTITY, "by the environment"),
        task("identity", IDENTITY, "a variable is nearer", vars={"infisical_in_process": leaves}),
    ]
    outcome = execution_paths_of(stage, tasks, INFISICAL_IN_PROCESS=desired)
    assert left_the_process(outcome) == {"by the environment": leaves, "a variable is nearer": not leaves}


def without_requests(directory: Path) -> str:
    """Returns a directory for PYTHONPATH that makes the import of `requests` fail."""
    shim = directory / "shim"
    shim.mkdir()
    (shim / "requests.py").write_text("raise ImportError('no requests here')\n")
    return str(shim)


def test_a_controller_without_requests_runs_the_module(stage: Stage, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nunset PYTHONPATH\nexec {sys.executable} "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    variables = {"ansible_python_interpreter": str(python)}
    tasks = [task("identity", IDENTITY, "without requests here", vars=variables)]
    outcome = execution_paths_of(stage, tasks, PYTHONPATH=without_requests(tmp_path))
    assert left_the_process(outcome) == {"without requests here": True}
    assert outcome.labelled("without requests here").result["identity"]["name"] == "web"


def test_without_requests_anywhere_the_task_says_what_is_missing(stage: Stage, tmp_path: Path) -> None:
    outcome = stage.runner.playbook(
        [logged_in_play([task("identity", IDENTITY, "without requests")])],
        stage.hosts("current_in_process"),
        PYTHONPATH=without_requests(tmp_path),
    )
    record = outcome.labelled("without requests")
    assert record.outcome == "failed"
    assert "required Python library (requests)" in record.msg


def test_a_loop_logs_in_once_in_process(stage: Stage) -> None:
    loop = task("identity", {"name": "{{ item }}"}, "loop", loop=["one", "two", "three"])
    plays = [play([loop], module_defaults={GROUP: credentials()})]
    outcome = stage.runner.playbook(plays, stage.execution_paths()).succeeded()
    by_execution_path = {record.host: record for record in outcome.records}
    assert by_execution_path["current_in_process"].requests["logins"] == 1
    assert by_execution_path["current_module"].requests["logins"] == 3
    assert len({plain(record.result) for record in by_execution_path.values()}) == 1


def test_a_loop_over_credentials_mixes_none_up(stage: Stage) -> None:
    """The cached login of a loop is only used for the same credentials."""
    actor = stage.actors["current_in_process"]
    stranger = actor.token_of(actor.identity("stranger"))
    tokens = [actor.emulator.admin_token(), stranger, actor.emulator.admin_token()]
    arguments = {"url": "{{ infisical_url }}", "token": "{{ item }}", "name": "web"}
    tasks = [task("identity", arguments, "loop", loop=tokens, ignore_errors=True)]
    outcome = stage.runner.playbook([play(tasks)], stage.hosts("current_in_process"))
    items = outcome.labelled("loop").result["results"]
    assert [item.get("failure", {}).get("kind") for item in items] == [None, "permission", None]
    assert [item["changed"] for item in items if "failure" not in item] == [True, False]


def test_defaults_of_the_action_group_reach_every_module(stage: Stage) -> None:
    """The address of the server is only in the group's defaults, for both execution paths."""
    tasks = [
        task("login", {}, "login"),
        task("identity", {"name": "web"}, "identity"),
        task("identity_aws_auth", {"identity_name": "web", "allowed_account_ids": ["123456789012"]}, "auth"),
    ]
    outcome = stage.runner.playbook(
        [play(tasks, module_defaults={GROUP: credentials()})], stage.execution_paths()
    ).succeeded()
    results = [
        [(r.label, plain(r.result), r.requests) for r in outcome.of(f"current_{execution_path}")]
        for execution_path in EXECUTION_PATHS
    ]
    assert results[0] == results[1]
    assert [label for label, _result, requests in results[0] if requests["logins"] == 1] == [
        "login",
        "identity",
        "auth",
    ]


def credentials() -> dict[str, str]:
    return {
        "url": "{{ infisical_url }}",
        "universal_auth_client_id": "{{ infisical_client_id }}",
        "universal_auth_client_secret": "{{ infisical_client_secret }}",
    }
