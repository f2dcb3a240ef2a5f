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
"""Answers what is wrong with a text, or None."""


LEFT_OUT = object()
"""What a value type answers for a value that a body must not have."""


class ValueType:
    """How values of one type behave. ``option`` is what a playbook holds, ``wire`` what the API holds.

    ``spec`` is the type's part of an Ansible argument spec.
    """

    spec: dict[str, Any] = {"type": "str"}

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        """The normal form of a desired value; what is wrong with it goes to ``errors``, named by option and element."""
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

    def merged(self, before: Any, desired: Any) -> Any:
        """The desired value, completed by what the server holds already."""
        return desired

    def displayed(self, value: Any) -> Any:
        """A normal form as a diff displays it."""
        return value

    def returned(self, value: Any) -> Any:
        """A normal form as a result returns it: what the server answers, and nothing that it only takes."""
        return value

    def missing(self, option: str, desired: Any) -> list[str]:
        """The options inside ``option`` that a thing cannot be created without."""
        return []

    def immutable_errors(self, option: str, before: Any, desired: Any) -> Errors:
        """What inside ``option`` would have to change and cannot, each with the reason."""
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
            # A fraction that the API takes somewhere (server-notes#schedules-that-rotate-at-once) must not pass for the
            # whole number below it.
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
    """A string, trimmed at both ends as the server does.

    ``check`` answers what is wrong with its form; ``examples`` are texts that pass. ``choices`` are all that there are.
    ``cleared_by`` says what an empty one, which stands for none, is to the API: ``null``, ``empty`` (``""``) or
    ``omitted``; without it a text cannot be empty. ``uuid``: it may be one, whose case means nothing.
    ``several_lines``: it is prose or PEM, which may have line ends and tabs inside.
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
        trimmed = value.strip() if self.several_lines else value
        return lower_uuid(trimmed) if self.uuid else trimmed

    def to_wire(self, value: Any) -> Any:
        if value or self.cleared_by in ("", "empty"):
            return value
        return LEFT_OUT if self.cleared_by == "omitted" else None
