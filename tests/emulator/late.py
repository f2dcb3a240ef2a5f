# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests whose client has been given up, and whose work is done later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .faults import Fault

Work = Callable[[], Awaitable[int]]


@dataclass(eq=False)
class Held:
    """Work that waits: `requests` counts down the requests that may come before it."""

    work: Work
    requests: int | None
    timer: asyncio.TimerHandle | None = None


class Late:
    """What is held back, in the order it came."""

    def __init__(self) -> None:
        self.held: list[Held] = []
        self.tasks: set[asyncio.Task[int | None]] = set()

    def hold(self, fault: Fault, work: Work) -> None:
        held = Held(work, fault.late_requests)
        self.held.append(held)
        if fault.late_ms is not None:
            held.timer = asyncio.get_running_loop().call_later(fault.late_ms / 1000, self.start, held)

    def start(self, held: Held) -> None:
        task = asyncio.ensure_future(self.carry_out(held))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def carry_out(self, held: Held) -> int | None:
        """Do it unless it is done already."""
        if held.timer:
            held.timer.cancel()
        if held not in self.held:
            return None
        self.held.remove(held)
        return await held.work()

    async def before_request(self) -> None:
        """Do what is due before the request that has just arrived."""
        for held in list(self.held):
            if held.requests is not None:
                held.requests -= 1
                if held.requests <= 0:
                    await self.carry_out(held)

    async def release(self) -> list[int]:
        """Do all that is held, in the order it came; returns the statuses nobody will see."""
        done = [await self.carry_out(held) for held in list(self.held)]
        return [status for status in done if status is not None]

    def forget(self) -> None:
        for held in self.held:
            if held.timer:
                held.timer.cancel()
        self.held.clear()
