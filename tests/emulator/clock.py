# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Time as the emulator sees it: the wall clock plus an offset a test may move."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """A clock that can be advanced but never goes back."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds

    def stamp(self) -> str:
        return iso(self.now())


def iso(moment: float) -> str:
    """Render a moment as the API does: ISO 8601 in UTC with milliseconds."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def moment(text: str) -> float:
    """Read a moment written as ISO 8601."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
