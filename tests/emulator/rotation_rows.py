# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""App connections and the rotations that use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Connection:
    id: str
    org_id: str
    name: str
    method: str
    credentials: dict[str, str]
    # Over the ciphertext, so it says nothing but that something was written (server-notes#connection-secrets).
    credentials_hash: str
    created_at: str
    updated_at: str
    description: str | None = None
    project_id: str | None = None


@dataclass
class Rotation:
    """A rotation of an IAM user's keys."""

    id: str
    name: str
    project_id: str
    folder_id: str
    environment_id: str
    connection_id: str
    interval: float
    rotate_at: dict[str, int]
    parameters: dict[str, str]
    mapping: dict[str, str]
    created_at: str
    updated_at: str
    description: str | None = None
    automatic: bool = True
    # Up to two, the active one and the one before it.
    generated: list[dict[str, str]] = field(default_factory=list)
    active_index: int = 0
    status: str = "success"
    message: str | None = None
    attempted_at: float = 0.0
    rotated_at: float = 0.0
    next_at: float | None = None
    manual: bool = True
    busy: bool = False

    def accept(self, pair: dict[str, str], at: float, *, manual: bool) -> None:
        """Make freshly issued keys the active ones."""
        if self.generated:
            self.active_index = (self.active_index + 1) % 2
        self.generated[self.active_index : self.active_index + 1] = [pair]
        self.status, self.message, self.manual = "success", None, manual
        self.attempted_at = self.rotated_at = at

    @property
    def active(self) -> dict[str, Any]:
        return self.generated[self.active_index]


@dataclass
class KeyIssue:
    """One time the server made a key for an IAM user, and what it deleted to make room."""

    user: str
    at: float
    # None when AWS refused the new key after the old one was deleted.
    made: str | None = None
    deleted: list[str] = field(default_factory=list)
    # False when what the key was made for was refused afterwards.
    kept: bool = False
