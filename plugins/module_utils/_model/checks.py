# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What no value of an option may be, whatever the option is, and how a message quotes what was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable

MOST_ELEMENTS = 1000
"""Elements of one list or dictionary of a table. No allowlist that people keep is longer, and the server's bodies end
at 1 MiB (server-notes#unparsable-requests)."""
LONGEST_LINE = 255
"""Characters of the columns that the server keeps texts in; a longer one is a bare 500
(server-notes#column-lengths)."""
LONGEST_QUOTE = 100
LARGEST_COUNT = 2**53 - 1
"""The largest whole number that the server's JavaScript keeps exactly."""
DIGITS = 20
"""More digits than any number that the server keeps."""

LARGEST: int = 10**DIGITS
DIGITS_ONLY = re.compile(rf"\s*[+-]?[0-9]{{1,{DIGITS}}}\s*\Z")
UNFIT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
LINE_BREAKS = "\t\n\r"


def quoted(text: str) -> str:
    """A text for a message."""
    return f"'{printable(text, LONGEST_QUOTE)}'"


def got(value: Any) -> str:
    """What was given, for a message. What is inside of a list or dictionary is not shown: a secret may be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if is_of_some_size(value) else "a number of more digits than any server keeps"
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
    """Keys for a message."""
    return ", ".join(printable(str(key), LONGEST_QUOTE) for key in keys)


def is_of_some_size(number: int) -> bool:
    """Whether a whole number has no more than :data:`DIGITS` digits; to write a longer one can take minutes."""
    return bool(abs(number) < LARGEST)


def character_error(text: str, *, allowed: str = "") -> str | None:
    """What characters ``text`` holds that no text may, None when there are none. ``allowed`` are control characters
    that it may hold."""
    for found in UNFIT.finditer(text):
        one, place = found.group(), found.start() + 1
        if one >= "\ud800":
            return f"must be text, and has half a character (U+{ord(one):04X}) as character {place}"
        if one not in allowed:
            return f"must not hold control characters, and has U+{ord(one):04X} as character {place}"
    return None


def line_error(text: Any, longest: int | None = LONGEST_LINE, *, allowed: str = "") -> str | None:
    """What is wrong with a value as a line of text that stands for something, None when nothing is. Blanks around it
    mean nothing; ``allowed`` are control characters inside it that it may hold."""
    if not isinstance(text, str):
        return f"must be text, got {got(text)}"
    bare = text.strip()
    if not bare:
        return "must not be empty"
    if longest is not None and len(bare) > longest:
        return f"must be at most {longest} characters, got {len(bare)}"
    return character_error(bare, allowed=allowed)


def number_error(value: Any, minimum: int, maximum: int | None = None, unit: str = "") -> str | None:
    """What is wrong with a value as a whole number in these bounds, None when nothing is."""
    whole = isinstance(value, int) and not isinstance(value, bool) and is_of_some_size(value)
    if whole and value >= minimum and (maximum is None or value <= maximum):
        return None
    allowed = f"at least {minimum}" if maximum is None else f"{minimum} to {maximum}"
    return f"must be {'' if whole else 'a whole number, '}{allowed}{f' {unit}' if unit else ''}, got {got(value)}"


def length_error(value: Any, most: int = MOST_ELEMENTS) -> str | None:
    """What is wrong with the size of a list or dictionary, None when nothing is."""
    return None if len(value) <= most else f"must have at most {most} elements, got {len(value)}"
