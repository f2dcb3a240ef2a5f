# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a failed task says: never a traceback, always a kind and what to do, and whether something was changed."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.machineid.infisical.plugins.module_utils._errors import ADVICE
from tests.faults.harness.play import Done
from tests.faults.harness.trial import Trial


def nothing_is_raised(trial: Trial) -> Iterator[str]:
    for one in trial.tasks:
        if one.crash:
            yield f"{one.module}: {one.crash}"


def a_failure_has_a_kind_and_advice(trial: Trial) -> Iterator[str]:
    for one in failures(trial):
        failure = one.result.get("failure") or {}
        message = str(one.result.get("msg") or "")
        if failure.get("kind") not in ADVICE:
            yield f"{one.module}: kind {failure.get('kind')}"
        if not message or message == failure.get("message"):
            yield f"{one.module}: no advice: {message}"


def a_failure_that_changed_something_says_so(trial: Trial) -> Iterator[str]:
    for one in failures(trial):
        if one.wrote and not one.result.get("changed"):
            yield f"{one.module}: {'; '.join(one.wrote)} | {one.message}"


def failures(trial: Trial) -> Iterator[Done]:
    return (one for one in trial.tasks if one.failed and not one.crash)


RULES = (nothing_is_raised, a_failure_has_a_kind_and_advice, a_failure_that_changed_something_says_so)
