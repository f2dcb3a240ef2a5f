# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Validation of the options of a task as they were given, before ansible-core's validator converts them.

Core converts true to 1, a list to its Python representation and, depending on the release, 3.7 or infinity to an
integer. Values that do not fit the type of an option are therefore found here, with the same result on every core and
execution path.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from ansible.module_utils.common.validation import check_type_dict
from ansible.module_utils.parsing.convert_bool import BOOLEANS

from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    DIGITS_ONLY,
    LINE_BREAKS,
    character_error,
    got,
    is_of_some_size,
    length_error,
)

Spec = Mapping[str, Mapping[str, Any]]

LONGEST_LIST = 100_000
LONGEST_TEXT = 65_536
LONGEST_NAME = 100
DEEPEST = 20
MOST_VALUES = 2_000_000


def read_options(spec: Spec, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Returns a copy of ``given`` for core's validator, and the validation errors. With errors, the copy is incomplete.

    A null option counts as not given, as in core, if it has no default and is not required. The copy shares no objects,
    as if it had been serialised for a module: the value of a YAML anchor is one object in several places, and core's
    validator would set defaults in it once and then treat them as given.
    """
    reader = _Reader()
    taken = reader.level(spec, given, "")
    reader.environment(spec, given)
    return taken, reader.errors


class _Reader:
    """Traverses the given options and collects ``errors``, which name option and element."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.values = 0

    def level(self, spec: Spec, given: Mapping[Any, Any], at: str) -> dict[str, Any]:
        """Copies the options of one dictionary. ``at`` is its path in messages."""
        names = {alias: name for name, option in spec.items() for alias in option.get("aliases", ())}
        taken: dict[str, Any] = {}
        for key, value in given.items():
            if not isinstance(key, str) or len(key) > LONGEST_NAME or character_error(key):
                self.errors.append(f"{at.rstrip('.') or 'the task'} has no option {got(key)}")
                continue
            option = spec.get(names.get(key, key))
            if not at and key.startswith("_ansible_"):
                taken[key] = value
            elif option is None:
                # Core rejects it, and lists the options.
                taken[key] = self.plain(value, f"{at}{key}")
            elif value is not None:
                taken[key] = self.typed(option, value, f"{at}{key}")
            elif option.get("default") is not None or option.get("required"):
                default = option.get("default")
                instead = "" if default is None else f"; leave it out for {got(default)}"
                self.errors.append(f"{at}{key} must not be null{instead}")
            elif "fallback" in option:
                # A null value would prevent the environment variables from being read.
                taken[key] = None
        return taken

    def typed(self, spec: Mapping[str, Any], value: Any, at: str) -> Any:
        kind = spec.get("type", "str")
        if kind == "list":
            return self.listed(spec, value, at)
        if kind == "dict":
            return self.dictionary(spec, value, at)
        if kind == "raw":
            return self.plain(value, at)
        quoted = "a value that is not displayed" if spec.get("no_log") else got(value)
        if kind == "int" and not is_whole(value):
            self.errors.append(f"{at} must be a whole number, got {quoted}")
        elif kind == "bool" and not is_boolean(value):
            self.errors.append(f"{at} must be true or false, got {quoted}")
        elif kind in ("str", "path") and not is_text(value):
            hint = "; put a word such as yes, no, on or off in quotes" if isinstance(value, bool) else ""
            self.errors.append(f"{at} must be text, got {quoted}{hint}")
        elif kind in ("str", "path"):
            self.characters(str(value), at, secret=bool(spec.get("no_log")))
            if spec.get("choices") and str(value) not in spec["choices"]:
                self.errors.append(f"{at} must be one of {', '.join(spec['choices'])}, got {quoted}")
        return value.isoformat() if isinstance(value, date) else value

    def listed(self, spec: Mapping[str, Any], value: Any, at: str) -> Any:
        """Copies a list, or a value that core converts to a list: a comma-joined text or a single number."""
        inner = {"type": spec.get("elements", "raw"), "options": spec.get("options"), "no_log": spec.get("no_log")}
        if isinstance(value, (set, frozenset)):
            value = sorted(value, key=str)
        if not isinstance(value, (list, tuple)):
            if not is_text(value) or inner["type"] == "dict":
                self.errors.append(f"{at} must be a list, got {got(value)}")
                return []
            return self.plain(value, at)
        wrong = length_error(value, LONGEST_LIST)
        if wrong:
            self.errors.append(f"{at} {wrong}")
            return []
        if inner["type"] == "raw":
            return [self.plain(one, f"{at}[{index}]") for index, one in enumerate(value)]
        for index, one in enumerate(value):
            if one is None:
                self.errors.append(f"{at}[{index}] must not be null")
        return [self.typed(inner, one, f"{at}[{index}]") for index, one in enumerate(value) if one is not None]

    def dictionary(self, spec: Mapping[str, Any], value: Any, at: str) -> Any:
        if isinstance(value, str) and not character_error(value, allowed=LINE_BREAKS):
            # As on a command line: JSON or k=v pairs.
            try:
                value = check_type_dict(value)
            except (TypeError, ValueError):
                pass
        if not isinstance(value, Mapping):
            quoted = "a value that is not displayed" if isinstance(value, str) else got(value)
            self.errors.append(f"{at} must be a dictionary, got {quoted}")
            return {}
        if spec.get("options"):
            return self.level(spec["options"], value, f"{at}.")
        return self.plain(value, at)

    def plain(self, value: Any, at: str, depth: int = 0) -> Any:
        """Copies a value without a spec. Its value type validates it further."""
        self.values += 1
        if depth > DEEPEST or self.values == MOST_VALUES:
            self.errors.append(f"{at} is nested too deeply" if depth > DEEPEST else "The options are too large")
        if depth > DEEPEST or self.values >= MOST_VALUES:
            return None
        if isinstance(value, (set, frozenset)):
            value = sorted(value, key=str)
        if isinstance(value, Mapping):
            self.errors.extend(f"{at} must have texts as keys, got {got(key)}" for key in value if not is_key(key))
            return {key: self.plain(one, f"{at}.{inner_name(key)}", depth + 1) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            wrong = length_error(value, LONGEST_LIST)
            if wrong:
                self.errors.append(f"{at} {wrong}")
                return []
            return [self.plain(one, f"{at}[{index}]", depth + 1) for index, one in enumerate(value)]
        if isinstance(value, date):
            # As when options are serialised for a module.
            return value.isoformat()
        if isinstance(value, str):
            self.characters(value, at, secret=False)
        elif value is not None and not isinstance(value, bool) and not is_text(value):
            self.errors.append(f"{at} must contain text or numbers, got {got(value)}")
        return value

    def characters(self, text: str, at: str, *, secret: bool) -> None:
        """Validates the characters of a text. Line breaks are left to the value type. Only NUL is invalid in a
        secret."""
        allowed = CONTROL_CHARACTERS if secret else LINE_BREAKS
        wrong = f"must be at most {LONGEST_TEXT} characters, got {len(text)}" if len(text) > LONGEST_TEXT else None
        wrong = wrong or character_error(text, allowed=allowed)
        if wrong:
            self.errors.append(f"{at} {wrong}")

    def environment(self, spec: Spec, given: Mapping[str, Any]) -> None:
        """Validates the environment variables that replace options that are not given."""
        for name, option in spec.items():
            if "fallback" not in option or any(one in given for one in (name, *option.get("aliases", ()))):
                continue
            _read, variables = option["fallback"]
            set_ones = [one for one in variables if os.environ.get(one, "").strip()]
            if set_ones:
                self.typed(option, os.environ[set_ones[0]], set_ones[0])


CONTROL_CHARACTERS = "".join(map(chr, [*range(1, 32), *range(127, 160)]))


def is_whole(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool) and is_of_some_size(value)
    return not isinstance(value, (float, bytes)) and DIGITS_ONLY.match(str(value)) is not None


def inner_name(key: Any) -> str:
    """Returns a key inside an option in the form for messages."""
    return key if isinstance(key, str) and len(key) <= LONGEST_NAME and key.isprintable() else got(key)


def is_boolean(value: Any) -> bool:
    """Returns whether core can convert the value to a boolean: a word such as yes, or 1 and 0."""
    if isinstance(value, (bool, int, float)):
        return value in BOOLEANS
    return is_text(value) and str(value).lower().strip() in BOOLEANS


def is_text(value: Any) -> bool:
    """Returns whether the value is text, or a number that can stand for text. An unquoted ``no`` in YAML is not
    text."""
    if isinstance(value, (bool, bytes, Mapping, list, tuple, set, frozenset)):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or is_of_some_size(value)


def is_key(key: Any) -> bool:
    return isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool) and is_of_some_size(key))
