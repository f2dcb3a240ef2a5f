# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The kinds of values: how each is validated, normalised, compared and encoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    LARGEST_INTEGER,
    boolean,
    integer,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    LINE_BREAKS,
    LONGEST_LINE,
    got,
    line_fault,
    number_fault,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid

NETWORK = record({"ipAddress": text}, {"prefix": integer})

Faults = list[str]
ItemFault = Callable[[str], Optional[str]]
"""Tells what is wrong with one element of a list, or None."""


class Kind:
    """How values of one type behave. ``option`` is what a playbook holds, ``wire`` what the API holds.

    ``spec`` is the kind's part of an Ansible argument spec.
    """

    spec: dict[str, Any] = {"type": "str"}

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        """The normal form of a wished value; what is wrong with it goes to ``faults``, named by option and element."""
        raise NotImplementedError

    def from_wire(self, value: Any) -> Any:
        """The normal form of what the server holds. Raises Misshapen for what it cannot hold, as an update may have to
        carry it."""
        return value

    def to_wire(self, value: Any) -> Any:
        """What to send for a normal form."""
        return value

    def same(self, one: Any, other: Any) -> bool:
        """Whether two normal forms mean the same."""
        return bool(one == other)

    def settled(self, before: Any, wished: Any) -> Any:
        """The wish, completed by what the server holds already."""
        return wished

    def shown(self, value: Any) -> Any:
        """A normal form as a diff shows it."""
        return value

    def told(self, value: Any) -> Any:
        """A normal form as a result holds it: what the server tells, and nothing that it only takes."""
        return value

    def missing(self, option: str, wished: Any) -> list[str]:
        """The options inside ``option`` that a thing cannot be created without."""
        return []

    def immovable(self, option: str, before: Any, wished: Any) -> Faults:
        """What inside ``option`` would have to change and cannot, each with the reason."""
        return []


@dataclass(frozen=True)
class Integer(Kind):
    minimum: int
    maximum: int | None = None
    unit: str = ""
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "int"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        wrong = number_fault(value, self.minimum, self.maximum, self.unit)
        if wrong:
            faults.append(f"{option} {wrong}")
            return self.minimum
        return value

    def from_wire(self, value: Any) -> Any:
        if isinstance(value, float):
            # A fraction that the API takes somewhere (quirks.md §14) must not pass for the whole number below it.
            value = int(value) if value.is_integer() else value
            if isinstance(value, float) and abs(value) < LARGEST_INTEGER:
                return value
        integer(value)
        return value


@dataclass(frozen=True)
class Boolean(Kind):
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "bool"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        if not isinstance(value, bool):
            faults.append(f"{option} must be true or false, got {got(value)}")
            return False
        return value

    def from_wire(self, value: Any) -> Any:
        boolean(value)
        return value


@dataclass(frozen=True)
class Text(Kind):
    """A string, trimmed at both ends as the server does; ``fault`` tells what is wrong with its form.

    ``clearable``: an empty one stands for none, which the API takes as null. ``uuid``: it may be one, whose case means
    nothing. ``several_lines``: it is prose, which may have line ends and tabs inside.
    """

    maximum_length: int = LONGEST_LINE
    fault: ItemFault | None = None
    clearable: bool = False
    uuid: bool = False
    several_lines: bool = False
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        if self.clearable and isinstance(value, str) and not value.strip():
            return ""
        wrong = line_fault(value, self.maximum_length, allowed=LINE_BREAKS if self.several_lines else "")
        trimmed = value.strip() if isinstance(value, str) else ""
        if wrong is None and self.fault is not None:
            wrong = self.fault(trimmed)
        if wrong:
            faults.append(f"{option} {wrong}")
        return lower_uuid(trimmed) if self.uuid else trimmed

    def from_wire(self, value: Any) -> Any:
        if value is None and self.clearable:
            return ""
        text(value)
        return lower_uuid(value) if self.uuid else value

    def to_wire(self, value: Any) -> Any:
        return None if self.clearable and not value else value
