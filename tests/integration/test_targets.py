# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every target: check mode tells the truth, a second run writes nothing, both doors return the same, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from .harness import DOORS, HERE, Outcome
from .stage import PROFILES, Stage, logged_in_play
from .steps import expanded, plain

TARGETS = sorted((HERE / "targets").glob("*.yml"))


@pytest.mark.parametrize("target", TARGETS, ids=lambda path: path.stem)
def test_target(target: Path, stage: Stage) -> None:
    tasks, steps = expanded(yaml.safe_load(target.read_text()))
    assert steps, f"{target.name} has nothing to check and run"
    hosts = stage.hosts()
    for name, actor in stage.actors.items():
        hosts[name]["identity_id"] = actor.identity("web")
    outcome = stage.runner.playbook([logged_in_play(tasks)], hosts, "-vvvv")
    faults = [fault for host in stage.actors for step in steps for fault in step.faults(outcome, host)]
    faults += [fault for profile in PROFILES for fault in differences(outcome, profile)]
    broken = [f"{r.host}: {r.task}: {r.msg}" for r in outcome.records if r.outcome == "failed" and not r.ignored]
    assert not (faults + broken), "\n".join([*faults, *broken])
    outcome.succeeded()
    assert [leak for actor in stage.actors.values() for leak in actor.secrets.leaks_of(outcome)] == []


def differences(outcome: Outcome, profile: str) -> list[str]:
    """Where the two doors return different things, ids and times apart."""
    told = []
    for door in DOORS:
        names: dict[str, str] = {}
        told.append([(r.task, plain(r.result, names), r.requests) for r in outcome.of(f"{profile}_{door}")])
    pairs = zip(*told, strict=False)
    return [f"{profile}: the doors differ:\n  {one}\n  {other}" for one, other in pairs if one != other]
