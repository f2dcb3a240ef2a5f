# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Concurrent runs in an order that a seed determines: requests reach the server one by one, by simulated arrival.

Each run has a separate clock, which its requests and its sleeps advance. The server accepts a request only when every
run has sent its next one or has ended, and then takes the one that arrives first. A race can therefore be repeated.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

from tests.conftest import Time
from tests.emulator.app import Service
from tests.emulator.call import Call
from tests.emulator.delivery import Answer

USUAL = (0.005, 0.05)
STALLED = (0.3, 3.0)
STALLS = 0.08


class Schedule:
    """A context in which the emulator answers the runs with these tokens in the order of the seed."""

    def __init__(self, service: Service, tokens: list[str], seed: int) -> None:
        self.service = service
        self.runs = {f"Bearer {token}": number for number, token in enumerate(tokens)}
        self.clocks = [Time() for _token in tokens]
        self.random = random.Random(seed)
        self.live = set(self.runs.values())
        self.waiting: dict[int, tuple[float, asyncio.Future[None]]] = {}
        self.start = service.clock.now()
        self.time = 0.0
        self.order: list[int] = []
        self._answer_with = service.answer_with
        self._now = service.clock.now
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Schedule:
        replace(self.service, "answer_with", self.answer_with)
        replace(self.service.clock, "now", lambda: self.start + self.time)
        return self

    def __exit__(self, *_error: object) -> None:
        replace(self.service, "answer_with", self._answer_with)
        replace(self.service.clock, "now", self._now)

    def over(self, run: int) -> None:
        """To be called from the thread of a run that has ended."""
        if self._loop is None:
            self.live.discard(run)
        else:
            self._loop.call_soon_threadsafe(self._leave, run)

    def _leave(self, run: int) -> None:
        self.live.discard(run)
        self._next()

    async def answer_with(self, call: Call, fault: Any) -> Answer | None:
        run = self.runs.get(call.headers.get("authorization", ""))
        if run is None:
            return await self._answer_with(call, fault)
        self._loop = asyncio.get_running_loop()
        arrival = self.clocks[run].at + self._latency()
        turn: asyncio.Future[None] = self._loop.create_future()
        self.waiting[run] = (arrival, turn)
        self._next()
        await turn
        self.order.append(run)
        answer = await self._answer_with(call, fault)
        self.clocks[run].at = self.time + self._latency()
        return answer

    def _next(self) -> None:
        if not self.live or not self.live <= self.waiting.keys():
            return
        run = min(self.waiting, key=lambda one: (self.waiting[one][0], one))
        arrival, turn = self.waiting.pop(run)
        self.time = max(self.time, arrival)
        turn.set_result(None)

    def _latency(self) -> float:
        """Whole milliseconds, so that two objects can be created in the same one."""
        return round(self.random.uniform(*(STALLED if self.random.random() < STALLS else USUAL)), 3)


def replace(holder: object, name: str, value: Callable[..., Any]) -> None:
    setattr(holder, name, value)
