# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a method's table can say about its login with a proof, and what the checks of the proofs share."""

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


def token_field() -> dict[str, Field]:
    """The proof of most methods: a token of somebody else."""
    return {"jwt": required(text(trim=True), secret=True)}


@dataclass(frozen=True)
class Login:
    """One method's login: the name in its texts, the check of its proof, its body besides the identity id."""

    # As in "AWS auth method not found for identity, did you configure AWS auth?".
    name: str
    prove: Prove
    fields: Mapping[str, Field] = field(default_factory=token_field)
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
    """Whether a value is in a list whose entries may hold `*` for anything."""
    patterns = (re.escape(entry).replace(r"\*", ".*") for entry in allowed)
    return any(re.fullmatch(pattern, str(value)) for pattern in patterns)
