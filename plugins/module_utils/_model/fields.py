# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Fields: the words that a table is written in, one row for each option."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Misshapen,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import ValueType

Options = dict[str, Any]
"""Option names to normal forms."""
Wire = dict[str, Any]
"""What the API sends and takes."""


MASKED = "(not shown)"
MASKED_CHANGE = "(changed, not shown)"


@dataclass(frozen=True)
class Derived:
    """A value that follows from other fields: ``value`` of the resulting state wherever an option of ``options``
    changes and the field itself is not given. ``value`` takes options in normal form and answers one."""

    options: tuple[str, ...]
    value: Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Field:
    """One field of a resource: ``option`` in playbooks, ``wire`` in the API. docs/architecture.md explains each word.

    What it is:
    ``default``: what the server sets on create when the field is not sent, None where it sets nothing.
    ``aliases``: other names of the option. ``required``: must be given on create, unless ``provided_by`` is set.
    ``immutable``: why it cannot be changed once the object exists; no update sends it.
    ``secret``: never returned or displayed, only compared. ``write_only``: the server never returns it, so it cannot be
    compared, and is written again only where the task says so.
    ``derived``: how its value follows from other fields when it is not given.
    ``provided_by``: an option that provides this field once it is set, such as a template: then the field is neither
    accepted nor sent.
    ``displaces``: the option that the server clears when this one is sent.

    When it is sent:
    ``always_sent``: in every create, with its default where it is not given, and in every update, changed or not.
    ``only_when_changed``: in no update that does not change it, also where the others send the whole.
    ``unanswered``: no answer to a write has it. ``omitted_when_none``: no answer has it where it is none.

    Bounds that are not the value type's:
    ``never_above``: the option that is its upper bound unless that is 0.
    ``minimum_on_create``: what the server demands at least on create, where an update may go lower.
    ``absent_means``: what a server behaves as that does not know the field; a field with this word is newer than
    2024-10 and sent only when it is given.
    ``former_minimum``, ``former_minimum_on_create``, ``former_required``: what a server that keeps one auth method per
    identity demands at least, on an update and on create, and whether it demands the field on create.
    """

    option: str
    wire: str
    type: ValueType
    default: Any = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    immutable: str = ""
    secret: bool = False
    write_only: bool = False
    derived: Derived | None = None
    provided_by: str = ""
    displaces: str = ""
    always_sent: bool = False
    only_when_changed: bool = False
    unanswered: bool = False
    omitted_when_none: bool = False
    never_above: str | None = None
    minimum_on_create: int | None = None
    absent_means: Any = None
    former_minimum: int | None = None
    former_minimum_on_create: int | None = None
    former_required: bool = False

    @property
    def newer(self) -> bool:
        """Whether older servers do not know this field."""
        return self.absent_means is not None

    def argument_spec(self) -> dict[str, Any]:
        """This field's entry of an argument spec. What is not ``secret`` says so, where its name looks like it."""
        spec: dict[str, Any] = dict(self.type.spec)
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        if self.secret or re.search(r"pass(?!ive)|secret|token|key", self.option):
            spec["no_log"] = self.secret
        return spec

    def displayed(self, value: Any) -> Any:
        """A normal form as a diff or a message displays it."""
        return MASKED if self.secret else self.type.displayed(value)

    def is_provided(self, options: Mapping[str, Any]) -> bool:
        """Whether another option provides this field in a state."""
        return bool(self.provided_by and options.get(self.provided_by))

    def immutable_errors(self, before: Any, desired: Any, prefix: str = "") -> list[str]:
        """Why ``before`` cannot become ``desired`` on an object that exists; empty where it can."""
        option = prefix + self.option
        if self.immutable and not self.type.same(before, desired):
            was, will_be = self.displayed(before), self.displayed(desired)
            return [f"{option} is {was!r} and cannot become {will_be!r}: {self.immutable}"]
        return self.type.immutable_errors(option, before, desired)


def read_fields(fields: Iterable[Field], wire: Wire) -> Options:
    """The normal forms of those fields that ``wire`` has. Raises Misshapen for what the server cannot hold."""
    options = {}
    for one in fields:
        if one.wire in wire:
            try:
                options[one.option] = one.type.from_wire(wire[one.wire])
            except Misshapen as wrong:
                raise wrong.inside(one.wire) from None
    return options
