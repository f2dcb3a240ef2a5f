# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Declared identities are distributed over execution nodes: one reads them, two each process a slice."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..harness import BIN
from ..stage import Actor
from . import controller
from .conftest import Environment
from .jobs import Job, received, send

SLICES = 2
(FLEET_TEMPLATE,) = (one for one in controller.data("job_templates.yml") if one.get("job_slice_count"))
MORE: list[dict[str, Any]] = [
    {
        "name": f"worker-{number}",
        "metadata": {"team": "reports"},
        "aws_auth": {"allowed_account_ids": ["123456789012"]},
        "client_secrets": [],
    }
    for number in range(3)
]


class Fleet:
    """The declared identities of the project and some more, and the job template for them."""

    def __init__(self, server: Actor, environment: Environment, directory: Path) -> None:
        self.server = server
        self.environment = environment(server)
        self.directory = directory
        self.project = directory / "project"
        shutil.copytree(controller.PROJECT, self.project)
        self.declare("more.yml", MORE)

    def declare(self, file: str, identities: list[dict[str, Any]]) -> None:
        (self.project / "identities" / file).write_text(yaml.safe_dump(identities))

    def synchronised(self) -> dict[str, Any]:
        """Returns the inventory of AWX after it has read the project."""
        command = [str(BIN / "ansible-inventory"), "--list", "--export", "-i", "identities.declared.yml"]
        done = subprocess.run(
            command, cwd=self.project, env=self.environment, capture_output=True, text=True, check=True
        )
        listing: dict[str, Any] = json.loads(done.stdout)
        return listing

    def launch(self, run: str) -> list[Job]:
        """Runs one job per slice, all at the same time, each on a separate node."""
        self.server.emulator.clear_requests()
        listing, variables = self.synchronised(), controller.extra_vars(FLEET_TEMPLATE["extra_vars"])
        sent = []
        for number in range(1, SLICES + 1):
            directory, node = self.directory / f"{run}-{number}", self.directory / f"{run}-node-{number}"
            inventory = controller.slice_of(listing, number, SLICES)
            controller.private_data(directory, inventory=inventory, variables=variables, project=self.project)
            sent.append((directory, send(directory, node, FLEET_TEMPLATE["playbook"], self.environment)))
        return [received(*one).keeps_quiet(self.server.secrets) for one in sent]

    def identities(self) -> list[str]:
        return [one["name"] for one in self.server.emulator.state()["identities"]]

    def made(self) -> int:
        """Returns the number of requests to create an identity."""
        asked = self.server.emulator.requests()
        return len([one for one in asked if (one["method"], one["path"]) == ("POST", "/api/v1/identities")])


@pytest.fixture
def fleet(servers: Callable[..., Actor], environment: Environment, tmp_path: Path) -> Fleet:
    return Fleet(servers(plan="free"), environment, tmp_path)


@pytest.mark.thorough
def test_two_slices_onboard_every_identity_exactly_once_though_one_fails(fleet: Fleet) -> None:
    """On a server whose plan does not include IP allow-listing. An identity that is declared absent is deleted."""
    before = fleet.identities()
    fleet.server.identity("worker-1")
    gone = {"name": "worker-1", "state": "absent"}
    gated = {**MORE[0], "aws_auth": {**MORE[0]["aws_auth"], "access_token_trusted_ips": ["10.0.0.0/8"]}}
    declared = ["payments-api", "payments-batch", "reports", "worker-0", "worker-2"]

    fleet.declare("more.yml", [gated, gone, MORE[2]])
    jobs = fleet.launch("gated")
    assert sorted(job.status for job in jobs) == ["failed", "successful"]
    (failure,) = (failure for job in jobs for failure in job.failures())
    assert failure["identities"][0]["failure"]["kind"] == "plan"
    assert sorted(fleet.identities()) == sorted(before + declared) and fleet.made() == len(declared)

    fleet.declare("more.yml", [MORE[0], gone, MORE[2]])
    mended = [job.succeeded().stats() for job in fleet.launch("mended")]
    hosts = [set(stats["ok"]) for stats in mended]
    assert [len(each) for each in hosts] == [3, 3] and sorted(hosts[0] | hosts[1]) == sorted([*declared, "worker-1"])
    assert [list(stats["changed"]) for stats in mended if stats["changed"]] == [["worker-0"]]
    assert sorted(fleet.identities()) == sorted(before + declared) and fleet.made() == 0
