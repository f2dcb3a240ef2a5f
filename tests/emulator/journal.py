# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record of what clients asked, with secrets hidden, and the counts tests hold budgets against."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

# A benchmark must not eat the memory of the machine; the counts stay exact.
KEPT = 100_000
HIDDEN = "<hidden>"
# What carries a secret besides the fields that the tables of the auth methods call secret.
SECRET_KEYS = frozenset({"accessToken", "authorization", "clientSecret", "secretAccessKey", "secretValue"})
READ_ONLY_POSTS = {"/api/v1/identities/search"}


@dataclass(eq=False)
class Entry:
    """One request, written down as it arrives, and what became of it."""

    method: str
    path: str
    route: str | None
    body: bytes
    at: str
    # Counted from 1 since the last clearing.
    number: int = 0
    # What the client was answered; None when the connection broke, or as long as the answer is not there.
    status: int | None = None
    # When the server did the work, and the status it had for it, whether or not anybody got to see it.
    carried_out: str | None = None
    outcome: int | None = None
    # The fault that hit it, and whether the fault changed the answer's JSON.
    fault: str | None = None
    spoilt: bool = False


class Journal:
    """All requests since the last clearing."""

    def __init__(self, secret_fields: frozenset[str] = frozenset()) -> None:
        self.secret_fields = SECRET_KEYS | secret_fields
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.counter: Counter[str] = Counter()

    def note(self, entry: Entry, login: bool) -> None:
        self.entries.append(entry)
        self.counter["total"] += 1
        entry.number = self.counter["total"]
        self.counter[entry.method] += 1
        if login:
            self.counter["logins"] += 1
        elif entry.method in ("POST", "PATCH", "DELETE", "PUT") and entry.route not in READ_ONLY_POSTS:
            self.counter["writes"] += 1

    def clear(self) -> None:
        self.entries.clear()
        self.counter.clear()

    def counts(self) -> dict[str, int]:
        return {key: self.counter[key] for key in ("GET", "POST", "PATCH", "DELETE", "logins", "writes", "total")}

    def listing(self) -> list[dict[str, Any]]:
        return [{**asdict(entry), "body": self.readable(entry.body)} for entry in self.entries]

    def readable(self, body: bytes) -> Any:
        """Decode a request body for the record; what is no JSON is only measured, it may hold anything."""
        if not body:
            return None
        try:
            return self.hide(json.loads(body))
        except ValueError:
            return f"<{len(body)} bytes>"

    def hide(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: HIDDEN if key in self.secret_fields else self.hide(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.hide(item) for item in value]
        return value
