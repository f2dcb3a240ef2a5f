# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A sample of `make faults`: some cases of every family, the same ones in every run."""

from __future__ import annotations

import pytest

from tests.effort import EFFORT
from tests.faults.families import every_case
from tests.faults.harness.report import command
from tests.faults.harness.runner import run_case, sample_of

SHARES = 4
"""Parts, so that the processes of pytest-xdist can share the work."""


@pytest.mark.extent
@pytest.mark.parametrize("share", range(SHARES))
def test_a_sample(share: int) -> None:
    wrong = []
    for case in sample_of(every_case(), EFFORT.faults)[share::SHARES]:
        wrong += [f"{rule}: {detail}\n    {command(case)}" for rule, detail in run_case(case)[1]]
    assert not wrong, "\n".join(wrong)
