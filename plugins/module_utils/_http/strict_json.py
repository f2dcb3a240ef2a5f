# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A strict JSON parser for external data: it rejects values that break code which reads, compares or prints them."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 64
"""Maximum nesting depth of an answer. Infisical's answers stay below 10. Deeper nesting exhausts the stack of recursive
functions."""

LONGEST_NUMBER = 40
"""Maximum length of a number in characters. Python needs seconds to parse a number of megabytes."""


class UnusableJSON(ValueError):
    """The text is not usable JSON. The message is a noun phrase that describes what it is or contains."""


def short_integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise UnusableJSON("a number that is too long")
    return int(text)


def finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise UnusableJSON("a number that is too large")
    return number


def no_constant(name: str) -> Any:
    raise UnusableJSON(f"{name}, which JSON does not define")


DECODER = json.JSONDecoder(parse_int=short_integer, parse_float=finite, parse_constant=no_constant)


def parsed(body: bytes) -> Any:
    """Parses a JSON text. Raises UnusableJSON, which describes the text."""
    try:
        value = DECODER.decode(body.decode("utf-8-sig"))
    except UnusableJSON:
        raise
    except UnicodeDecodeError:
        raise UnusableJSON("bytes that are not UTF-8") from None
    except RecursionError:
        raise UnusableJSON("JSON that is nested too deeply") from None
    except ValueError:
        raise UnusableJSON("invalid JSON") from None
    if is_deeper(value, DEEPEST):
        raise UnusableJSON("JSON that is nested too deeply")
    # Only these escapes can produce a lone surrogate.
    if re.search(rb"\\u[dD][89a-fA-F]", body) and has_lone_surrogate(value):
        raise UnusableJSON("a lone surrogate")
    return value


def is_deeper(value: Any, levels: int) -> bool:
    """Returns whether lists and objects are nested in more than ``levels`` levels."""
    level = [value]
    for _level in range(levels + 1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True


def has_lone_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
