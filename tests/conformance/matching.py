# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fills placeholders into the words of a table and compares what came back with what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)(\|upper)?\}(?!\})")
REPEATED = re.compile(r"<(.) times (\d+)>")

# The values no two runs share, by the name the tables give them.
VOLATILE = {
    "<uuid>": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "<time>": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "<jwt>": re.compile(r"[\w-]+\.[\w-]+\.[\w-]+"),
    "<secret>": re.compile(r"[0-9a-f]{64}"),
    "<prefix>": re.compile(r"[0-9a-f]{4}"),
    "<slug>": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
    "<seconds>": re.compile(r"[1-5]?\d|60"),
    "<please wait>": re.compile(r"Rate limit exceeded\. Please try again in \d+ seconds"),
    "<text>": re.compile(r".+", re.DOTALL),
}
ANOTHER = re.compile(r"<not (.+)>")
ABSENT = "<absent>"
# Cleared: whether a server then says null, "" or nothing at all is left open.
NOTHING = "<nothing>"
# YAML's own merge key is taken for a duplicate by some tools as soon as a merged field is overridden.
WITH = "<with>"


def fill(value: Any, variables: Mapping[str, Any]) -> Any:
    """The value with every `{name}` replaced; a text that is nothing but a placeholder keeps the type of its value."""
    if isinstance(value, Mapping):
        filled = {fill(key, variables): fill(item, variables) for key, item in value.items()}
        return {**filled.pop(WITH, {}), **filled}
    if isinstance(value, list):
        return [fill(item, variables) for item in value]
    if not isinstance(value, str):
        return value
    repeated = REPEATED.fullmatch(value)
    if repeated:
        return repeated[1] * int(repeated[2])
    whole = PLACEHOLDER.fullmatch(value)
    if whole:
        return _named(whole, variables)
    return PLACEHOLDER.sub(lambda match: str(_named(match, variables)), value)


def _named(match: re.Match[str], variables: Mapping[str, Any]) -> Any:
    value = fill(variables[match[1]], variables)
    return value.upper() if match[2] else value


def look_up(value: Any, path: str) -> Any:
    """The item at a dotted path such as `identityMembership.roles.0.id`."""
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def differences(expected: Any, got: Any, *, exact: bool, at: str = "body") -> list[str]:
    """One line per difference; `exact` also minds fields that came although nothing was said about them."""
    if isinstance(expected, Mapping):
        return _different_objects(expected, got, exact, at)
    if isinstance(expected, list):
        return _different_lists(expected, got, exact, at)
    if _same(expected, got):
        return []
    return [f"{at}: expected {expected!r}, got {got!r}"]


def _different_objects(expected: Mapping[str, Any], got: Any, exact: bool, at: str) -> list[str]:
    if not isinstance(got, Mapping):
        return [f"{at}: expected an object, got {got!r}"]
    found = []
    for key, value in expected.items():
        if value == ABSENT:
            if key in got:
                found.append(f"{at}.{key}: expected to be absent, got {got[key]!r}")
        elif key not in got and value == NOTHING:
            continue
        elif key not in got:
            found.append(f"{at}.{key}: expected {value!r}, but it is absent")
        else:
            found += differences(value, got[key], exact=exact, at=f"{at}.{key}")
    if exact:
        found += [f"{at}.{key}: not expected, got {got[key]!r}" for key in got if key not in expected]
    return found


def _different_lists(expected: list[Any], got: Any, exact: bool, at: str) -> list[str]:
    if not isinstance(got, list):
        return [f"{at}: expected a list, got {got!r}"]
    if len(expected) != len(got):
        return [f"{at}: expected {len(expected)} elements, got {len(got)}: {got!r}"]
    return [
        line
        for index, (left, right) in enumerate(zip(expected, got, strict=True))
        for line in differences(left, right, exact=exact, at=f"{at}.{index}")
    ]


def _same(expected: Any, got: Any) -> bool:
    if expected == "<any>":
        return True
    if expected == NOTHING:
        return got is None or got == ""
    if expected == "<number>":
        return isinstance(got, int | float) and not isinstance(got, bool)
    if isinstance(expected, str) and isinstance(got, str):
        another = ANOTHER.fullmatch(expected)
        if another:
            return got != another[1]
        if expected in VOLATILE:
            return VOLATILE[expected].fullmatch(got) is not None
    # True == 1 in Python, never in JSON.
    return isinstance(expected, bool) == isinstance(got, bool) and bool(expected == got)
