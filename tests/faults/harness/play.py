# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A play: runs its tasks in this process one after the other, until one fails."""

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
    """A task has failed, which ends the play."""


class Rejected(Exception):
    """Core's validator rejects the options."""


@dataclass(frozen=True)
class Done:
    """A task that was run. ``wrote`` are its writes on the server, ``reach`` is the openness after it, ``crash`` the
    exception that it raised."""

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
        """The messages for the user."""
        return " ".join([self.message, *self.result.get("warnings", [])])

    @property
    def displayed(self) -> bool:
        """Returns whether core displays the result."""
        return not task_of(self.module).holds_a_secret(self.result)


class Play:
    """The interface for scenarios. ``common`` are options of every task."""

    def __init__(self, site: Site, scratch: str, **common: Any) -> None:
        self.site = site
        self.scratch = scratch
        self.common = common
        self.done: list[Done] = []

    def task(self, module: str, **options: Any) -> Result:
        """Runs a task. Raises Stopped if it fails."""
        return self.run(module, options)

    def check(self, module: str, **options: Any) -> Result:
        """Runs a task in check mode."""
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
    """Returns an exception with the place in the collection where it was raised."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/plugins/" in frame.filename]
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno} {frames[-1].name}" if frames else "?"
    return f"{type(error).__name__} in {place}: {error}"
