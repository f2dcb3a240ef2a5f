# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes that are carried out after their client has given up: before the next run, or after it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.harness.case import Broken, numbers, stage_of
from tests.faults.harness.observer import Plan, is_write
from tests.faults.harness.stage import Performance, Stage
from tests.faults.harness.trial import Trial
from tests.faults.injected import TOO_LATE
from tests.faults.invariants import RULES, Rule, broken
from tests.faults.invariants.ends import nothing_is_there_twice
from tests.faults.invariants.secrets import no_secret_is_stranded, whoever_needs_a_secret_has_one
from tests.faults.scenarios import SCENARIOS

NAME = "late"
WARNS = ("may still be carried out", "may still be created")
"""The failure of a run whose request may be carried out later contains one of these."""

UNPREVENTABLE: set[Rule] = {nothing_is_there_twice, no_secret_is_stranded, whoever_needs_a_secret_has_one}
"""Violations that no client can prevent if a create is carried out late, so that a warning is sufficient."""


def cases() -> Iterator[str]:
    for name in SCENARIOS:
        asked = stage_of(name).clean.performance.asked
        for number in numbers(name):
            if is_write(asked[number]):
                for fault in TOO_LATE:
                    yield f"{name}/{number}/{fault}/before-the-repair"
                    yield f"{name}/{number}/{fault}/after-the-repair"


def run(case: str) -> list[Broken]:
    name, number, fault, when = case.split("/")
    stage = stage_of(name)
    plan = Plan({int(number): TOO_LATE[fault]})
    return before_the_repair(stage, plan) if when == "before-the-repair" else after_the_repair(stage, plan)


def before_the_repair(stage: Stage, plan: Plan) -> list[Broken]:
    stage.restore()
    first = stage.perform(plan)
    stage.observer.carry_out_late()
    repair = stage.perform()
    again = None if repair.failed else stage.perform()
    trial = Trial(stage, first, repair, again)
    # Without a file, the next run cannot know that nobody has the new secret, so the first run must have reported it.
    excused = UNPREVENTABLE if warns(first) and not first.files else set()
    return broken(trial, [rule for rule in RULES if rule not in excused])


def after_the_repair(stage: Stage, plan: Plan) -> list[Broken]:
    """The last run has to handle the late object, or fail and report it."""
    stage.restore()
    first = stage.perform(plan)
    repair = stage.perform()
    late = stage.observer.carry_out_late()
    again = stage.perform()
    trial = Trial(stage, first, repair, stage.perform())
    trial.lates.append(again)
    warned = not late or not first.failed or warns(first)
    wrong = [] if warned else [("a_late_write_is_warned_of", message_of(first))]
    excused = UNPREVENTABLE if warned and late else set()
    if again.failed:
        failure = again.done[-1].result.get("failure") or {}
        if failure.get("kind") == "conflict":
            # It reports what it has found, and a person has to decide.
            return wrong
    return wrong + broken(trial, [rule for rule in RULES if rule not in excused])


def warns(performance: Performance) -> bool:
    return any(text in one.message for one in performance.done if one.failed for text in WARNS)


def message_of(performance: Performance) -> str:
    return " | ".join(one.message for one in performance.done if one.failed)
