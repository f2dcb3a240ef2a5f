# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two to eight concurrent runs of one scenario: in an order that a seed determines, and as real threads."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from tests.faults.harness.case import Broken, stage_of
from tests.faults.harness.observer import NOTHING
from tests.faults.harness.play import Done, Play, Stopped
from tests.faults.harness.reach import Reach, reach_of
from tests.faults.harness.schedule import Schedule
from tests.faults.harness.stage import Performance, Stage
from tests.faults.harness.times import go_by
from tests.faults.harness.trial import Trial
from tests.faults.invariants import RULES, broken
from tests.faults.invariants.ends import nothing_is_there_twice
from tests.faults.invariants.failures import a_failure_that_changed_something_says_so
from tests.faults.invariants.keys import no_key_is_burned, no_key_is_burned_in_silence
from tests.faults.scenarios import SCENARIOS

NAME = "races"
ROUNDS = {2: 10, 3: 6, 4: 3, 6: 2, 8: 2}
"""The number of races by the number of runs, for each scenario."""
LEFT_OUT = {"session"}
"""It logs in separately, so its runs cannot be distinguished, and it has its own token."""
NOT_OF_RACES = (a_failure_that_changed_something_says_so, no_key_is_burned)
"""Rules that do not apply: the writes of concurrent runs cannot be distinguished, and two runs may both find a key too
old."""
RULES_OF_RACES = [*(rule for rule in RULES if rule not in NOT_OF_RACES), no_key_is_burned_in_silence]


class RealTime:
    """The clock of runs that really sleep."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def cases() -> Iterator[str]:
    for name in SCENARIOS:
        if name in LEFT_OUT:
            continue
        for runs, rounds in ROUNDS.items():
            yield from (f"{name}/{runs}/seed={seed}" for seed in range(rounds))
        yield from (f"{name}/{runs}/threads" for runs in (2, 5))


def run(case: str) -> list[Broken]:
    name, runs, order = case.split("/")
    stage = stage_of(name)
    stage.restore()
    if order == "threads":
        first = at_once(stage, [stage.site.admin_token() for _run in range(int(runs))])
    else:
        first = in_order(stage, int(runs), int(order.partition("=")[2]))
    wrong = [("a_race_ends_with_conflict", one.message) for one in first.done if one.failed and not is_conflict(one)]
    twice = list(nothing_is_there_twice(Trial(stage, first, first)))
    repair = stage.perform()
    again = None if repair.failed else stage.perform()
    trial = Trial(stage, first, repair, again)
    return wrong + [("nothing_is_there_twice", one) for one in twice] + broken(trial, RULES_OF_RACES)


def is_conflict(one: Done) -> bool:
    return bool(one.crash) or (one.result.get("failure") or {}).get("kind") == "conflict"


def in_order(stage: Stage, runs: int, seed: int) -> Performance:
    tokens = [stage.site.admin_token() for _run in range(runs)]
    with Schedule(stage.site.service, tokens, seed) as schedule:
        return at_once(stage, tokens, schedule)


def at_once(stage: Stage, tokens: list[str], schedule: Schedule | None = None) -> Performance:
    """Runs several plays concurrently and returns their combined result."""
    plays = [Play(stage.site, str(stage.scratch), token=token) for token in tokens]
    reaches: list[Reach] = []
    stage.observer.written = lambda: reaches.append(reach_of(stage.world))
    made = stage.iam.made
    barrier = threading.Barrier(len(plays))
    stage.observer.begin(NOTHING)
    threads = [
        threading.Thread(target=work, args=(stage.scenario.play, play, number, barrier, schedule))
        for number, play in enumerate(plays)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [one for play in plays for one in play.done]
    return stage.performance(done, stage.observer.end(), reaches, made)


def work(
    scenario: Callable[[Play], None], play: Play, number: int, barrier: threading.Barrier, schedule: Schedule | None
) -> None:
    go_by(schedule.clocks[number] if schedule else RealTime())
    barrier.wait()
    try:
        with contextlib.suppress(Stopped):
            scenario(play)
    finally:
        if schedule:
            schedule.over(number)
