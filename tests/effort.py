# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How much the tests do: ``TEST_EFFORT`` is quick, default, thorough or search.

More effort means more examples of each property, larger samples, and slow variants of what other tests already cover.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import hypothesis


@dataclass(frozen=True)
class Effort:
    """The extent of a test run."""

    examples: int
    """Hypothesis examples of each property."""
    faults: int
    """Size of the sample of the fault suite."""
    everywhere: bool = False
    """Whether to also use the slow execution path where the fast one covers the same code, and run `thorough` tests."""
    random: bool = False
    """Whether to draw new examples. Otherwise they are the same in every run, so that only changes break a build."""


EFFORTS = {
    "quick": Effort(examples=4, faults=24),
    "default": Effort(examples=10, faults=120),
    "thorough": Effort(examples=100, faults=600, everywhere=True),
    "search": Effort(examples=500, faults=120, random=True),
}
NAME = os.environ.get("TEST_EFFORT", "default")
EFFORT = EFFORTS[NAME]

for name, effort in EFFORTS.items():
    hypothesis.settings.register_profile(
        name,
        max_examples=effort.examples,
        deadline=None,
        derandomize=not effort.random,
        # Explaining takes longer than finding, and `find` would do it too.
        phases=[phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.explain],
        suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
    )
