# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The claims of the demonstration: each is checked immediately, and listed in the summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

WIDTH = 100


Item = TypeVar("Item")


class Broken(Exception):
    """A claim does not hold. The message contains the claim and what was found instead."""


@dataclass
class Scene:
    """One part of the demonstration. ``proved`` and ``figure`` are its line of the summary."""

    number: int
    title: str
    proved: str = ""
    figure: str = ""


@dataclass
class Ledger:
    """The scenes so far, and the number of claims that held."""

    scenes: list[Scene] = field(default_factory=list)
    claims: int = 0

    def open(self, title: str, *lines: str) -> None:
        """Begins a scene. ``lines`` describe it."""
        scene = Scene(len(self.scenes) + 1, title)
        self.scenes.append(scene)
        say(f"\n{scene.number}. {title}\n{'-' * WIDTH}", *lines)

    def hold(self, claim: str, holds: bool, found: Any = None) -> None:
        """Checks one claim. ``found`` is reported if it does not hold."""
        if not holds:
            instead = "" if found is None else f"\nWhat was found instead: {found}"
            raise Broken(f"This does not hold: {claim}.{instead}")
        self.claims += 1
        say(f"   proved: {claim}")

    def close(self, proved: str, figure: str) -> None:
        """Ends the scene with its line of the summary."""
        self.scenes[-1].proved, self.scenes[-1].figure = proved, figure

    def summary(self, seconds: float) -> str:
        rows = [(str(scene.number), scene.proved, scene.figure) for scene in self.scenes]
        middle = max(len(proved) for _number, proved, _figure in rows)
        lines = [f"{number}  {proved:<{middle}}  {figure}" for number, proved, figure in rows]
        head = f"\nWhat was proved: {self.claims} claims, each checked by code, in {seconds:.0f} s"
        return "\n".join([head, "=" * WIDTH, *lines])


def only(found: Iterable[Item], what: str) -> Item:
    """Returns the only element, which the following steps depend on."""
    items = list(found)
    if len(items) != 1:
        raise Broken(f"There should be one {what}, and there are {len(items)}.")
    return items[0]


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)
