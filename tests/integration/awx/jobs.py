# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs jobs with ansible-runner, on this node or on others, and reads back everything that they leave behind."""

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
# ansible-runner writes the job's environment to it, in the sight of its owner only; AWX does not keep it.
ENVIRONMENT_RECORD = "command"


@dataclass(frozen=True)
class Job:
    """A job that has ended: its artifacts are all that a controller can keep and show."""

    status: str
    artifacts: Path

    def files(self) -> Iterator[Path]:
        for path in sorted(self.artifacts.rglob("*")):
            if path.is_file() and path.name != ENVIRONMENT_RECORD:
                yield path

    def text(self) -> str:
        """Every artifact: what was printed, and every event with the result in it."""
        return "\n".join(path.read_text() for path in self.files())

    def events(self) -> list[dict[str, Any]]:
        loaded = [json.loads(path.read_text()) for path in self.artifacts.glob("job_events/*.json")]
        return sorted(loaded, key=lambda event: int(event["counter"]))

    def stats(self) -> dict[str, dict[str, int]]:
        """How many tasks were `ok`, `changed` and so on, of each host."""
        last: dict[str, dict[str, int]] = self.events()[-1]["event_data"]
        return {outcome: last[outcome] for outcome in ("ok", "changed", "failures", "dark")}

    def failures(self) -> list[dict[str, Any]]:
        """The results of the tasks that failed."""
        return [event["event_data"]["res"] for event in self.events() if event["event"] == "runner_on_failed"]

    def succeeded(self) -> Job:
        assert self.status == "successful", self.text()
        return self

    def keeps_quiet(self, secrets: SecretsSeen) -> Job:
        """Nothing secret is in any artifact but the one where it must be, which shows that the search would find it."""
        environment = self.artifacts / ENVIRONMENT_RECORD
        assert secrets.leaks(environment.read_text())
        assert len(list(self.files())) > 10
        assert secrets.leaks(self.text()) == []
        return self


def run(directory: Path, playbook: str, environment: Mapping[str, str], *, check: bool = False) -> Job:
    """One job on this node, as wordy as can be."""
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
    """Starts one job on another node, that gets everything it works with through a pipe and answers through another."""
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
    """What a job on another node has left behind here, once it has ended."""
    output, _errors = process.communicate(timeout=120)
    return job_in(directory, output + (directory / "complaints").read_text())


def bare(directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of ansible-runner itself: what a job needs must come with the job, in its own file."""
    (directory / "env" / "envvars").write_text(json.dumps(dict(environment)))
    return {"PATH": environment["PATH"], "HOME": environment["HOME"]}


def job_in(directory: Path, printed: str) -> Job:
    status = next(directory.glob("artifacts/**/status"), None)
    assert status, printed
    (status.parent / "printed").write_text(printed)
    return Job(status.read_text(), status.parent)
