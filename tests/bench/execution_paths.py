# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two execution paths: the same tasks in the same play, minus the start-up time of the play."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import requests

from tests.bench.report import Section
from tests.bench.server import Server, emulator

ROOT = Path(__file__).resolve().parents[2]
TASKS = 30
ITEMS = 100
ROUNDS = 3
SINGLE_BOUND = 8
LOOP_BOUND = 20


def unchanged_task(identity_id: str) -> dict[str, object]:
    return {"machineid.infisical.identity_aws_auth": {"identity_id": identity_id, "access_token_ttl": 2592000}}


def identity_with_aws_auth(server: Server, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"name": "bench", "organizationId": server.organization_id}
    made = requests.post(f"{server.url}/api/v1/identities", json=body, headers=headers, timeout=10).json()
    identity_id = str(made["identity"]["id"])
    path = f"/api/v1/auth/aws-auth/identities/{identity_id}"
    requests.post(server.url + path, json={"allowedAccountIds": "123456789012"}, headers=headers, timeout=10)
    return identity_id


def play(tasks: list[dict[str, object]], environment: dict[str, str]) -> float:
    """Runs a real play with these tasks and returns the seconds it takes."""
    playbook = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "play.json"
        file.write_text(json.dumps(playbook))
        command = [str(Path(sys.executable).parent / "ansible-playbook"), str(file)]
        started = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        taken = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return taken


def measure(environment: dict[str, str], task: dict[str, object]) -> tuple[float, float]:
    """Returns the seconds per single task and per loop item, as medians of several rounds."""
    nothing: dict[str, object] = {"ansible.builtin.meta": "noop"}
    loop = {**task, "loop": list(range(ITEMS))}
    singles, items = [], []
    for _round in range(ROUNDS):
        start_up = play([nothing], environment)
        singles.append((play([task] * TASKS, environment) - start_up) / TASKS)
        items.append((play([loop], environment) - start_up) / ITEMS)
    return median(singles), median(items)


def section() -> Section:
    with emulator() as server:
        token = server.login()
        task = unchanged_task(identity_with_aws_auth(server, token))
        collections = str(ROOT / ".venv/collections")
        base = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": collections, "INFISICAL_URL": server.url}
        base["INFISICAL_TOKEN"] = token
        in_process = measure({**base, "INFISICAL_IN_PROCESS": "true"}, task)
        ordinary = measure({**base, "INFISICAL_IN_PROCESS": "false"}, task)
    single, item = (slow / fast for slow, fast in zip(ordinary, in_process, strict=True))
    table = Section(
        "Execution paths",
        ("an unchanged identity_aws_auth", "in process, s", "as a module, s", "times faster"),
    )
    table.rows = [
        (f"single task ({TASKS} in one play)", f"{in_process[0]:.4f}", f"{ordinary[0]:.4f}", f"{single:.1f}"),
        (f"item of a loop of {ITEMS}", f"{in_process[1]:.4f}", f"{ordinary[1]:.4f}", f"{item:.1f}"),
    ]
    table.bounds = [
        (f"at least {SINGLE_BOUND} times faster for single tasks", single >= SINGLE_BOUND),
        (f"at least {LOOP_BOUND} times faster in a loop", item >= LOOP_BOUND),
    ]
    return table
