# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults a test asks for: wrong, spoilt and slow answers, connections that break, and work that is done late."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .spoiling import Spoil, check

Hook = Callable[[], Any]
DROPS = (None, "before", "after")


@dataclass
class Fault:
    """What shall go wrong, for which requests, and how often."""

    method: str | None = None
    path: str | None = None
    # How many of the matching requests it hits; None is all of them.
    times: int | None = 1
    # How many matching requests pass before it begins.
    skip: int = 0
    # Instead of `skip`: it begins at the request of this number, counted from 1 over all requests since the record
    # was last forgotten, and hits only requests of the `times` numbers from there.
    request: int | None = None

    # The answer: a status with a body (text as it is, anything else as JSON) and headers.
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    html: bool = False
    # The work is done, then the fault's status is answered instead, as a proxy in front would.
    after: bool = False
    # Changes the real answer's JSON: a list of JSON patch operations, or from Python a function of the answer.
    spoil: Spoil | None = None

    # "before" breaks the connection without doing the work, "after" does it and then withholds the answer.
    drop: str | None = None
    # The work is done long after the client was given up (`drop: before`) or answered (`status`): when it is
    # released, or before the so many-th request from then on, or after so many milliseconds.
    late: bool = False
    late_requests: int | None = None
    late_ms: float | None = None

    # Milliseconds before the work, and between the work and the answer.
    delay_ms: float = 0
    delay_after_ms: float = 0

    # How the body travels: shortened to so many bytes (negative: by so many) with a content-length that fits;
    # broken off after so many bytes of what the content-length promises; `drip_bytes` at a time with pauses;
    # or followed by blanks without end.
    truncate: int | None = None
    cut: int | None = None
    drip_ms: float = 0
    drip_bytes: int = 1
    endless: bool = False

    # From Python only, each in a thread of its own, so that it may send requests itself: called before the work;
    # between the keys a rotation made and its last checks; between the work and the answer.
    before: Hook | None = None
    midway: Hook | None = None
    between: Hook | None = None

    def __post_init__(self) -> None:
        if self.drop not in DROPS:
            raise ValueError("drop must be 'before' or 'after'")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1, or null for always")
        if self.request is not None and (self.request < 1 or self.skip):
            raise ValueError("request counts from 1, and needs no skip")
        self.late = self.late or self.late_requests is not None or self.late_ms is not None
        if self.late and (self.after or not (self.drop == "before" or self.answers)):
            raise ValueError("late work needs drop 'before', or a status that is answered in its stead")
        if self.spoil is not None:
            check(self.spoil)
        for hook in (self.before, self.midway, self.between):
            if hook is not None and not callable(hook):
                raise ValueError("before, midway and between are functions, which only Python can give")
        self.pattern = re.compile(self.path or "")

    def concerns(self, method: str, path: str, number: int) -> bool:
        if (self.method or method).upper() != method or self.pattern.search(path) is None:
            return False
        return self.request is None or (number >= self.request and not self.is_over(number))

    def is_over(self, number: int) -> bool:
        """Whether the numbers a positional fault waits for have all gone by."""
        return self.request is not None and self.times is not None and number >= self.request + self.times

    @property
    def answers(self) -> bool:
        return self.status is not None or self.html

    @property
    def works(self) -> bool:
        """Whether the request is carried out before anything is answered."""
        return self.drop != "before" and (self.after or not self.answers)

    @property
    def name(self) -> str:
        """What the record calls it: the settings that make it what it is."""
        about = ("drop", "late", "status", "html", "after", "truncate", "cut", "endless")
        timing = ("delay_ms", "delay_after_ms", "drip_ms")
        hooks = ("spoil", "before", "midway", "between")
        words = [f"{word}={getattr(self, word)}" for word in about + timing if getattr(self, word)]
        return " ".join(words + [word for word in hooks if getattr(self, word)])


class Faults:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def strike(self, method: str, path: str, number: int) -> Fault | None:
        """Return the fault that hits the request of this number, counting it."""
        self.waiting = [fault for fault in self.waiting if not fault.is_over(number)]
        for fault in self.waiting:
            if not fault.concerns(method, path, number):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.request is None and fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
            return fault
        return None
