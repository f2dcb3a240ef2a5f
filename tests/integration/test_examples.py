# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every example of the documentation works when readers run it with credentials exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator

from .documented import Block, blocks, examples_of, lookups, modules, playbook_of
from .example_world import ExampleWorld, setup_of
from .harness import Runner
from .playbook_yaml import loaded
from .stage import Actor

BLOCKS = list(blocks())


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ExampleWorld]:
    """A new server, with AWS for the examples that need it."""
    with Emulator(seed="examples", aws=setup_of(request.node.callspec.id) is not None) as emulator:
        yield ExampleWorld(Actor(emulator, "current", "in_process"), tmp_path)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    runner = Runner(tmp_path_factory.mktemp("documentation"))
    return {**examples_of("module", modules(), runner), **examples_of("lookup", lookups(), runner)}


@pytest.mark.parametrize("plugin", [*modules(), *lookups()])
def test_example_of_a_plugin(plugin: str, examples: dict[str, str], world: ExampleWorld) -> None:
    run(plugin, examples[plugin], world)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_block_of_a_document(block: Block, world: ExampleWorld) -> None:
    if block.is_runnable:
        run(block.place, block.text, world)
    else:
        assert loaded(block.text) is not None, "an empty block tests nothing"


def run(name: str, text: str, world: ExampleWorld) -> None:
    """Runs the example on a host without settings except the variables, and searches its output for secrets."""
    runner = Runner(world.directory)
    variables = world.variables(name)
    plays = playbook_of(world.filled_in(text), Path(name))
    outcome = runner.playbook(plays, {"localhost": variables}, "-vvvv", **world.actor.environment()).succeeded()
    assert world.actor.emulator.counts()["total"], f"{name} sent no request"
    assert world.actor.secrets.leaks_of(outcome) == []
