# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Nothing is ever more open than it was or than declared, not even between two writes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.harness.reach import widened
from tests.faults.harness.trial import Trial


def nothing_is_more_open_than_before_or_declared(trial: Trial) -> Iterator[str]:
    seen = set()
    for performance in trial.performances:
        for reach in performance.reaches:
            seen.update(widened(reach, trial.stage.clean.allowed))
    yield from sorted(seen)


RULES = (nothing_is_more_open_than_before_or_declared,)
