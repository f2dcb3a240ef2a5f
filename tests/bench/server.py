# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator in a separate process, so that it does not share the interpreter with the measured code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

ADMIN_LINES = 4


@dataclass(frozen=True)
class Server:
    url: str
    client_id: str
    client_secret: str
    organization_id: str

    def login(self) -> str:
        body = {"clientId": self.client_id, "clientSecret": self.client_secret}
        answer = requests.post(f"{self.url}/api/v1/auth/universal-auth/login", json=body, timeout=10)
        return str(answer.json()["accessToken"])

    def clear(self) -> None:
        requests.delete(f"{self.url}/_emulator/requests", timeout=10)

    def reset(self) -> None:
        requests.post(f"{self.url}/_emulator/reset", timeout=60)

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = requests.get(f"{self.url}/_emulator/counts", timeout=10).json()
        return counts


@contextmanager
def emulator(*options: Any) -> Iterator[Server]:
    """Starts an emulator with the given command line options."""
    command = [sys.executable, "-m", "tests.emulator", *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = dict(process.stdout.readline().strip().split("=", 1) for _line in range(ADMIN_LINES))
            yield Server(
                lines["INFISICAL_URL"],
                lines["INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"],
                lines["INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"],
                lines["EMULATOR_ORGANIZATION_ID"],
            )
        finally:
            process.terminate()
