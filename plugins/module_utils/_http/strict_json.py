# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""JSON from outside, as far as it can be worked with: no value that breaks what reads it, compares it or prints it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 64
"""How deep an answer may be nested; Infisical's are below 10. What is deeper exhausts the stack of whoever walks it."""

LONGEST_NUMBER = 40
"""Characters of a number. Python takes seconds for a number of megabytes."""


class UnusableJSON(ValueError):
    """JSON, or what is called so, that cannot be worked with; says what it is instead."""


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
    raise UnusableJSON(f"{name}, which JSON does not know")


DECODER = json.JSONDecoder(parse_int=short_integer, parse_float=finite, parse_constant=no_constant)


def parsed(body: bytes) -> Any:
    """The value of a JSON text. Raises UnusableJSON, with what it is instead."""
    try:
        value = DECODER.decode(body.decode("utf-8-sig"))
    except UnusableJSON:
        raise
    except UnicodeDecodeError:
        raise UnusableJSON("bytes that are not UTF-8") from None
    except RecursionError:
        raise UnusableJSON("JSON that is nested too deep") from None
    except ValueError:
        raise UnusableJSON("what is no JSON") from None
    if is_deeper(value, DEEPEST):
        raise UnusableJSON("JSON that is nested too deep")
    # Only an escape can be half a character, and only one of these.
    if re.search(rb"\\u[dD][89a-fA-F]", body) and has_lone_surrogate(value):
        raise UnusableJSON("half a character")
    return value


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested in more than ``levels`` levels."""
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
