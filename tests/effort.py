# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How much the tests do, the one place where it is said: ``TEST_EFFORT`` is quick, default, thorough or search.

Every effort runs every test. More effort is more examples of a property, more cases of a sample, and execution paths
and verbosities that have nothing new to show as long as the code is divided as it is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import hypothesis


@dataclass(frozen=True)
class Effort:
    """One way to run the tests."""

    examples: int
    """Of each property."""
    faults: int
    """Cases of the fault suite."""
    everywhere: bool = False
    """Whether to take the dear execution path and the greatest verbosity also where a cheap one shows the same."""
    random: bool = False
    """Whether to look for new examples. Otherwise they are the same in every run, so that a red build is the fault of
    the change it builds."""


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
        # To explain a failure costs more than to find it, also where `find` looks for an example that there is.
        phases=[phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.explain],
        suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
    )
