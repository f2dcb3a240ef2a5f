# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The kind of an option that is a dictionary of fields, which the API keeps and replaces as one object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import mapping
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import got
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, read_fields
from ansible_collections.machineid.infisical.plugins.module_utils._model.kinds import Faults, Kind

NOT_SHOWN = "(not shown)"


@dataclass(frozen=True)
class Parts(Kind):
    """A part that a wish leaves out stays as it is, so an update sends the wish completed by what the server holds.

    What is ``write_only`` cannot be compared and so never differs.
    """

    fields: tuple[Field, ...]
    spec: dict[str, Any] = field(default_factory=dict)

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        if not isinstance(value, dict):
            faults.append(f"{option} must be a dictionary, got {got(value)}")
            return {}
        return {
            part.option: part.kind.parse(f"{option}.{part.option}", value[part.option], faults)
            for part in self.fields
            if value.get(part.option) is not None
        }

    def from_wire(self, value: Any) -> Any:
        if value is None:
            return {}
        mapping(value)
        return read_fields(self.fields, value)

    def to_wire(self, value: Any) -> Any:
        wire = {part.wire: part.kind.to_wire(value[part.option]) for part in self.fields if part.option in value}
        # What a clearable part is cleared by, as the object is replaced whole.
        return {name: part for name, part in wire.items() if part is not None}

    def same(self, one: Any, other: Any) -> bool:
        """Whether every part of ``other`` is in ``one``."""
        return all(
            part.kind.same(one.get(part.option, ""), other[part.option])
            for part in self.fields
            if part.option in other and not part.write_only
        )

    def settled(self, before: Any, wished: Any) -> Any:
        return {option: part for option, part in {**before, **wished}.items() if part != ""}

    def shown(self, value: Any) -> Any:
        return {
            part.option: NOT_SHOWN if part.secret else part.kind.shown(value[part.option])
            for part in self.fields
            if part.option in value
        }

    def told(self, value: Any) -> Any:
        told = [part.option for part in self.fields if not part.write_only]
        return {option: value[option] for option in told if value.get(option, "") != ""}

    def missing(self, option: str, wished: Any) -> list[str]:
        return [f"{option}.{part.option}" for part in self.fields if part.required and part.option not in wished]

    def immovable(self, option: str, before: Any, wished: Any) -> Faults:
        return [
            fault
            for part in self.fields
            if part.option in wished and part.option in before
            for fault in part.immovable(before[part.option], wished[part.option], f"{option}.")
        ]


def parts(*fields: Field) -> Parts:
    return Parts(fields, {"type": "dict", "options": {part.option: part.argument_spec() for part in fields}})
