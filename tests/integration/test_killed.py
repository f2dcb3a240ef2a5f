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
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator

from .harness import BIN, COLLECTIONS, EXECUTION_PATHS

NUMBER = 120
KILLED_AFTER_WRITES = 90
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


def start(playbook: Path, emulator: Emulator, execution_path: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_LOCAL_TEMP": str(playbook.parent / "tmp"),
        "INFISICAL_IN_PROCESS": str(EXECUTION_PATHS[execution_path]),
        "INFISICAL_URL": emulator.url,
        "INFISICAL_TOKEN": emulator.admin_token(),
    }
    # A separate session, so that the kill also reaches the workers.
    return subprocess.Popen(
        [BIN / "ansible-playbook", playbook],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


VOLATILE = re.compile(r"(^|_)(id|at)$|(^|[a-z])(Id|At)$|^(org_id|last_login_.*)$")


def plain(value: Any) -> Any:
    """Returns ``value`` without ids and times, which differ between runs."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if not VOLATILE.search(key)}
    return [plain(item) for item in value] if isinstance(value, list) else value


def estate(emulator: Emulator) -> list[Any]:
    """Returns the state of the fleet with its auth methods, sorted by name."""
    ours = [one for one in emulator.state()["identities"] if one["name"].startswith("fleet-")]
    return sorted((plain(one) for one in ours), key=lambda one: str(one["name"]))


@pytest.mark.parametrize("execution_path", EXECUTION_PATHS)
def test_killed_and_run_again(execution_path: str, tmp_path: Path) -> None:
    playbook = tmp_path / "play.json"
    task = {"machineid.infisical.identities": {"identities": fleet()}}
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    with Emulator() as clean, Emulator(latency_ms=5) as killed:
        assert start(playbook, clean, execution_path).wait(TIMEOUT) == 0
        process = start(playbook, killed, execution_path)
        deadline = time.monotonic() + TIMEOUT
        while killed.counts()["writes"] < KILLED_AFTER_WRITES and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(TIMEOUT)
        half = estate(killed)
        assert KILLED_AFTER_WRITES / 3 <= len(half) < NUMBER, "the run was not killed in the middle"
        assert start(playbook, killed, execution_path).wait(TIMEOUT) == 0
        assert len(estate(killed)) == NUMBER
        assert estate(killed) == estate(clean)
        killed.clear_requests()
        assert start(playbook, killed, execution_path).wait(TIMEOUT) == 0
        assert killed.counts()["writes"] == 0
