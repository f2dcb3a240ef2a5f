# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs jobs with ansible-runner, on this node or on others, and reads all their artifacts."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..harness import BIN
from ..secrets_seen import SecretsSeen

RUNNER = BIN / "ansible-runner"
# ansible-runner writes the job's environment to it, readable only by its owner. AWX does not keep it.
ENVIRONMENT_RECORD = "command"


@dataclass(frozen=True)
class Job:
    """A finished job. A controller can only store and display its artifacts."""

    status: str
    artifacts: Path

    def files(self) -> Iterator[Path]:
        for path in sorted(self.artifacts.rglob("*")):
            if path.is_file() and path.name != ENVIRONMENT_RECORD:
                yield path

    def text(self) -> str:
        """Returns every artifact: the output, and all events with their results."""
        return "\n".join(path.read_text() for path in self.files())

    def events(self) -> list[dict[str, Any]]:
        loaded = [json.loads(path.read_text()) for path in self.artifacts.glob("job_events/*.json")]
        return sorted(loaded, key=lambda event: int(event["counter"]))

    def stats(self) -> dict[str, dict[str, int]]:
        """Returns the numbers of tasks by status (`ok`, `changed` and so on) for each host."""
        last: dict[str, dict[str, int]] = self.events()[-1]["event_data"]
        return {outcome: last[outcome] for outcome in ("ok", "changed", "failures", "dark")}

    def failures(self) -> list[dict[str, Any]]:
        """Returns the results of the failed tasks."""
        return [event["event_data"]["res"] for event in self.events() if event["event"] == "runner_on_failed"]

    def succeeded(self) -> Job:
        assert self.status == "successful", self.text()
        return self

    def keeps_quiet(self, secrets: SecretsSeen) -> Job:
        """Checks that no artifact contains a secret, except the one that has to, which proves that the search works."""
        environment = self.artifacts / ENVIRONMENT_RECORD
        assert secrets.leaks(environment.read_text())
        assert len(list(self.files())) > 10
        assert secrets.leaks(self.text()) == []
        return self


def run(directory: Path, playbook: str, environment: Mapping[str, str], *, check: bool = False) -> Job:
    """Runs a job on this node with maximum verbosity."""
    options = ["--playbook", playbook, "-vvvv", "--quiet", *(["--cmdline", "--check --diff"] if check else [])]
    done = subprocess.run(
        [RUNNER, "run", directory, *options],
        capture_output=True,
        text=True,
        check=False,
        env=bare(directory, environment),
    )
    return job_in(directory, done.stdout + done.stderr)


def send(directory: Path, node: Path, playbook: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Starts a job on another node, which receives its input and returns its output through pipes."""
    steps: list[list[str | Path]] = [
        [RUNNER, "transmit", directory, "--playbook", playbook, "-vvvv"],
        [RUNNER, "worker", "--private-data-dir", node],
        [RUNNER, "process", directory],
    ]
    env, stream = bare(directory, environment), None
    with (directory / "complaints").open("wb") as complaints:
        for step in steps:
            last = subprocess.Popen(step, stdin=stream, stdout=subprocess.PIPE, stderr=complaints, env=env, text=True)
            stream = last.stdout
    return last


def received(directory: Path, process: subprocess.Popen[str]) -> Job:
    """Waits for a job on another node and returns its artifacts."""
    output, _errors = process.communicate(timeout=120)
    return job_in(directory, output + (directory / "complaints").read_text())


def bare(directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment of ansible-runner itself. What a job needs has to be in the job's own files."""
    (directory / "env" / "envvars").write_text(json.dumps(dict(environment)))
    return {"PATH": environment["PATH"], "HOME": environment["HOME"]}


def job_in(directory: Path, printed: str) -> Job:
    status = next(directory.glob("artifacts/**/status"), None)
    assert status, printed
    (status.parent / "printed").write_text(printed)
    return Job(status.read_text(), status.parent)
