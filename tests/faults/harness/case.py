# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Shared by the families: stages that are set up once per process, and reproducible samples."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from tests.faults.harness.stage import Stage
from tests.faults.scenarios import SCENARIOS

Broken = tuple[str, str]
"""A rule and a description of its violation."""


@cache
def stage_of(name: str) -> Stage:
    return Stage(SCENARIOS[name])


def numbers(name: str) -> range:
    """Returns the numbers of the requests in the clean run of a scenario."""
    return range(len(stage_of(name).clean.performance.asked))


def sampled(cases: Sequence[str], number: int) -> list[str]:
    """Returns this many of the cases in their order, the same ones in every run."""
    chosen = random.Random(len(cases)).sample(range(len(cases)), min(number, len(cases)))
    return [cases[index] for index in sorted(chosen)]
