# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Waiting for what takes its time elsewhere, with pauses that grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0


def growing_pauses(seconds: float) -> Iterator[float]:
    """Pauses of 1, 2, 4, 8, 15, 15 … seconds, which come to ``seconds`` in all."""
    pause, left = FIRST_PAUSE, seconds
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause = min(2 * pause, LONGEST_PAUSE)


@dataclass(frozen=True)
class Pauses(Iterable[float]):
    """No pause first, then those that grow; counted out one by one, each time from the beginning."""

    seconds: float

    def __iter__(self) -> Iterator[float]:
        yield 0.0
        yield from growing_pauses(self.seconds)
