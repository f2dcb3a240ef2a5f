# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The value type of an option with nested options, which the API stores and replaces as one object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import mapping
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import got
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, read_fields
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import LEFT_OUT, Errors, ValueType
from ansible_collections.machineid.infisical.plugins.module_utils._model.variants import (
    given_variant_errors,
    variant_errors,
)


@dataclass(frozen=True)
class Nested(ValueType):
    """A nested option that is not given does not change, so an update sends the given ones merged with the current
    ones, and with the ``default`` of those that neither has: the server would reset what is left out.

    A ``write_only`` field cannot be compared, so it never differs.
    """

    fields: tuple[Field, ...]
    spec: dict[str, Any] = field(default_factory=dict)

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        if not isinstance(value, dict):
            errors.append(f"{option} must be a dictionary, got {got(value)}")
            return {}
        parsed = {
            part.option: part.type.parse(f"{option}.{part.option}", value[part.option], errors)
            for part in self.fields
            if value.get(part.option) is not None
        }
        errors.extend(given_variant_errors(self.fields, parsed, f"{option}."))
        return parsed

    def from_wire(self, value: Any) -> Any:
        if value is None:
            return {}
        mapping(value)
        variant = read_fields([part for part in self.fields if part.variant is None], value)
        # An answer may have placeholders for what belongs to another variant.
        return read_fields([part for part in self.fields if part.is_in_variant(variant)], value)

    def to_wire(self, value: Any) -> Any:
        wire = {part.wire: part.type.to_wire(value[part.option]) for part in self.fields if part.option in value}
        # The value that clears a nested option, because the object is replaced as a whole.
        return {name: part for name, part in wire.items() if part is not None and part is not LEFT_OUT}

    def same(self, one: Any, other: Any) -> bool:
        """Returns whether every nested option of ``other`` is the same in ``one``."""
        return all(
            part.type.same(one.get(part.option, ""), other[part.option])
            for part in self.fields
            if part.option in other and not part.write_only
        )

    def merged(self, before: Any, desired: Any) -> Any:
        merged = {**before, **desired}
        defaults = {part.option: part.default for part in self.fields if part.default is not None}
        own = [part.option for part in self.fields if part.is_in_variant(merged)]
        return {option: value for option, value in {**defaults, **merged}.items() if option in own}

    def created(self, desired: Any) -> Any:
        return self.merged({}, desired)

    def displayed(self, value: Any) -> Any:
        return {part.option: part.displayed(value[part.option]) for part in self.fields if part.option in value}

    def returned(self, value: Any) -> Any:
        returned = [part.option for part in self.fields if not (part.write_only or part.secret)]
        return {option: value[option] for option in returned if value.get(option, "") != ""}

    def missing(self, option: str, desired: Any) -> list[str]:
        own = [part for part in self.fields if part.required and part.is_in_variant(desired)]
        return [f"{option}.{part.option}" for part in own if part.option not in desired]

    def state_errors(self, option: str, desired: Any, state: Any) -> Errors:
        return variant_errors(self.fields, desired, state, f"{option}.")

    def immutable_errors(self, option: str, before: Any, desired: Any) -> Errors:
        return [
            error
            for part in self.fields
            if part.option in desired and part.option in before
            for error in part.immutable_errors(before[part.option], desired[part.option], f"{option}.")
        ]


def nested(*fields: Field) -> Nested:
    return Nested(fields, {"type": "dict", "options": {part.option: part.argument_spec() for part in fields}})
