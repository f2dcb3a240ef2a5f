# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One trial, which all rules are checked against: a scenario runs with faults, then without, then once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults.harness.observer import Plan
from tests.faults.harness.play import Done
from tests.faults.harness.stage import Performance, Stage


@dataclass
class Trial:
    """``first`` is the run with faults, ``repair`` the run without, ``again`` the run after it, if there was one.

    ``lied``: the server answered a read as if an object did not exist, which no client can detect.
    """

    stage: Stage
    first: Performance
    repair: Performance
    again: Performance | None = None
    lied: bool = False
    lates: list[Performance] = field(default_factory=list)

    @property
    def performances(self) -> list[Performance]:
        return [one for one in (self.first, self.repair, self.again, *self.lates) if one is not None]

    @property
    def last(self) -> Performance:
        return self.performances[-1]

    @property
    def tasks(self) -> Iterator[Done]:
        for performance in self.performances:
            yield from performance.done


def tried(stage: Stage, plan: Plan, *, lied: bool = False, **common: int) -> Trial:
    """Runs the scenario with the faults of ``plan``, then a repair, then a run that has nothing to do."""
    stage.restore()
    first = stage.perform(plan, **common)
    repair = stage.perform()
    again = None if repair.failed else stage.perform()
    return Trial(stage, first, repair, again, lied=lied)
