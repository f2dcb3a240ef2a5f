# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Odd values for every option of every module, generated from the argument specs, in check mode and in a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.conftest import Site
from tests.faults.families.sequences import about
from tests.faults.harness.case import Broken, sampled
from tests.faults.harness.observer import NOTHING
from tests.faults.harness.play import Play, Rejected, Stopped
from tests.faults.harness.stage import Scenario, Stage
from tests.faults.scenarios.aws import rotating
from tests.faults.scenarios.identities import WHOLE
from tests.unit.specs import EVERY_OPTION, accepted, options_of, with_value

NAME = "options"
TRIED = 1500
ODD: dict[str, Any] = {
    "null": None,
    "empty": "",
    "blank": " ",
    "zero-byte": "odd\x00value",
    "line-end": "odd\nvalue",
    "surrogate": "odd\ud800value",
    "long": "x" * 300,
    "longer": "x" * 100_000,
    "upwards": "../..",
    "template": "{{ lookup('env', 'HOME') }}",
    "quotes": "'\"\\",
    "number": "17",
    "minus": -1,
    "zero": 0,
    "huge": 10**12,
    "huger": 10**19,
    "fraction": 1.5,
    "endless": float("inf"),
    "not-a-number": float("nan"),
    "yes": True,
    "list": [],
    "list-of-null": [None],
    "list-of-lists": [["odd-entry"]],
    "list-of-objects": [{"odd-key": None}],
    "twice": ["odd-entry", "odd-entry"],
    "object": {},
    "object-of-null": {"odd-key": None},
    "number-as-key": {17: 42},
}
ELSEWHERE = {"url"}
"""It would send tasks to other hosts. Its tests are in tests/unit."""


def cases() -> Iterator[str]:
    every = [
        f"{module}/{'.'.join(path)}={odd}"
        for module, path, _spec in EVERY_OPTION
        if path[0] not in ELSEWHERE
        for odd in ODD
    ]
    yield from sampled(every, TRIED)


def run(case: str) -> list[Broken]:
    place, _equals, odd = case.rpartition("=")
    module, dotted = place.split("/")
    stage = the_stage()
    stage.restore()
    stage.observer.begin(NOTHING)
    base = with_real_ids(stage.site, accepted(module))
    options = with_value(base, options_of(module), tuple(dotted.split(".")), ODD[odd])
    wrong: list[Broken] = []
    for check in (True, False):
        play = Play(stage.site, str(stage.scratch))
        try:
            play.run(module, options, check=check)
        except Rejected:
            return wrong
        except Stopped:
            pass
        wrong += about(stage, play.done)
        for one in play.done:
            if one.wrote and (check or (one.result.get("failure") or {}).get("kind") == "validation"):
                wrong.append(("what_is_rejected_writes_nothing", f"{module} {dotted}: {one.wrote} | {one.message}"))
            try:
                json.dumps(one.result)
            except (TypeError, ValueError) as error:
                wrong.append(("a_result_is_json", f"{module} {dotted}: {error}"))
    return wrong


def with_real_ids(site: Site, options: dict[str, Any]) -> dict[str, Any]:
    """Returns the options with ids of existing objects, so that a task proceeds beyond its first lookup."""
    world = site.service.world
    real = {
        "identity_id": next(one.id for one in world.identities.values() if one.name == WHOLE["name"]),
        "project_id": next(iter(world.projects)),
        "connection_id": next(iter(world.connections)),
    }
    return {name: real.get(name, value) for name, value in options.items()}


@cache
def the_stage() -> Stage:
    def prepare(site: Site) -> None:
        rotating(site)
        site.ok("identities", identities=[{**WHOLE, "projects": [{"project_slug": "billing", "roles": ["viewer"]}]}])

    return Stage(Scenario("options", lambda play: None, prepare))
