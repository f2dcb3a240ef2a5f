# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every target: check mode is accurate, a second run writes nothing, both execution paths
return the same and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.effort import EFFORT
from tests.emulator import Emulator

from .aws_world import keys_of_rotated, rotator
from .documented import modules
from .harness import EXECUTION_PATHS, HERE, Outcome, Runner, Variables
from .playbook_yaml import loaded
from .stage import PROFILES, Actor, Stage, logged_in_play
from .steps import Step, expanded, plain, text_of

TARGETS = sorted((HERE / "targets").glob("*.yml"))
ROLE_TARGETS = sorted((HERE / "targets" / "roles").glob("*.yml"))
AWS_TARGETS = sorted((HERE / "targets" / "aws").glob("*.yml"))

DEAREST = "2024-10_module"
"""A module takes ten times as long as the same task in process. With less than the thorough effort, hosts that run
modules run only the first step of a target, and the old release only if the target mentions it."""


def test_every_module_is_used_by_a_target() -> None:
    text = "".join(path.read_text() for path in [*TARGETS, *AWS_TARGETS])
    assert [name for name in modules() if f"machineid.infisical.{name}:" not in text] == []


@pytest.mark.extent
@pytest.mark.parametrize("target", TARGETS, ids=lambda path: path.stem)
def test_target(target: Path, stage: Stage) -> None:
    text = target.read_text()
    wanted = [name for name in stage.actors if name != DEAREST or "2024-10" in text or EFFORT.everywhere]
    plays, steps = [], {}
    for execution_path in EXECUTION_PATHS:
        tasks, found = expanded(loaded(text), only_first=is_short(execution_path))
        plays.append(logged_in_play(tasks, hosts=f"*_{execution_path}"))
        steps.update({name: found for name in wanted if stage.actors[name].execution_path == execution_path})
    outcome = stage.runner.playbook(plays, {name: prepared(stage.actors[name]) for name in wanted}, "-vvvv")
    assert_kept(outcome, steps, stage.actors)


@pytest.mark.thorough
@pytest.mark.parametrize("target", ROLE_TARGETS, ids=lambda path: path.stem)
def test_target_of_a_role(target: Path, stage: Stage) -> None:
    """Only on the old release and in process: test_role.py covers the current one, and other targets both paths."""
    name = "2024-10_in_process"
    tasks, steps = expanded(loaded(target.read_text()))
    outcome = stage.runner.playbook([logged_in_play(tasks)], {name: prepared(stage.actors[name])}, "-vvvv")
    assert_kept(outcome, {name: steps}, stage.actors)


@pytest.mark.extent
@pytest.mark.parametrize("target", AWS_TARGETS, ids=lambda path: path.stem)
def test_target_in_aws(target: Path, runner: Runner) -> None:
    """One execution path after the other, because this process has only one AWS."""
    outcome = Outcome(0, "", [])
    actors, steps = {}, {}
    for execution_path in EXECUTION_PATHS:
        name = f"current_{execution_path}"
        tasks, steps[name] = expanded(loaded(target.read_text()), only_first=is_short(execution_path))
        with Emulator(aws=True, seed="integration") as emulator:
            actor = actors[name] = Actor(emulator, "current", execution_path)
            hosts = {name: {**prepared(actor), **rotator(actor)}}
            outcome += runner.playbook([logged_in_play(tasks)], hosts, "-vvvv")
            assert is_short(execution_path) or keys_of_rotated(actor) == []
    assert_kept(outcome, steps, actors)


def is_short(execution_path: str) -> bool:
    """Returns whether hosts of this execution path run only the first step of a target."""
    return execution_path == "module" and not EFFORT.everywhere


def assert_kept(outcome: Outcome, steps: dict[str, list[Step]], actors: dict[str, Actor]) -> None:
    """Checks that every task met its expectations on every host. ``steps`` are by host."""
    rejected = {host: tuple(f"{step.label}." for step in found if step.fails) for host, found in steps.items()}
    broken = [r for r in outcome.records if r.outcome == "failed" and not (r.label or "").startswith(rejected[r.host])]
    assert not broken, "\n".join(f"{r.host}: {r.task}: {text_of(r.result)}" for r in broken)
    outcome.succeeded()
    assert all(steps.values()), "there is nothing to check and run"
    faults = [fault for host, found in steps.items() for step in found for fault in step.faults(outcome, host)]
    faults += [fault for profile in PROFILES for fault in differences(outcome, profile)]
    assert not faults, "\n".join(faults)
    assert [leak for actor in actors.values() for leak in actor.secrets.leaks_of(outcome)] == []


def prepared(actor: Actor) -> Variables:
    """Creates an identity, a project and a group for every target, and returns the variables to use them."""
    return {
        **actor.variables(),
        "identity_id": actor.identity("web"),
        "project_id": actor.project("Shop", "web-shop"),
        # Servers of 2024-10 have groups of people only.
        "group_id": actor.group("Services", "services") if actor.profile == "current" else "",
    }


def differences(outcome: Outcome, profile: str) -> list[str]:
    """Yields differences between the results or writes of the two execution paths, except ids, times and host names."""
    returned = []
    for path in EXECUTION_PATHS:
        names: dict[str, str] = {}
        host = f"{profile}_{path}"
        results = [(r.task, plain(r.result, names).replace(host, "<host>"), r) for r in outcome.of(host)]
        returned.append([(task, result, record.requests["writes"]) for task, result, record in results])
    if not all(returned):
        return []
    pairs = zip(*returned, strict=EFFORT.everywhere)
    return [f"{profile}: the execution paths differ:\n  {one}\n  {other}" for one, other in pairs if one != other]
