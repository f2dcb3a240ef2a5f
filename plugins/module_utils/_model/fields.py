# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Fields: the rows of a table, one for each option."""

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
"""Normal forms by option name."""
Wire = dict[str, Any]
"""The form of the API."""


MASKED = "(not displayed)"
MASKED_CHANGE = "(changed, not displayed)"


@dataclass(frozen=True)
class Derived:
    """A value that is derived from other fields: ``value`` of the resulting state, if an option of ``options`` changes
    and the field itself is not given. ``value`` takes options in normal form and returns a normal form."""

    options: tuple[str, ...]
    value: Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Field:
    """One field of a resource: ``option`` in playbooks, ``wire`` in the API. docs/architecture.md explains each word.

    What it is:
    ``default``: the value that the server sets on create if the field is not sent, None if it sets nothing.
    ``aliases``: other names of the option. ``required``: must be given on create, unless ``provided_by`` is set.
    ``immutable``: why it cannot be changed once the object exists; no update sends it.
    ``secret``: never returned or displayed, only compared. ``write_only``: the server never returns it, so it cannot be
    compared, and is written again only where the task says so.
    ``derived``: how its value follows from other fields when it is not given.
    ``provided_by``: an option that provides this field if it is set, such as a template: then the field is neither
    accepted nor sent. ``displaces``: the option that the server clears when this one is sent.
    ``variant``: an option and the value of it that this field belongs to. With another value the field is neither
    accepted nor sent, and the server empties it; with this value, a ``required`` field is never empty.
    ``checked_with``: an option and the only value of it with which the server checks this field; with another value the
    field is stored, but admits and rejects nobody.

    When it is sent:
    ``always_sent``: in every create, with its default if it is not given, and in every update, changed or not.
    ``only_when_changed``: only in updates that change it, even if they send all other fields.
    ``unanswered``: no answer to a write contains it. ``omitted_when_none``: no answer contains it if it is none.

    Bounds in addition to those of the value type:
    ``never_above``: the option that is its upper bound unless that is 0.
    ``minimum_on_create``: the minimum on create, if an update may set a lower value.
    ``absent_means``: the value that describes the behaviour of a server without the field. A field with this word is
    newer than 2024-10 and only sent if it is given. ``former_minimum``, ``former_minimum_on_create``,
    ``former_required``: the minimum on an update and on create, and whether the field is required, on a
    server that allows only one auth method per identity.
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
    variant: tuple[str, str] | None = None
    checked_with: tuple[str, str] | None = None
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
        """Whether older servers do not support this field."""
        return self.absent_means is not None

    def argument_spec(self) -> dict[str, Any]:
        """Returns this field's entry of an argument spec. Sets ``no_log`` explicitly if
        the name looks like a secret."""
        spec: dict[str, Any] = dict(self.type.spec)
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        if self.secret or re.search(r"pass(?!ive)|secret|token|key", self.option):
            spec["no_log"] = self.secret
        return spec

    def displayed(self, value: Any) -> Any:
        """Returns a normal form as it is displayed in a diff or a message."""
        return MASKED if self.secret else self.type.displayed(value)

    def is_provided(self, options: Mapping[str, Any]) -> bool:
        """Returns whether another option provides this field in a state."""
        return bool(self.provided_by and options.get(self.provided_by))

    def is_in_variant(self, options: Mapping[str, Any]) -> bool:
        """Returns whether this field belongs to the variant that a state has."""
        return self.variant is None or options.get(self.variant[0]) == self.variant[1]

    def is_checked(self, options: Mapping[str, Any]) -> bool:
        """Returns whether the server checks this field in a state."""
        return self.checked_with is None or options.get(self.checked_with[0]) == self.checked_with[1]

    def immutable_errors(self, before: Any, desired: Any, prefix: str = "") -> list[str]:
        """Returns why ``before`` cannot become ``desired`` on an existing object. Empty if it can."""
        option = prefix + self.option
        if self.immutable and not self.type.same(before, desired):
            was, will_be = self.displayed(before), self.displayed(desired)
            return [f"{option} is {was!r} and cannot become {will_be!r}: {self.immutable}"]
        return self.type.immutable_errors(option, before, desired)


def read_fields(fields: Iterable[Field], wire: Wire) -> Options:
    """Returns the normal forms of the fields in ``wire``, except ``write_only`` ones, for which it can have a
    placeholder. Raises Misshapen for a value that the server cannot have."""
    options = {}
    for one in fields:
        if one.wire in wire and not one.write_only:
            try:
                options[one.option] = one.type.from_wire(wire[one.wire])
            except Misshapen as wrong:
                raise wrong.inside(one.wire) from None
    return options
