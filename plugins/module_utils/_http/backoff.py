# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Backing off: which requests are repeated and when, and pauses for polling."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0
LONGEST_BACKOFF = 8.0


def growing_pauses(seconds: float) -> Iterator[float]:
    """Yields pauses of 1, 2, 4, 8, 15, 15 … seconds that add up to ``seconds``."""
    pause, left = FIRST_PAUSE, seconds
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause = min(2 * pause, LONGEST_PAUSE)


@dataclass(frozen=True)
class Pauses(Iterable[float]):
    """Sleeps before each element except the first, with growing pauses. Every iteration starts from the beginning."""

    seconds: float

    def __iter__(self) -> Iterator[float]:
        yield 0.0
        yield from growing_pauses(self.seconds)


class RateGate:
    """Makes all threads of a client wait while the server has asked one of them to wait."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._open_at = 0.0
        self._lock = threading.Lock()

    def hold(self, seconds: float) -> None:
        with self._lock:
            self._open_at = max(self._open_at, self._clock() + seconds)

    def wait(self) -> float:
        """Sleeps until the gate is open. Returns the seconds slept."""
        slept = 0.0
        while True:
            with self._lock:
                remaining = self._open_at - self._clock()
            if remaining <= 0:
                return slept
            self._sleep(remaining)
            slept += remaining


def has_to_wait(method: str, error: InfisicalError) -> bool:
    """Returns whether the request may be repeated after the wait that the server, or a proxy in front of it, asks for.
    Only a rate limit proves that the server has not started to process the request."""
    return error.kind == "rate_limited" or (method != "POST" and error.status == 503 and error.retry_after is not None)


def is_repeatable(method: str, error: InfisicalError) -> bool:
    """Returns whether the request can be repeated without the risk of doing something twice."""
    if error.kind == "network":
        return method != "POST" or not isinstance(error, LostAnswer)
    waiting = error.status == 500 and error.retry_after is not None
    return method != "POST" and (error.status in (502, 503, 504) or waiting)


def backoff(failures: int) -> float:
    """Returns the seconds before the next attempt: doubling from half a second, with jitter."""
    return min(LONGEST_BACKOFF, 2.0 ** (failures - 2)) * random.uniform(0.5, 1.0)
