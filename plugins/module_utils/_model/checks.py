# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Validation that applies to all options, and quotation of values in messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable

MOST_ELEMENTS = 1000
"""Maximum number of elements of a list or dictionary. Real allowlists are shorter, and the server accepts bodies up to
1 MiB (server-notes#unparsable-requests)."""
LONGEST_LINE = 255
"""Length of the server's text columns in characters. A longer text causes a 500 without explanation
(server-notes#column-lengths)."""
LONGEST_QUOTE = 100
LARGEST_COUNT = 2**53 - 1
"""The largest whole number that the server's JavaScript represents exactly."""
DIGITS = 20
"""More digits than any number on the server has."""

LARGEST: int = 10**DIGITS
DIGITS_ONLY = re.compile(rf"\s*[+-]?[0-9]{{1,{DIGITS}}}\s*\Z")
UNFIT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
LINE_BREAKS = "\t\n\r"


def quoted(text: str) -> str:
    """Returns a text in quotes for a message."""
    return f"'{printable(text, LONGEST_QUOTE)}'"


def got(value: Any) -> str:
    """Describes a given value for a message. Does not quote the content of lists and dictionaries, which may be
    secret."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if is_of_some_size(value) else "a number with more digits than any server supports"
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Mapping):
        return f"a dictionary of {named(list(value)[:5]) or 'nothing'}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "a list"
    if isinstance(value, bytes):
        return "bytes"
    return quoted(str(value))


def named(keys: Iterable[Any]) -> str:
    """Returns keys for a message."""
    return ", ".join(printable(str(key), LONGEST_QUOTE) for key in keys)


def is_of_some_size(number: int) -> bool:
    """Returns whether a whole number has at most :data:`DIGITS` digits. Formatting a longer one can take minutes."""
    return bool(abs(number) < LARGEST)


def character_error(text: str, *, allowed: str = "") -> str | None:
    """Returns an error about an invalid character in ``text``, None if there is none. ``allowed`` are valid control
    characters."""
    for found in UNFIT.finditer(text):
        one, place = found.group(), found.start() + 1
        if one >= "\ud800":
            return f"must be text, but character {place} is a lone surrogate (U+{ord(one):04X})"
        if one not in allowed:
            return f"must not contain control characters, but character {place} is U+{ord(one):04X}"
    return None


def line_error(text: Any, longest: int | None = LONGEST_LINE, *, allowed: str = "") -> str | None:
    """Returns an error if the value is not a non-empty line of text, otherwise None. Surrounding spaces are ignored.
    ``allowed`` are valid control characters."""
    if not isinstance(text, str):
        return f"must be text, got {got(text)}"
    bare = text.strip()
    if not bare:
        return "must not be empty"
    if longest is not None and len(bare) > longest:
        return f"must be at most {longest} characters, got {len(bare)}"
    return character_error(bare, allowed=allowed)


def number_error(value: Any, minimum: int, maximum: int | None = None, unit: str = "") -> str | None:
    """Returns an error if the value is not a whole number in these bounds, otherwise None."""
    whole = isinstance(value, int) and not isinstance(value, bool) and is_of_some_size(value)
    if whole and value >= minimum and (maximum is None or value <= maximum):
        return None
    allowed = f"at least {minimum}" if maximum is None else f"{minimum} to {maximum}"
    return f"must be {'' if whole else 'a whole number, '}{allowed}{f' {unit}' if unit else ''}, got {got(value)}"


def length_error(value: Any, most: int = MOST_ELEMENTS) -> str | None:
    """Returns an error if a list or dictionary is too large, otherwise None."""
    return None if len(value) <= most else f"must have at most {most} elements, got {len(value)}"
