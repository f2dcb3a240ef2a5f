# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs ``ansible-playbook`` and ``ansible`` as forks of a process that has imported Ansible."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SCRIPT = Path(__file__).with_name("fork_server.py")


class ForkServer:
    """This process. The first command starts it, with the settings of Ansible that all commands share."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.directory: tempfile.TemporaryDirectory[str] | None = None
        self.settings: dict[str, str] = {}

    def start(self, environment: Mapping[str, str]) -> None:
        self.directory = tempfile.TemporaryDirectory(prefix="fork-server-")
        home = Path(self.directory.name)
        self.settings = {
            **{name: value for name, value in environment.items() if name.startswith("ANSIBLE_")},
            **places(home),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            env={**environment, **self.settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], directory: Path, timeout: int
    ) -> tuple[int, str]:
        """Returns the exit code and the output."""
        if self.process is None:
            self.start(environment)
        assert self.process and self.process.stdin and self.process.stdout and self.directory
        output = Path(self.directory.name, "output")
        request = {
            "arguments": list(arguments),
            "environment": {**environment, **self.settings},
            "directory": str(directory),
            "output": str(output),
            "timeout": timeout,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the fork server ended, see stderr"
        return int(answer), output.read_text()

    def stop(self) -> None:
        if self.process is not None:
            self.process.communicate()
            self.process = None
        if self.directory is not None:
            self.directory.cleanup()
            self.directory = None


def places(home: Path) -> dict[str, str]:
    """Returns settings that keep Ansible out of the user's directories."""
    config = home / "ansible.cfg"
    config.touch()
    return {
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_REMOTE_TEMP": str(home / ".ansible" / "tmp"),
        "ANSIBLE_ASYNC_DIR": str(home / ".ansible" / "async"),
    }


SERVER = ForkServer()
