# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The request limits: fixed windows that begin with the first request in them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from .clock import Clock
from .errors import SOMETHING, ApiError
from .profiles import Profile


@dataclass
class Limits:
    """How many requests a window admits; None is no limit."""

    read: int | None = None
    write: int | None = None
    window: float = 60.0
    windows: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def take(self, profile: Profile, clock: Clock, kind: str, route: str, ip: str) -> dict[str, str]:
        """Count a request and return the headers of the answer; raise when it is one too many (server-notes#limits)."""
        limit = self.read if kind == "read" else self.write
        if limit is None:
            limit = profile.unlimited_headers
            if limit is None:
                return {}
        now = clock.now()
        key = (route if profile.rate_limit_per_route else kind, ip)
        start, used = self.windows.get(key, (now, 0))
        if now >= start + self.window:
            start, used = now, 0
        self.windows[key] = (start, used + 1)
        reset = math.ceil(start + self.window - now)
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(0, limit - used - 1)),
            "x-ratelimit-reset": str(reset),
        }
        if used >= limit:
            raise over_limit(profile, reset, headers)
        return headers


def over_limit(profile: Profile, seconds: int, headers: dict[str, str]) -> ApiError:
    """The refusal: a bare 500 on the old release, 429 with a text now (server-notes#over-the-limit)."""
    if profile.rate_limit_status == 429:
        text = f"Rate limit exceeded. Please try again in {seconds} seconds"
        error = ApiError(429, "RateLimitExceeded", text)
    else:
        error = ApiError(profile.rate_limit_status, "InternalServerError", SOMETHING)
    error.headers = {**headers, "retry-after": str(seconds)}
    return error
