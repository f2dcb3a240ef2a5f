# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Value types: how values of one type are validated, normalised, compared and encoded."""

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
    line_error,
    number_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid

NETWORK = record({"ipAddress": text}, {"prefix": integer})

Errors = list[str]
Check = Callable[[str], Optional[str]]
"""A function that returns an error about a text, or None."""


LEFT_OUT = object()
"""Returned by a value type for a value that a body must not contain."""


def with_bare_lines(text: str) -> str:
    """Returns a trimmed text whose lines end in neither blanks nor carriage returns."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


class ValueType:
    """The behaviour of values of one type, in playbooks (``option``) and in the API (``wire``).

    ``spec`` is the type's part of an Ansible argument spec.
    """

    spec: dict[str, Any] = {"type": "str"}

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        """Returns the normal form of a desired value. Appends validation errors, which name
        option and element, to ``errors``."""
        raise NotImplementedError

    def from_wire(self, value: Any) -> Any:
        """Returns the normal form of a value of the server. Raises Misshapen for an invalid value, because an update
        may have to send it."""
        return value

    def to_wire(self, value: Any) -> Any:
        """Returns the value to send for a normal form."""
        return value

    def same(self, one: Any, other: Any) -> bool:
        """Returns whether two normal forms mean the same."""
        return bool(one == other)

    def merged(self, before: Any, desired: Any) -> Any:
        """Returns the desired value, merged with the current one."""
        return desired

    def created(self, desired: Any) -> Any:
        """Returns what a new object has of a desired value."""
        return desired

    def displayed(self, value: Any) -> Any:
        """Returns a normal form as it is displayed in a diff."""
        return value

    def returned(self, value: Any) -> Any:
        """Returns a normal form for a result, without write-only values."""
        return value

    def state_errors(self, option: str, desired: Any, state: Any) -> Errors:
        """Returns what is wrong with the resulting ``state`` of nested options."""
        return []

    def missing(self, option: str, desired: Any) -> list[str]:
        """Returns the nested options that are required to create an object."""
        return []

    def immutable_errors(self, option: str, before: Any, desired: Any) -> Errors:
        """Returns the impossible changes of nested options, each with the reason."""
        return []


@dataclass(frozen=True)
class Integer(ValueType):
    minimum: int
    maximum: int | None = None
    unit: str = ""
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "int"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = number_error(value, self.minimum, self.maximum, self.unit)
        if wrong:
            errors.append(f"{option} {wrong}")
            return self.minimum
        return value

    def from_wire(self, value: Any) -> Any:
        if isinstance(value, float):
            # The API accepts fractions in one place (server-notes#schedules-that-rotate-at-once), which must not be
            # truncated.
            value = int(value) if value.is_integer() else value
            if isinstance(value, float) and abs(value) < LARGEST_INTEGER:
                return value
        integer(value)
        return value


@dataclass(frozen=True)
class Boolean(ValueType):
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "bool"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        if not isinstance(value, bool):
            errors.append(f"{option} must be true or false, got {got(value)}")
            return False
        return value

    def from_wire(self, value: Any) -> Any:
        boolean(value)
        return value


@dataclass(frozen=True)
class Text(ValueType):
    """A string, trimmed at both ends like on the server.

    ``check`` returns an error about its form; ``examples`` are valid texts. ``choices`` are all valid values.
    ``cleared_by`` is the API's form of an empty text, which means none: ``null``, ``empty`` (``""``) or ``omitted``;
    without it, a text cannot be empty. ``uuid``: it may be a UUID, which is compared without case. ``several_lines``:
    it is prose or PEM, which may contain line breaks and tabs; how its lines end means nothing.
    """

    maximum_length: int = LONGEST_LINE
    check: Check | None = None
    cleared_by: str = ""
    uuid: bool = False
    several_lines: bool = False
    choices: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def __post_init__(self) -> None:
        if self.cleared_by not in ("", "null", "empty", "omitted"):
            raise ValueError(f"cleared_by must be null, empty or omitted, got {self.cleared_by!r}")
        if self.choices:
            object.__setattr__(self, "spec", {**self.spec, "choices": list(self.choices)})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        if self.cleared_by and isinstance(value, str) and not value.strip():
            return ""
        wrong = line_error(value, self.maximum_length, allowed=LINE_BREAKS if self.several_lines else "")
        trimmed = value.strip() if isinstance(value, str) else ""
        if self.several_lines:
            trimmed = with_bare_lines(trimmed)
        if wrong is None and self.choices and trimmed not in self.choices:
            wrong = f"must be one of {', '.join(self.choices)}, got {got(value)}"
        if wrong is None and self.check is not None:
            wrong = self.check(trimmed)
        if wrong:
            errors.append(f"{option} {wrong}")
        return lower_uuid(trimmed) if self.uuid else trimmed

    def from_wire(self, value: Any) -> Any:
        if value is None and self.cleared_by:
            return ""
        text(value)
        trimmed = with_bare_lines(value) if self.several_lines else value
        return lower_uuid(trimmed) if self.uuid else trimmed

    def to_wire(self, value: Any) -> Any:
        if value or self.cleared_by in ("", "empty"):
            return value
        return LEFT_OUT if self.cleared_by == "omitted" else None
