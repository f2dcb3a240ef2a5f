# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The kind of an option that is a dictionary of fields, which the API keeps and replaces as one object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._kinds import Faults, Kind

NOT_SHOWN = "(not shown)"


@dataclass(frozen=True)
class Parts(Kind):
    """A part that a wish leaves out stays as it is, so an update sends the wish completed by what the server holds.

    What is ``write_only`` cannot be compared and so never differs.
    """

    fields: tuple[Field, ...]
    spec: dict[str, Any]

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        return {
            field.option: field.kind.parse(f"{option}.{field.option}", value[field.option], faults)
            for field in self.fields
            if value.get(field.option) is not None
        }

    def from_wire(self, value: Any) -> Any:
        held = value or {}
        return {field.option: field.kind.from_wire(held[field.wire]) for field in self.fields if field.wire in held}

    def to_wire(self, value: Any) -> Any:
        wire = {field.wire: field.kind.to_wire(value[field.option]) for field in self.fields if field.option in value}
        # What a clearable part is cleared by, as the object is replaced whole.
        return {name: part for name, part in wire.items() if part is not None}

    def same(self, one: Any, other: Any) -> bool:
        """Whether every part of ``other`` is in ``one``."""
        return all(
            field.kind.same(one.get(field.option, ""), other[field.option])
            for field in self.fields
            if field.option in other and not field.write_only
        )

    def settled(self, before: Any, wished: Any) -> Any:
        return {**before, **wished}

    def shown(self, value: Any) -> Any:
        kinds = {field.option: field for field in self.fields}
        return {
            option: NOT_SHOWN if kinds[option].secret else kinds[option].kind.shown(part)
            for option, part in value.items()
        }

    def told(self, value: Any) -> Any:
        return {f.option: value[f.option] for f in self.fields if f.option in value and not f.write_only}

    def missing(self, option: str, wished: Any) -> list[str]:
        return [f"{option}.{one.option}" for one in self.fields if one.required and one.option not in wished]

    def immovable(self, option: str, before: Any, wished: Any) -> Faults:
        return [
            fault
            for field in self.fields
            if field.option in wished and field.option in before
            for fault in field.immovable(before[field.option], wished[field.option], f"{option}.")
        ]


def parts(*fields: Field) -> Parts:
    return Parts(fields, {"type": "dict", "options": {field.option: field.argument_spec() for field in fields}})
