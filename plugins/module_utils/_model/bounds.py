# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Pairs of options in which one bounds the other, such as a lifetime and its maximum."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource


def bound_errors(resource: Resource, desired: Options, after: Options, origin: str = "") -> list[str]:
    """Returns the errors of pairs in which one option bounds another. ``origin``
    describes values that are not given."""
    errors = []
    for field in resource.fields:
        if field.never_above is None or field.option not in after or field.never_above not in after:
            continue
        value, bound = after[field.option], after[field.never_above]
        if bound and value > bound and (field.option in desired or field.never_above in desired):
            notes = ["" if name in desired else f" ({origin})" for name in (field.option, field.never_above)]
            errors.append(f"{field.option} {value}{notes[0]} must not be above {field.never_above} {bound}{notes[1]}")
    return errors


def steps(resource: Resource, after: Options, before: Options | None) -> list[dict[str, Any]]:
    """Returns the values of each bounded pair, write by write. The last write always contains the desired values.

    One write is enough unless the server's own comparison would reject a valid pair
    (server-notes#lowering-the-maximum): it uses the stored maximum for a lifetime of 0, and the stored lifetime for a
    maximum of 0.
    """
    last: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for field in resource.fields:
        if field.never_above is None or field.option not in after or field.never_above not in after:
            continue
        value, bound = after[field.option], after[field.never_above]
        last = {field.option: value, field.never_above: bound}
        maximum = next(f for f in resource.fields if f.option == field.never_above)
        if before is None:
            if bound == 0 and (value > 0 or (maximum.minimum_on_create or 0) > 0):
                first = {field.option: value, field.never_above: value or maximum.default}
        else:
            old_value, old_bound = before[field.option], before[field.never_above]
            if value == 0 and 0 < bound < max(old_value, old_bound):
                first = {field.option: bound, field.never_above: bound}
            elif bound == 0 and 0 < old_bound < value:
                first = {field.option: value, field.never_above: value}
    return [first, last] if first else [last]
