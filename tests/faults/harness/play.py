# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A play as its tasks: run in this process, one after the other, until one fails."""

from __future__ import annotations

import traceback
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import Result, Site, task_of
from tests.faults.harness.estate import differences, estate_of
from tests.faults.harness.reach import Reach, reach_of


class Stopped(Exception):
    """A task has failed, so the play ends here."""


class Rejected(Exception):
    """Core's validator rejects the options, in core's own words."""


@dataclass(frozen=True)
class Done:
    """One task that was run. ``wrote`` is what it changed on the server, ``reach`` how open that left everything,
    ``crash`` what it raised."""

    module: str
    options: dict[str, Any]
    result: Result
    wrote: tuple[str, ...]
    reach: Reach
    crash: str | None = None

    @property
    def failed(self) -> bool:
        return bool(self.crash or self.result.get("failed"))

    @property
    def message(self) -> str:
        return self.crash or str(self.result.get("msg", ""))

    @property
    def said(self) -> str:
        """What it tells the user in words."""
        return " ".join([self.message, *self.result.get("warnings", [])])

    @property
    def displayed(self) -> bool:
        """Whether core displays the result."""
        return not task_of(self.module).holds_a_secret(self.result)


class Play:
    """What a scenario is written with. ``common`` are options that every task is given."""

    def __init__(self, site: Site, scratch: str, **common: Any) -> None:
        self.site = site
        self.scratch = scratch
        self.common = common
        self.done: list[Done] = []

    def task(self, module: str, **options: Any) -> Result:
        """Runs a task; raises Stopped when it fails."""
        return self.run(module, options)

    def check(self, module: str, **options: Any) -> Result:
        """The same in check mode."""
        return self.run(module, options, check=True)

    def run(self, module: str, options: dict[str, Any], *, check: bool = False) -> Result:
        world = self.site.service.world
        before = estate_of(world)
        result: Result = {}
        crash = None
        clients: dict[Hashable, Client] = {}
        try:
            arguments = self.site.arguments({**self.common, **options})
            given = run_in_process(task_of(module), arguments, clients, check_mode=check, diff=True)
            if given is None:
                raise Rejected(module)
            result = given
        except Rejected:
            raise
        except Exception as error:
            crash = place_of(error)
        wrote = tuple(differences(before, estate_of(world)))
        self.done.append(Done(module, options, result, wrote, reach_of(world), crash))
        if self.done[-1].failed:
            raise Stopped(self.done[-1].message)
        return result


def place_of(error: Exception) -> str:
    """An exception with the place in the collection that it comes from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/plugins/" in frame.filename]
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno} {frames[-1].name}" if frames else "?"
    return f"{type(error).__name__} in {place}: {error}"
