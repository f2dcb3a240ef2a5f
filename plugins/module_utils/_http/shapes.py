# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an answer of the server has to look like: small checks, put together into the shape of a route's answer.

An answer is checked once, where it comes in. What lies behind that may index it without a doubt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer, lost_or_failed
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

MISSING: Any = object()
LONGEST_IDENTIFIER = 255
LARGEST_INTEGER = 2**63 - 1


class Misshapen(Exception):
    """A value is not what it has to be: ``needed`` says what that is, ``place`` is the way to it from outside."""

    def __init__(self, needed: str, found: Any, place: str = "") -> None:
        super().__init__(needed)
        self.needed = needed
        self.found = found
        self.place = place

    def inside(self, name: str) -> Misshapen:
        """The same, seen from the object or list that the value stands in."""
        joint = "" if not self.place or self.place.startswith("[") else "."
        return Misshapen(self.needed, self.found, f"{name}{joint}{self.place}")


Shape = Callable[[Any], None]
"""Raises Misshapen for a value that does not have it."""


def text(value: Any) -> None:
    if not isinstance(value, str):
        raise Misshapen("a text", value)


def identifier(value: Any) -> None:
    """What stands in the paths of later requests."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_IDENTIFIER or not value.isprintable():
        raise Misshapen("an id", value)


def boolean(value: Any) -> None:
    if not isinstance(value, bool):
        raise Misshapen("true or false", value)


def integer(value: Any) -> None:
    """A whole number of 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise Misshapen("a whole number", value)


def mapping(value: Any) -> None:
    """An object of which no key is needed."""
    if not isinstance(value, dict):
        raise Misshapen("an object", value)


def nullable(shape: Shape) -> Shape:
    def check(value: Any) -> None:
        if value is not None:
            shape(value)

    return check


def listing(shape: Shape) -> Shape:
    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise Misshapen("a list", value)
        for index, item in enumerate(value):
            inside(f"[{index}]", shape, item)

    return check


def record(needed: Mapping[str, Shape], known: Mapping[str, Shape] | None = None) -> Shape:
    """An object with all ``needed`` keys; those that are only ``known`` may be left out, others are not looked at."""
    optional = known or {}

    def check(value: Any) -> None:
        mapping(value)
        for key, shape in needed.items():
            inside(key, shape, value.get(key, MISSING))
        for key, shape in optional.items():
            if key in value:
                inside(key, shape, value[key])

    return check


def inside(name: str, shape: Shape, value: Any) -> None:
    try:
        shape(value)
    except Misshapen as wrong:
        raise wrong.inside(name) from None


def checked(answer: Answer, shape: Shape) -> Answer:
    """The answer, once it has the shape; else raises InfisicalError of kind ``server`` that names route and field."""
    try:
        shape(answer)
    except Misshapen as wrong:
        raise misshapen_answer(answer, wrong) from None
    return answer


def misshapen_answer(answer: Answer, wrong: Misshapen) -> InfisicalError:
    if wrong.found is MISSING:
        what = f"answered without {wrong.place}."
    else:
        what = f"answered {described(wrong.found)} as {wrong.place}, where {wrong.needed} is needed."
    return lost_or_failed(answer.method, f"{answer.method} {answer.path} {what}")


def described(value: Any) -> str:
    """What a value is, without showing it: it may be long, or secret."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number" if math.isfinite(value) else "no number"
    if isinstance(value, str):
        return "another text" if value else "an empty text"
    return "a list" if isinstance(value, list) else "an object"
