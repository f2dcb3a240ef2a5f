# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Validation of answers: small checks that are combined into the shape of the answer of a route.

An answer is validated once, when it arrives. All later code can rely on its shape.
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
    """A value has the wrong shape. ``needed`` describes the expected one, ``place`` is the path of the value."""

    def __init__(self, needed: str, found: Any, place: str = "") -> None:
        super().__init__(needed)
        self.needed = needed
        self.found = found
        self.place = place

    def inside(self, name: str) -> Misshapen:
        """Returns the same error with ``name`` prepended to its path."""
        joint = "" if not self.place or self.place.startswith("[") else "."
        return Misshapen(self.needed, self.found, f"{name}{joint}{self.place}")


Shape = Callable[[Any], None]
"""A shape is a function that raises Misshapen for a value that does not have the shape."""


def text(value: Any) -> None:
    if not isinstance(value, str):
        raise Misshapen("a text", value)


def identifier(value: Any) -> None:
    """A text that becomes part of the path of later requests."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_IDENTIFIER or not value.isprintable():
        raise Misshapen("an id", value)


def boolean(value: Any) -> None:
    if not isinstance(value, bool):
        raise Misshapen("true or false", value)


def integer(value: Any) -> None:
    """A 64-bit integer."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise Misshapen("a whole number", value)


def mapping(value: Any) -> None:
    """An object without required keys."""
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
    """An object with all ``needed`` keys. Keys that are only ``known`` are optional. Other keys are ignored."""
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
    """Returns the answer if it has the shape. Otherwise raises InfisicalError of kind ``server``, which names route and
    field."""
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
    """Describes a value without quoting it, because it may be long or secret."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number" if math.isfinite(value) else "no number"
    if isinstance(value, str):
        return "another text" if value else "an empty text"
    return "a list" if isinstance(value, list) else "an object"
