# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes a JSON line for every task, including the number of its requests."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.request import ProxyHandler, build_opener

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recorder
type: aggregate
short_description: Records tasks for the integration tests
description: Appends one JSON object per task and host to the file named by the environment variable RECORD.
"""

local_network = build_opener(ProxyHandler({}))


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Records results. A strategy reports a result before it starts the host's next task, so the counts belong to the
    task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.file = open(os.environ["RECORD"], "a", encoding="utf-8", buffering=1)
        self.seen: dict[str, dict[str, int]] = {}

    def requests(self, host: Any) -> dict[str, int]:
        """Returns the counts of the emulator of ``host`` since the last call. Empty for a host without an emulator."""
        url = host.get_vars().get("emulator")
        if not url:
            return {}
        with local_network.open(f"{url}/_emulator/counts") as answer:
            counts: dict[str, int] = json.load(answer)
        before = self.seen.get(host.name, {})
        self.seen[host.name] = counts
        return {name: count - before.get(name, 0) for name, count in counts.items()}

    def note(self, outcome: str, result: Any, ignored: bool = False) -> None:
        task, host = result._task, result._host
        line = {
            "host": host.name,
            "label": task.get_vars().get("recorded_as"),
            "task": task.get_name(),
            "action": task.resolved_action or task.action,
            "outcome": outcome,
            "ignored": ignored,
            "result": result._result,
            "requests": self.requests(host),
        }
        self.file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self.note("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self.note("failed", result, ignored=bool(ignore_errors))

    def v2_runner_on_skipped(self, result: Any) -> None:
        self.note("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self.note("unreachable", result)
