# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the families share: stages that are set up once in a process, and samples that are the same in every run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from tests.faults.harness.stage import Stage
from tests.faults.scenarios import SCENARIOS

Broken = tuple[str, str]
"""A rule and what is wrong."""


@cache
def stage_of(name: str) -> Stage:
    return Stage(SCENARIOS[name])


def numbers(name: str) -> range:
    """The numbers of the requests that a scenario's clean run makes."""
    return range(len(stage_of(name).clean.performance.asked))


def sampled(cases: Sequence[str], number: int) -> list[str]:
    """So many of the cases, in their order, the same ones in every run."""
    chosen = random.Random(len(cases)).sample(range(len(cases)), min(number, len(cases)))
    return [cases[index] for index in sorted(chosen)]
