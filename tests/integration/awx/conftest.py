# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server for the jobs, and the environment that a credential of AWX provides for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator

from ..stage import Actor
from . import controller

Environment = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[..., Actor]]:
    """Starts each server once."""
    running: dict[tuple[tuple[str, Any], ...], Actor] = {}

    def start(**options: Any) -> Actor:
        key = tuple(sorted(options.items()))
        if key not in running:
            running[key] = Actor(Emulator(seed="awx", **options).start(), "current", "in_process")
        running[key].emulator.reset()
        return running[key]

    yield start
    for actor in running.values():
        actor.emulator.stop()


@pytest.fixture
def server(servers: Callable[..., Actor]) -> Actor:
    return servers()


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Returns the environment of a job, from the execution environment and a credential."""

    def made(server: Actor, **inputs: Any) -> dict[str, str]:
        filled = {
            "url": server.emulator.url,
            "auth_method": "universal_auth",
            "universal_auth_client_id": server.emulator.client_id,
            "universal_auth_client_secret": server.emulator.client_secret,
            **inputs,
        }
        files = tmp_path / "credential"
        files.mkdir(exist_ok=True)
        credential = controller.injected(controller.data("credential_type.yml"), filled, files)
        return {**controller.job_environment(tmp_path / "home"), **credential}

    return made
