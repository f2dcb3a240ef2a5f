# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One fault at each request of each scenario, with the default number of retries and without retries; and outages, in
which a fault lasts until the end of the run."""

from __future__ import annotations

from collections.abc import Iterator

from tests.emulator.journal import Entry
from tests.faults.harness.case import Broken, numbers, sampled, stage_of
from tests.faults.harness.observer import Plan, Spec, is_write
from tests.faults.harness.trial import tried
from tests.faults.injected import FAULTS, OUTAGES
from tests.faults.invariants import broken
from tests.faults.scenarios import SCENARIOS

NAME = "singles"
WITHOUT_RETRIES = 1000
OUTAGES_TRIED = 800
LIES = {"400", "404", "409"}
"""Errors in the server's own form that an object does not exist. As the answer to a read or a deletion, they cannot be
distinguished from the truth."""


def cases() -> Iterator[str]:
    places = [(name, number) for name in SCENARIOS for number in numbers(name)]
    for name, number in places:
        for fault in FAULTS:
            yield f"{name}/{number}/{fault}"
    without_retries = [f"{name}/{number}/{fault}/retries=0" for name, number in places for fault in FAULTS]
    yield from sampled(without_retries, WITHOUT_RETRIES)
    outages = [
        f"{name}/{number}/{fault}/then={rest}" for name, number in places for fault in FAULTS for rest in OUTAGES
    ]
    yield from sampled(outages, OUTAGES_TRIED)


def run(case: str) -> list[Broken]:
    name, number, fault, *more = case.split("/")
    options = dict(one.split("=") for one in more)
    stage = stage_of(name)
    at = int(number)
    rest: Spec | None = FAULTS[options["then"]] if "then" in options else None
    asked = stage.clean.performance.asked
    lied = at < len(asked) and is_lie(asked[at], fault)
    common = {"retries": int(options["retries"])} if "retries" in options else {}
    return broken(tried(stage, Plan({at: FAULTS[fault]}, rest), lied=lied, **common))


def is_lie(asked: Entry, fault: str) -> bool:
    return fault in LIES and (asked.method == "DELETE" or not is_write(asked))
