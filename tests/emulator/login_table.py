# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the table of a login can say, and what the checks of the proofs share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .call import Call
from .schema import Field, required, text
from .world import Row

# Checks the proof in the body against the configuration; raises an ApiError when it is refused.
Prove = Callable[[Call, Row, Row], None]


@dataclass(frozen=True)
class Login:
    """One method's login: the names in its texts, its body besides the identity id, its proof."""

    slug: str
    # As in "AWS auth method not found for identity, did you configure AWS auth?".
    name: str
    prove: Prove
    fields: Mapping[str, Field] = field(default_factory=lambda: {"jwt": required(text(trim=True))})
    configured: str = ""
    identity_rule: Field = required(text(trim=True))
    slow: bool = False

    @property
    def missing(self) -> str:
        configured = self.configured or f"{self.name} auth"
        return f"{self.name} auth method not found for identity, did you configure {configured}?"


def listed(value: str | None) -> list[str]:
    """Split a comma-joined list."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def among(value: Any, allowed: list[str]) -> bool:
    """Tell whether a value is in a list whose entries may hold `*` for anything."""
    patterns = (re.escape(entry).replace(r"\*", ".*") for entry in allowed)
    return any(re.fullmatch(pattern, str(value)) for pattern in patterns)
