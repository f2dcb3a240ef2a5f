# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The final state: equal to that of a clean run, without duplicates, and with nothing left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.faults.harness.estate import Estate, differences, without_reported
from tests.faults.harness.stage import Performance
from tests.faults.harness.trial import Trial


def the_end_is_that_of_a_clean_run(trial: Trial) -> Iterator[str]:
    if not trial.repair.failed:
        yield from unlike(trial.stage.clean.performance, trial.last)


def a_run_without_faults_succeeds(trial: Trial) -> Iterator[str]:
    for performance in trial.performances[1:]:
        if performance.failed:
            yield performance.done[-1].message


def success_is_true(trial: Trial) -> Iterator[str]:
    """A successful run has reached the desired state, unless the client was misled."""
    if not trial.first.failed and not trial.lied:
        yield from unlike(trial.stage.clean.performance, trial.first)


def unlike(clean: Performance, other: Performance) -> list[str]:
    """Returns the differences, except client secrets that the run has reported."""
    return differences(clean.estate, without_reported(other.estate, clean.estate, other.named))


def nothing_is_there_twice(trial: Trial) -> Iterator[str]:
    clean = trial.stage.clean.performance.estate
    usual = Counter(things(clean))
    for thing, number in Counter(things(without_reported(trial.last.estate, clean, trial.last.named))).items():
        if number > max(1, usual[thing]):
            yield f"{number} times {' '.join(map(str, thing))}"


def things(estate: Estate) -> Iterator[tuple[Any, ...]]:
    for identity in estate["identities"]:
        yield ("identity", identity["name"])
        for noun, name, _ttl, _limit in identity["credentials"]:
            yield (noun, identity["name"], name)
        for project, _roles in identity["projects"]:
            yield ("membership", identity["name"], project)
    for kind in ("connections", "rotations"):
        for one in estate[kind]:
            yield (kind, one["name"])


def a_second_run_changes_nothing(trial: Trial) -> Iterator[str]:
    if trial.again is None or not trial.stage.scenario.repeatable:
        return
    for one in trial.again.done:
        if one.result.get("changed"):
            yield f"{one.module} reports a change: {one.result.get('diff')}"
    for asked in trial.again.writes:
        yield f"{asked.method} {asked.route}"


RULES = (
    the_end_is_that_of_a_clean_run,
    a_run_without_faults_succeeds,
    success_is_true,
    nothing_is_there_twice,
    a_second_run_changes_nothing,
)
