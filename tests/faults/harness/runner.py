# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs cases in several processes. A case is a text, `family/…`, that describes it completely."""

from __future__ import annotations

import logging
import multiprocessing
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.faults.families import FAMILIES
from tests.faults.harness.case import Broken
from tests.faults.harness.times import virtual_time

CHUNK = 20
LEAST = 20
"""Minimum number of cases of a family in a large sample."""
LONGEST = 120
"""Seconds. A case takes a tenth of a second, and a few seconds on a busy machine."""

CRASHED = "the_suite_itself_works"


class Endless(BaseException):
    """Interrupts an endless case. Not derived from Exception, so that no task handles it."""


@contextmanager
def limited() -> Iterator[None]:
    """Interrupts a case that takes too long."""

    def give_up(_number: int, _frame: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_case(case: str) -> tuple[str, list[Broken]]:
    """Returns the rules that one case violates."""
    # uvicorn logs errors about truncated answers, and asyncio about broken connections.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    family, _slash, rest = case.partition("/")
    with virtual_time(), limited():
        try:
            return case, FAMILIES[family].run(rest)
        except Endless:
            return case, [("every_task_ends", f"not after {LONGEST} s, though nothing was waited for")]
        except Exception as error:
            logging.getLogger(__name__).exception("%s", case)
            return case, [(CRASHED, f"{type(error).__name__}: {error}")]


def run_all(cases: Sequence[str], jobs: int) -> Iterator[tuple[str, list[Broken]]]:
    if jobs < 2 or len(cases) < CHUNK:
        yield from map(run_case, cases)
        return
    # Emulators are threads, which do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs) as pool:
        yield from pool.imap(run_case, cases, chunksize=CHUNK)


def sample_of(cases: Sequence[str], number: int) -> list[str]:
    """Returns about this many of the cases: a share of each family and at least some, the same ones in every run."""
    by_family: dict[str, list[str]] = {}
    for case in cases:
        by_family.setdefault(case.partition("/")[0], []).append(case)
    chosen: list[str] = []
    # Small families need enough cases, too.
    least = min(LEAST, number // len(by_family))
    for family, members in by_family.items():
        share = max(least, round(number * len(members) / len(cases)))
        chosen += random.Random(family).sample(members, min(share, len(members)))
    return chosen
