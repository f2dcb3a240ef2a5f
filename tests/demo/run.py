# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs one playbook of the demonstration as a user would, and prints the essential part of its output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.integration.harness import ROOT, Outcome, Record, Runner

from .ledger import only, say

PLAYBOOKS = Path(__file__).resolve().parent / "playbooks"
# Users could configure Ansible like this, too. The demonstration needs short output.
READABLE = {
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
    "ANSIBLE_CHECK_MODE_MARKERS": "true",
}
# Variables of the user who runs the demonstration. They must not determine how the libraries find credentials.
FOREIGN_CLOUDS = (
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_ENDPOINT",
    "MSI_ENDPOINT",
    "OCI_CLI_CONFIG_FILE",
    "OCI_CONFIG_PROFILE",
    "OCI_CLI_PROFILE",
)
ROLE = "TASK [machineid.infisical.onboard : "
RELEVANT = re.compile(r"^(changed: |fatal: |failed: |--- before)", re.M)
FAILED = re.compile(r"^ +kind: ", re.M)
# A failure is printed three times; its `failure` is the shortest form.
OF_A_FAILURE = re.compile(r"TASK |ok: |changed: |failed: |fatal: | +(kind|message): ")


@dataclass(frozen=True)
class Run:
    """One run of ``ansible-playbook``, with the requests to the server."""

    outcome: Outcome
    counts: dict[str, int]
    requests: list[dict[str, Any]]

    @property
    def recap(self) -> dict[str, int]:
        """Returns the figures after the last play."""
        line = only(re.findall(r"^localhost +: (.*)$", self.outcome.output, re.M), "recap of a playbook")
        return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", line)}

    def task(self, action: str) -> Record:
        """Returns the only task of this module that ran."""
        name = f"machineid.infisical.{action}"
        ran = [one for one in self.outcome.records if one.action == name and one.outcome != "skipped"]
        return only(ran, f"task of {name}")

    def sent(self, method: str) -> list[dict[str, Any]]:
        return [one for one in self.requests if one["method"] == method]


class Playbooks:
    """Runs playbooks against one emulator with the printed credentials, and records all output."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.emulator = emulator
        self.runner = Runner(directory)
        self.output: list[str] = []
        self.credentials = {
            "INFISICAL_URL": emulator.url,
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID": emulator.client_id,
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET": emulator.client_secret,
        }

    def run(self, playbook: str, *options: str, environment: Mapping[str, str] | None = None) -> Run:
        """Runs a playbook. ``environment`` replaces the administrator's credentials."""
        path = PLAYBOOKS / f"{playbook}.yml"
        say("", f"   $ {' '.join(('ansible-playbook', str(path.relative_to(ROOT)), *options))}")
        self.emulator.clear_requests()
        variables = {**READABLE, **dict.fromkeys(FOREIGN_CLOUDS, ""), **(environment or self.credentials)}
        outcome = self.runner.playbook(str(path), {"localhost": {}}, *options, **variables)
        self.output.append(outcome.output)
        say(*(f"   | {line}" for line in essential(outcome.output)), "")
        return Run(outcome, self.emulator.counts(), self.emulator.requests())


def essential(output: str) -> list[str]:
    """Returns the tasks that changed, would change or failed, those of the playbook itself, and the recap."""
    kept: list[str] = []
    for block in re.split(r"^(?=TASK \[|PLAY )", output, flags=re.M):
        lines = [line.rstrip(" *") for line in block.splitlines() if line.strip(" *")]
        if block.startswith("PLAY RECAP"):
            kept += [line for line in lines[1:] if not line.startswith("DRY RUN")]
        elif FAILED.search(block):
            kept += [line for line in lines if OF_A_FAILURE.match(line)]
        elif block.startswith("TASK [") and (not block.startswith(ROLE) or RELEVANT.search(block)):
            kept += lines
    return kept
