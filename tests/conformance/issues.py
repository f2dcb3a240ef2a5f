# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Unfolds the tables' short words for a refused field into the issue object the server's validator writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOO_SMALL = {
    "number": "Number must be greater than or equal to {0}",
    "string": "String must contain at least {0} character(s)",
    "array": "Array must contain at least {0} element(s)",
}


def path_of(dotted: str) -> list[str | int]:
    """`accessTokenTrustedIps.0` as the validator writes it: a list, positions as numbers."""
    return [int(part) if part.isdigit() else part for part in dotted.split(".") if part]


def issue(words: Mapping[str, Any]) -> dict[str, Any]:
    """The issue object of one refused field; words it does not know are taken as the object's own fields."""
    rest = {word: value for word, value in words.items() if word != "at"}
    base: dict[str, Any] = {"path": path_of(words["at"])}
    match rest:
        case {"expected": expected, "received": received} if len(rest) == 2:
            text = "Required" if received == "undefined" else f"Expected {expected}, received {received}"
            return {"code": "invalid_type", "expected": expected, "received": received, "message": text, **base}
        case {"least": least, "of": kind} if len(rest) == 2:
            bound = {"minimum": least, "type": kind, "inclusive": True, "exact": False}
            return {"code": "too_small", "message": TOO_SMALL[kind].format(least), **bound, **base}
        case {"most": most} if len(rest) == 1:
            bound = {"maximum": most, "type": "number", "inclusive": True, "exact": False}
            return {"code": "too_big", "message": f"Number must be less than or equal to {most}", **bound, **base}
        case {"custom": text} if len(rest) == 1:
            return {"code": "custom", "message": text, **base}
        case {"one_of": options, "received": received} if len(rest) == 2:
            names = " | ".join(f"'{option}'" for option in options)
            text = f"Invalid enum value. Expected {names}, received '{received}'"
            return {"code": "invalid_enum_value", "options": options, "received": received, "message": text, **base}
        case {"not_a": "url"} if len(rest) == 1:
            return {"code": "invalid_string", "validation": "url", "message": "Invalid url", **base}
        case _:
            return {**rest, **base}
