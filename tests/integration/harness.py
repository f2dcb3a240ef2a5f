# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs real Ansible commands with a separate home directory, and reads the result of every task."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from . import forked
from .playbook_yaml import dumped

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(sys.executable).parent
COLLECTIONS = ROOT / ".venv" / "collections"
TIMEOUT = 300
"""Maximum duration of a command, in seconds."""
GROUP = "group/machineid.infisical.infisical"
local_network = build_opener(ProxyHandler({}))
EXECUTION_PATHS = {"in_process": True, "module": False}

Tasks = list[dict[str, Any]]
Variables = dict[str, Any]

# All settings of the collection and of Ansible come from the test, not from the user who runs it.
FOREIGN = ("ANSIBLE_", "INFISICAL_", "UNIVERSAL_AUTH_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "AWS_")


@dataclass(frozen=True)
class Record:
    """One task on one host: status, result, and its requests to the host's emulator."""

    host: str
    label: str | None
    task: str
    action: str
    outcome: str
    ignored: bool
    result: dict[str, Any]
    requests: dict[str, int]

    @property
    def failure(self) -> dict[str, Any]:
        failure: dict[str, Any] = self.result.get("failure") or {}
        return failure

    @property
    def msg(self) -> str:
        return str(self.result.get("msg", ""))


@dataclass(frozen=True)
class Outcome:
    """One command: its exit code, its output, and its tasks in the order in which they ended."""

    code: int
    output: str
    records: list[Record]

    def of(self, host: str) -> list[Record]:
        return [record for record in self.records if record.host == host]

    def labelled(self, label: str, host: str | None = None) -> Record:
        """Returns the only task with this label."""
        found = [record for record in self.records if record.label == label and host in (None, record.host)]
        assert len(found) == 1, f"{len(found)} tasks are labelled {label!r}\n{self.output}"
        return found[0]

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.code or other.code, self.output + other.output, self.records + other.records)

    def succeeded(self) -> Outcome:
        assert self.code == 0, self.output
        assert self.records, f"no task ran\n{self.output}"
        return self


class Runner:
    """A directory to run Ansible in, isolated from the user's settings and temporary files."""

    def __init__(self, directory: Path, bin: Path = BIN) -> None:
        self.directory = directory
        self.bin = bin
        self.runs = 0

    def playbook(
        self,
        plays: Sequence[Mapping[str, Any]] | str,
        hosts: Mapping[str, Variables],
        *options: str,
        **environment: str,
    ) -> Outcome:
        """Runs plays, or a playbook by path or name, on ``hosts``, all of which are this machine."""
        if not isinstance(plays, str):
            path = self.directory / f"playbook-{self.runs}.yml"
            path.write_text(dumped(list(plays)))
            plays = str(path)
        return self.run("ansible-playbook", hosts, plays, *options, **environment)

    def run(self, command: str, hosts: Mapping[str, Variables], *options: str, **environment: str) -> Outcome:
        self.runs += 1
        inventory = self.directory / f"inventory-{self.runs}.json"
        inventory.write_text(json.dumps({"all": {"hosts": {name: local(host) for name, host in hosts.items()}}}))
        recorded = self.directory / f"record-{self.runs}.jsonl"
        recorded.touch()
        forget_requests(hosts)
        arguments = [str(self.bin / command), "--inventory", str(inventory), *options]
        whole = {**self.environment(), "RECORD": str(recorded), **environment}
        if self.bin == BIN and not any(map(decides_imports, environment)):
            code, output = forked.SERVER.run(arguments, whole, self.directory, TIMEOUT)
        else:
            code, output = self.started(arguments, whole)
        records = [Record(**json.loads(line)) for line in recorded.read_text().splitlines()]
        return Outcome(code, output, records)

    def started(self, arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
        """Starts a separate process, like a user. Returns the exit code and the output."""
        done = subprocess.run(
            arguments,
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        return done.returncode, done.stdout

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
        return {
            **kept,
            "HOME": str(self.directory),
            "NO_PROXY": "*",
            **forked.places(self.directory),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "plugins" / "callback"),
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "plugins" / "connection"),
            "ANSIBLE_BECOME_PLUGINS": str(HERE / "plugins" / "become"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder",
            "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_FORKS": "4",
        }


def decides_imports(variable: str) -> bool:
    """Returns whether Ansible reads a variable when it is imported, so that a fork ignores it."""
    return variable.startswith(("ANSIBLE_", "PYTHON"))


def forget_requests(hosts: Mapping[str, Variables]) -> None:
    """Resets the counters of the emulators."""
    for url in {host["emulator"] for host in hosts.values() if "emulator" in host}:
        with local_network.open(Request(f"{url}/_emulator/requests", method="DELETE")):
            pass


def local(variables: Variables) -> Variables:
    return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **variables}


def play(tasks: Tasks, *, hosts: str = "all", **keywords: Any) -> dict[str, Any]:
    return {"name": "Test", "hosts": hosts, "gather_facts": False, **keywords, "tasks": tasks}


def task(module: str, arguments: Variables | None = None, label: str | None = None, **keywords: Any) -> dict[str, Any]:
    """Returns a task of this collection with a label, which identifies its record."""
    name = f"machineid.infisical.{module}"
    variables = {"vars": {**keywords.pop("vars", {}), "recorded_as": label}} if label else {}
    return {"name": label or f"Run {module}", name: arguments or {}, **keywords, **variables}
