# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two faults in one run, at different requests."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.faults.families.singles import is_lie
from tests.faults.harness.case import Broken, numbers, stage_of
from tests.faults.harness.observer import Plan
from tests.faults.harness.trial import tried
from tests.faults.injected import FAULTS
from tests.faults.invariants import broken
from tests.faults.scenarios import SCENARIOS

NAME = "pairs"
PAIRS = 1500


def cases() -> Iterator[str]:
    """Selects short scenarios as often as long ones."""
    draw = random.Random(NAME)
    seen: set[str] = set()
    while len(seen) < PAIRS:
        name = draw.choice(list(SCENARIOS))
        # A retry, or a read after a lost answer, is a request that the clean run does not have.
        first, second = sorted(draw.sample(range(len(numbers(name)) + 2), 2))
        one, other = draw.choice(list(FAULTS)), draw.choice(list(FAULTS))
        case = f"{name}/{first}/{one}/{second}/{other}/retries={draw.choice((0, 5))}"
        if case not in seen:
            seen.add(case)
            yield case


def run(case: str) -> list[Broken]:
    name, first, one, second, other, retries = case.split("/")
    stage = stage_of(name)
    asked = stage.clean.performance.asked
    # After the first fault, the second may hit another request than in the clean run, so any read may be answered
    # wrongly.
    lied = is_lie(asked[min(int(first), len(asked) - 1)], one) or other in ("400", "404", "409")
    plan = Plan({int(first): FAULTS[one], int(second): FAULTS[other]})
    return broken(tried(stage, plan, lied=lied, retries=int(retries.partition("=")[2])))
