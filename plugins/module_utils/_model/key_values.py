# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The value type of a dictionary of texts, such as an identity's metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import listing, record, text
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    LINE_BREAKS,
    LONGEST_LINE,
    got,
    length_error,
    line_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Errors, ValueType


@dataclass(frozen=True)
class KeyValues(ValueType):
    """A dictionary that the API stores as a list of ``{key, value}``, each of at most ``maximum_length`` characters."""

    maximum_length: int = LONGEST_LINE
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "dict"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = length_error(value) if isinstance(value, dict) else f"must be a dictionary, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return {}
        return parse_pairs(option, value, self.maximum_length, errors)

    def from_wire(self, value: Any) -> Any:
        listing(record({"key": text, "value": text}))(value)
        return {pair["key"]: pair["value"] for pair in value}

    def to_wire(self, value: Any) -> Any:
        return [{"key": key, "value": item} for key, item in value.items()]


def parse_pairs(option: str, value: Mapping[Any, Any], longest: int, errors: list[str]) -> dict[str, str]:
    """Returns keys and values as trimmed texts. Converts numbers to texts. Appends validation errors to ``errors``."""
    pairs: dict[str, str] = {}
    for key, item in value.items():
        name, held = as_text(key), "" if item is None else as_text(item)
        error = line_error(name, longest)
        if error:
            errors.append(f"{option}: a key {error}")
            continue
        name = name.strip()
        if name in pairs:
            errors.append(f"{option}.{name} is given twice")
        wrong = line_error(held, longest, allowed=LINE_BREAKS)
        if wrong:
            errors.append(f"{option}.{name} {wrong}")
        pairs[name] = held.strip() if isinstance(held, str) else ""
    return pairs


def as_text(value: Any) -> Any:
    """Converts a number to text. Returns anything else, including a boolean, unchanged."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
