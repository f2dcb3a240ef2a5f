# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers in which one value has another type, is missing, null or far too large, based on the real answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.faults.harness.case import Broken, numbers, sampled, stage_of
from tests.faults.harness.estate import COMMA_LISTS
from tests.faults.harness.observer import Plan, Spec
from tests.faults.harness.trial import tried
from tests.faults.invariants import broken
from tests.faults.scenarios import SCENARIOS

NAME = "spoilt"
SPOILT = 2500
HUGE = 10**400
REPLACEMENTS: dict[str, Any] = {
    "null": None,
    "number": 7,
    "huge": HUGE,
    "text": "odd-text",
    "commas": ",,",
    "yes": True,
    "list": [],
    "lists": [[[]]],
    "object": {},
    "objects": {"id": {"id": None}},
}
MISSING = "missing"
OPTIONAL = {"prefix"}
"""Optional keys of answers: a trusted address without a prefix means only that address."""


def cases() -> Iterator[str]:
    """Yields each path of each route's answer once with each replacement, in the first scenario that uses the route."""
    seen = set()
    found = []
    for name in SCENARIOS:
        answers = stage_of(name).clean_answers
        for number in numbers(name):
            asked = stage_of(name).clean.performance.asked[number]
            for path, value in paths_of(answers.get(number)):
                if (asked.method, asked.route, general(path)) in seen:
                    continue
                seen.add((asked.method, asked.route, general(path)))
                found += [f"{name}/{number}{path}={spoil}" for spoil in spoils(path, value)]
    yield from sampled(found, SPOILT)


def spoils(path: str, value: Any) -> Iterator[str]:
    """The replacements that every client must detect. Another text instead of a text could be correct, and so could a
    list without one of its elements."""
    last = path.rpartition("/")[2]
    for name, replacement in REPLACEMENTS.items():
        if type(replacement) is not type(value) or name in ("lists", "objects", "huge"):
            yield name
    if last in COMMA_LISTS:
        yield "commas"
    if path and not last.isdigit() and last not in OPTIONAL:
        yield MISSING


def paths_of(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yields every value of an answer with its JSON pointer. The first element of a list represents all."""
    yield at, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths_of(value, f"{at}/{key}")
    elif isinstance(node, list) and node:
        yield from paths_of(node[0], f"{at}/0")


def general(path: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in path.split("/"))


def run(case: str) -> list[Broken]:
    place, _equals, spoil = case.rpartition("=")
    name, number, *parts = place.split("/")
    stage = stage_of(name)
    # Only the answer is altered. The request is carried out, and a client that accepts the answer is misled.
    return broken(tried(stage, Plan({int(number): fault("/".join(["", *parts]), spoil)}), lied=False))


def fault(path: str, spoil: str) -> Spec:
    """Returns the emulator's fault for one replacement."""
    pointer = "" if path == "/" else path
    if spoil == MISSING:
        return {"spoil": [{"op": "remove", "path": pointer}]}
    return {"spoil": [{"op": "replace", "path": pointer, "value": REPLACEMENTS[spoil]}]}
