# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults a test asks for: wrong answers, delays, and connections that break before or after the work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """What shall go wrong, for which requests, and how often."""

    method: str | None = None
    path: str | None = None
    times: int = 1
    skip: int = 0
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay_ms: float = 0
    # "before" breaks the connection without doing the work, "after" does it and then withholds the answer.
    drop: str | None = None
    # The work is done, then the fault's status is answered instead, as a proxy in front would.
    after: bool = False
    html: bool = False

    def __post_init__(self) -> None:
        if self.drop not in (None, "before", "after"):
            raise ValueError("drop must be 'before' or 'after'")
        self.pattern = re.compile(self.path or "")

    def concerns(self, method: str, path: str) -> bool:
        return (self.method or method).upper() == method and self.pattern.search(path) is not None

    @property
    def answers(self) -> bool:
        return self.status is not None or self.html


class Faults:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault that hits this request, counting it."""
        for fault in self.waiting:
            if not fault.concerns(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
            return fault
        return None
