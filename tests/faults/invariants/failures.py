# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Failed tasks: never a traceback, always a kind and an instruction, and whether something was changed."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import ADVICE
from tests.faults.harness.play import Done
from tests.faults.harness.trial import Trial


def of_done(one: Done) -> Iterator[tuple[str, str]]:
    """Yields what is wrong with the messages of one task, as rule and detail."""
    if one.crash:
        yield nothing_is_raised.__name__, f"{one.module}: {one.crash}"
    elif one.failed:
        yield from ((a_failure_has_a_kind_and_advice.__name__, text) for text in undocumented(one))
        if one.wrote and not one.result.get("changed"):
            text = f"{one.module}: {'; '.join(one.wrote)} | {one.message}"
            yield a_failure_that_changed_something_says_so.__name__, text


def undocumented(one: Done) -> Iterator[str]:
    failure = one.result.get("failure") or {}
    message = str(one.result.get("msg") or "")
    if failure.get("kind") not in ADVICE:
        yield f"{one.module}: kind {failure.get('kind')}"
    if not message or message == failure.get("message"):
        yield f"{one.module}: no advice: {message}"


def nothing_is_raised(trial: Trial) -> Iterator[str]:
    yield from said(trial, nothing_is_raised.__name__)


def a_failure_has_a_kind_and_advice(trial: Trial) -> Iterator[str]:
    yield from said(trial, a_failure_has_a_kind_and_advice.__name__)


def a_failure_that_changed_something_says_so(trial: Trial) -> Iterator[str]:
    yield from said(trial, a_failure_that_changed_something_says_so.__name__)


def said(trial: Trial, rule: str) -> Iterator[str]:
    return (detail for one in trial.tasks for name, detail in of_done(one) if name == rule)


RULES = (nothing_is_raised, a_failure_has_a_kind_and_advice, a_failure_that_changed_something_says_so)
