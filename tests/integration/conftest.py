# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An emulator for each release and execution path with an administrator's client, and a directory to run Ansible in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.emulator import Emulator

from . import forked
from .harness import EXECUTION_PATHS, Runner
from .stage import PROFILES, Actor, Stage


@pytest.fixture(scope="session", autouse=True)
def fork_server() -> Iterator[None]:
    """Stops the process from which commands are forked."""
    yield
    forked.SERVER.stop()


@pytest.fixture(scope="session")
def actors() -> Iterator[dict[str, Actor]]:
    """One actor for each release and execution path, with the same seed, so that both paths must return the same."""
    with ExitStack() as stack:
        made = {}
        for profile in PROFILES:
            for execution_path in EXECUTION_PATHS:
                emulator = stack.enter_context(Emulator(profile=profile, seed="integration"))
                made[f"{profile}_{execution_path}"] = Actor(emulator, profile, execution_path)
        yield made


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.fixture
def stage(actors: dict[str, Actor], runner: Runner) -> Stage:
    """Resets the emulators of all actors and provides a runner."""
    for actor in actors.values():
        actor.emulator.reset()
    return Stage(actors, runner)
