# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An emulator that is prepared for one scenario, and restored before each run of it."""

from __future__ import annotations

import copy
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import Site
from tests.emulator.clock import Clock
from tests.emulator.journal import Entry
from tests.emulator.outgoing import Outgoing
from tests.emulator.profiles import Profile
from tests.emulator.world import World
from tests.faults.harness.estate import Estate, Named, estate_of, named_credentials
from tests.faults.harness.iam import Iam
from tests.faults.harness.observer import NOTHING, Observer, Plan, is_write
from tests.faults.harness.play import Done, Play, Stopped
from tests.faults.harness.reach import Reach, reach_of

LOCK = type(threading.Lock())


@dataclass(frozen=True)
class Scenario:
    """``prepare`` creates the initial state, ``play`` runs the tasks. ``repeatable``: a second run writes nothing.

    ``keys`` is the number of access keys that a run and its repair may issue together.
    """

    name: str
    play: Callable[[Play], None]
    prepare: Callable[[Site], None] = lambda site: None
    profile: str = "current"
    repeatable: bool = True
    keys: int = 0


@dataclass
class Performance:
    """One run of a scenario, as observed by the emulator. ``named`` are client secrets that it has reported, so that
    the user can check whether anybody uses them."""

    done: list[Done]
    asked: list[Entry]
    estate: Estate
    named: Named
    reaches: list[Reach]
    keys_made: int
    files: dict[str, str]

    @property
    def failed(self) -> bool:
        return any(one.failed for one in self.done)

    @property
    def writes(self) -> list[Entry]:
        return [one for one in self.asked if is_write(one)]


@dataclass
class Clean:
    """The result of a run without faults, and the openness before it and after each of its tasks."""

    performance: Performance
    before: Estate
    allowed: list[Reach]


class Stage:
    """One scenario on its emulator."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.site, self.observer = site_of(scenario.profile)
        self.scratch = Path(tempfile.mkdtemp(prefix="faults-"))
        self.site.reset()
        # Whatever gateway is drawn, there is one.
        self.site.service.world.any_gateway = True
        self.site.service.world.aws = Iam()  # type: ignore[assignment]
        scenario.prepare(self.site)
        self.token = self.site.token
        self.pristine = duplicate(self.site.service.world)
        self.known_credentials = dict(self.observer.credentials)
        self.clean = self.rehearse()
        self.clean_answers = {number - 1: content for number, content in self.observer.answers.items()}

    @property
    def world(self) -> World:
        return self.site.service.world

    @property
    def iam(self) -> Iam:
        aws: Any = self.world.aws
        assert isinstance(aws, Iam)
        return aws

    def restore(self) -> None:
        """Restores the initial state of the scenario."""
        self.site.reset()
        self.site.service.world = duplicate(self.pristine)
        self.site._token = self.token
        self.observer.credentials = dict(self.known_credentials)
        for path in self.scratch.iterdir():
            path.unlink()

    def rehearse(self) -> Clean:
        self.restore()
        performance = self.perform()
        assert not performance.failed, performance.done[-1].message
        allowed = [reach_of(self.pristine), *(one.reach for one in performance.done)]
        return Clean(performance, estate_of(self.pristine), allowed)

    def perform(self, plan: Plan = NOTHING, **common: Any) -> Performance:
        """Runs the scenario once, with the faults of the plan."""
        play = Play(self.site, str(self.scratch), **common)
        reaches: list[Reach] = []
        self.observer.written = lambda: reaches.append(reach_of(self.world))
        made = self.iam.made
        self.observer.begin(plan)
        try:
            self.scenario.play(play)
        except Stopped:
            pass
        finally:
            asked = self.observer.end()
        return self.performance(play.done, asked, reaches, made)

    def performance(self, done: list[Done], asked: list[Entry], reaches: list[Reach], made: int) -> Performance:
        """Returns the run that has just ended; ``made`` keys had been issued before it."""
        said = " ".join(one.said for one in done)
        return Performance(
            done=done,
            asked=asked,
            estate=estate_of(self.world),
            named=named_credentials(self.world, said),
            reaches=reaches,
            keys_made=self.iam.made - made,
            files={path.name: path.read_text(errors="replace") for path in self.scratch.iterdir()},
        )


@cache
def site_of(profile: str) -> tuple[Site, Observer]:
    """The only emulator of a release in this process. It has a fixed seed, so that the same names have the same ids."""
    site = Site(profile=profile, seed="faults").start()
    return site, Observer(site.service)


def duplicate(world: World) -> World:
    """Returns a copy of all stored data. The clock, the settings, the locks and the way outside remain shared."""
    shared = {id(one): one for one in vars(world).values() if isinstance(one, (Clock, Outgoing, Profile, LOCK))}
    return copy.deepcopy(world, shared)
