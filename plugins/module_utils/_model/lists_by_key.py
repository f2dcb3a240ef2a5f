# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Value types that pair names with lists: bound claims of a token, allowed attributes of a directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Misshapen,
    listing,
    mapping,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    LONGEST_LINE,
    MOST_ELEMENTS,
    got,
    length_error,
    line_error,
    named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Errors, ValueType

PAIR = record({"key": text, "value": text})
PAIR_KEYS = ("key", "value")
PAIR_SPEC: dict[str, dict[str, Any]] = {
    "key": {"type": "str", "required": True, "no_log": False},
    "value": {"type": "raw", "required": True},
}


def parse_values(values: CommaList, name: str, value: Any, errors: Errors) -> list[str]:
    """Returns the normal form of one list. It must not be empty, because it would have no effect."""
    given = [value] if isinstance(value, str) else value
    known = len(errors)
    found: list[str] = values.parse(name, given, errors)
    if not found and len(errors) == known:
        errors.append(f"{name} must not be empty; omit it instead")
    return found


def parse_name(option: str, name: Any, errors: Errors) -> str:
    wrong = line_error(name, LONGEST_LINE)
    if wrong:
        errors.append(f"{option}: a key {wrong}")
    return name.strip() if isinstance(name, str) else ""


@dataclass(frozen=True)
class ListsByKey(ValueType):
    """A dictionary of lists, each compared as a set; the API keeps an object of comma-joined strings
    (server-notes#bound-claims). It is replaced as a whole. A comma inside braces does not separate."""

    values: CommaList = field(default_factory=CommaList)
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "dict"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = length_error(value) if isinstance(value, dict) else f"must be a dictionary, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return {}
        parsed: dict[str, list[str]] = {}
        for given, elements in value.items():
            name = parse_name(option, given, errors)
            if name in parsed:
                errors.append(f"{option}.{name} is given twice")
            parsed[name] = parse_values(self.values, f"{option}.{name}", elements, errors)
        return parsed

    def from_wire(self, value: Any) -> Any:
        if value is None:
            return {}
        mapping(value)
        return {name: self.values.from_wire(joined) for name, joined in value.items()}

    def to_wire(self, value: Any) -> Any:
        return {name: self.values.to_wire(elements) for name, elements in value.items()}

    def same(self, one: Any, other: Any) -> bool:
        return one.keys() == other.keys() and all(self.values.same(one[name], other[name]) for name in one)

    def displayed(self, value: Any) -> Any:
        return {name: self.values.displayed(value[name]) for name in sorted(value)}


@dataclass(frozen=True)
class KeyedLists(ValueType):
    """A list of dictionaries of a ``key`` and a list as ``value``, both compared as sets; a key may be there several
    times. The API keeps comma-joined strings without blanks, and null for none (server-notes#ldap-blanks)."""

    values: CommaList = field(default_factory=CommaList)
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "dict", "options": PAIR_SPEC})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = length_error(value, MOST_ELEMENTS) if isinstance(value, list) else f"must be a list, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return []
        pairs: list[dict[str, Any]] = []
        for index, given in enumerate(value):
            pair = self._parse_pair(f"{option}[{index}]", given, errors)
            if not self._meaning([pair]) <= self._meaning(pairs):
                pairs.append(pair)
        return pairs

    def _parse_pair(self, name: str, pair: Any, errors: Errors) -> dict[str, Any]:
        if not isinstance(pair, Mapping) or set(pair) != set(PAIR_KEYS):
            errors.append(f"{name} must be a dictionary of {named(PAIR_KEYS)}, got {got(pair)}")
            return {"key": "", "value": []}
        values = parse_values(self.values, f"{name}.value", pair["value"], errors)
        key = parse_name(f"{name}.key", pair["key"], errors)
        return {"key": key, "value": ["".join(one.split()) for one in values]}

    def from_wire(self, value: Any) -> Any:
        if value is None:
            return []
        listing(PAIR)(value)
        pairs = [{"key": pair["key"], "value": self.values.from_wire(pair["value"])} for pair in value]
        if any(not pair["value"] for pair in pairs):
            raise Misshapen("values", value)
        return pairs

    def to_wire(self, value: Any) -> Any:
        return [{"key": pair["key"], "value": self.values.to_wire(pair["value"])} for pair in value]

    def same(self, one: Any, other: Any) -> bool:
        return self._meaning(one) == self._meaning(other)

    def displayed(self, value: Any) -> Any:
        pairs = [{"key": pair["key"], "value": self.values.displayed(pair["value"])} for pair in value]
        return sorted(pairs, key=lambda pair: (pair["key"], pair["value"]))

    def _meaning(self, pairs: Any) -> set[tuple[str, frozenset[str]]]:
        return {(pair["key"], frozenset(self.values.key(one) for one in pair["value"])) for pair in pairs}
