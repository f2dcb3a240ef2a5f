# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Variants: fields that belong to one value of another option, and are empty with its other values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def emptied(fields: Iterable[Field], state: Mapping[str, Any]) -> Options:
    """Returns the fields of ``state`` that belong to another variant, each with the value that the server empties it
    to."""
    return {one.option: one.default for one in fields if one.option in state and not one.is_in_variant(state)}


def variant_errors(
    fields: Iterable[Field], desired: Mapping[str, Any], state: Mapping[str, Any], prefix: str = ""
) -> list[str]:
    """Returns the errors of ``desired`` options that belong to another variant than that of ``state``, and of required
    ones that are empty in it. ``state`` is the resulting state."""
    errors = []
    for one in fields:
        if one.variant is None or one.variant[0] not in state:
            continue
        option, value = one.variant
        if one.is_in_variant(state):
            if one.required and is_empty(state.get(one.option)):
                errors.append(f"{prefix}{one.option} is required with {prefix}{option} {value}")
        elif not is_empty(desired.get(one.option)):
            errors.append(
                f"{prefix}{one.option} must not be given with {prefix}{option} {state[option]}: it belongs to {value}"
            )
    return errors


def given_variant_errors(fields: Iterable[Field], desired: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Returns the errors that ``desired`` has whatever the current state is: options of several variants, and those
    that do not fit the variant that it names."""
    given = [one for one in fields if one.variant and one.option in desired]
    errors = variant_errors(given, desired, desired, prefix)
    for one, other in combinations([one for one in given if not is_empty(desired[one.option])], 2):
        if one.variant and other.variant and one.variant[0] == other.variant[0] and one.variant[0] not in desired:
            if one.variant != other.variant:
                errors.append(
                    f"{prefix}{one.option} and {prefix}{other.option} must not be given together: they belong to"
                    f" {prefix}{one.variant[0]} {one.variant[1]} and {other.variant[1]}"
                )
    return errors
