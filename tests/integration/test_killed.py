# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A fleet that is killed and run again reaches the same state as a clean run, without duplicates."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from typing import Any

import pytest

from tests.emulator import Emulator

from .harness import BIN, EXECUTION_PATHS, Runner, play, task

NUMBER = 60
KILLED_AFTER_WRITES = 50
TIMEOUT = 60


def fleet() -> list[dict[str, Any]]:
    return [
        {
            "name": f"fleet-{index:03}",
            "metadata": {"place": str(index)},
            "universal_auth": {"access_token_ttl": 600},
            "aws_auth": {"allowed_account_ids": ["123456789012"]},
        }
        for index in range(NUMBER)
    ]


def onboarding() -> dict[str, Any]:
    return play([task("identities", {"identities": fleet()})], hosts="localhost")


class Site:
    """A server, and runs of the fleet on one execution path."""

    def __init__(self, emulator: Emulator, runner: Runner, execution_path: str) -> None:
        self.emulator = emulator
        self.runner = runner
        self.settings = {
            "INFISICAL_IN_PROCESS": str(EXECUTION_PATHS[execution_path]),
            "INFISICAL_URL": emulator.url,
            "INFISICAL_TOKEN": emulator.admin_token(),
        }

    def run(self) -> None:
        """Runs the play to its end."""
        self.runner.playbook([onboarding()], {"localhost": {}}, **self.settings).succeeded()

    def run_and_be_killed(self) -> None:
        """Runs the play and kills it halfway, with all its workers: they are a separate session."""
        playbook = self.runner.directory / "killed.json"
        playbook.write_text(json.dumps([onboarding()]))
        process = subprocess.Popen(
            [BIN / "ansible-playbook", playbook],
            env={**self.runner.environment(), "RECORD": os.devnull, **self.settings},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + TIMEOUT
        while self.emulator.counts()["writes"] < KILLED_AFTER_WRITES and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(TIMEOUT)

    def estate(self) -> list[Any]:
        """Returns the state of the fleet with its auth methods, sorted by name."""
        ours = [one for one in self.emulator.state()["identities"] if one["name"].startswith("fleet-")]
        return sorted((plain(one) for one in ours), key=lambda one: str(one["name"]))


VOLATILE = re.compile(r"(^|_)(id|at)$|(^|[a-z])(Id|At)$|^(org_id|last_login_.*)$")


def plain(value: Any) -> Any:
    """Returns ``value`` without ids and times, which differ between runs."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if not VOLATILE.search(key)}
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("execution_path", ["in_process", pytest.param("module", marks=pytest.mark.thorough)])
def test_killed_and_run_again(execution_path: str, runner: Runner) -> None:
    with Emulator() as one, Emulator(latency_ms=5) as other:
        clean, killed = Site(one, runner, execution_path), Site(other, runner, execution_path)
        clean.run()
        killed.run_and_be_killed()
        half = killed.estate()
        assert KILLED_AFTER_WRITES / 3 <= len(half) < NUMBER, "the run was not killed in the middle"
        killed.run()
        assert len(killed.estate()) == NUMBER
        assert killed.estate() == clean.estate()
        other.clear_requests()
        killed.run()
        assert other.counts()["writes"] == 0
