# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan: a pure function of current and desired state. Check mode displays it, and a run applies it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._model.bounds import bound_errors, steps
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import (
    MASKED,
    MASKED_CHANGE,
    Field,
    Options,
    Wire,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import LEFT_OUT
from ansible_collections.machineid.infisical.plugins.module_utils._model.variants import (
    emptied,
    given_variant_errors,
    variant_errors,
)


@dataclass(frozen=True)
class Plan:
    """``action`` is one of none, create, update, delete. ``before`` and ``after`` are complete states, None if the
    object is absent; ``changed_options`` are the differences. ``bodies`` are the writes in order, empty unless create
    or update, and ``stages`` are the complete states after each of them: the last one is ``after``.
    """

    resource: Resource
    action: str
    before: Options | None
    after: Options | None
    bodies: tuple[Wire, ...] = ()
    stages: tuple[Options, ...] = ()
    changed_options: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.action != "none"

    def stage_before(self, number: int) -> Options | None:
        """Returns the complete state before the write with this number."""
        return self.stages[number - 1] if number else self.before

    def diff(self) -> dict[str, Options]:
        """Returns the changed options before and after. Lists are sorted, so that only changed elements differ."""
        return {"before": self._displayed(self.before), "after": self._displayed(self.after, after=True)}

    def _displayed(self, options: Options | None, *, after: bool = False) -> Options:
        if options is None or not self.changed:
            return {}
        names = self.changed_options if self.action == "update" else tuple(options)
        fields = {one.option: one for one in self.resource.fields}
        masked = MASKED_CHANGE if after and self.action == "update" else MASKED
        return {
            name: masked if fields[name].secret else fields[name].displayed(options[name])
            for name in names
            if name in options
        }


def plan(
    resource: Resource, current: Wire | None, desired: Options, *, present: bool = True, resent: Sequence[str] = ()
) -> Plan:
    """Returns the plan that changes ``current`` (flat wire form, None if absent) to ``desired``.

    ``resent`` are options that are written even without a visible difference, because the server never returns them.
    Raises InvalidOptions for a desired state that is not valid for the current one, and InfisicalError of kind
    ``unsupported_by_server`` for a field that the server does not support.
    """
    before = None if current is None else resource.read(current)
    if not present:
        return Plan(resource, "none" if before is None else "delete", before, None)
    if before is None:
        return planned_create(resource, desired)
    return planned_update(resource, before, desired, resent)


def planned_create(resource: Resource, desired: Options) -> Plan:
    missing = [
        one.option
        for one in resource.fields
        if one.required and one.option not in desired and not one.is_provided(desired) and one.is_in_variant(desired)
    ]
    for one in resource.fields:
        if one.option in desired:
            missing += one.type.missing(one.option, desired[one.option])
    errors = [f"{option} is required, because {resource.title} does not exist yet" for option in missing]
    errors += [provided(one) for one in resource.fields if one.option in desired and one.is_provided(desired)]
    if errors:
        raise InvalidOptions(errors)
    defaults = {
        one.option: one.default
        for one in resource.fields
        if one.default is not None and not one.newer and not one.is_provided(desired)
    }
    types = {one.option: one.type for one in resource.fields}
    after = {**defaults, **{name: types[name].created(value) for name, value in desired.items()}}
    after.update(derived_values(resource, after, desired, after))
    check_state(resource, desired, after, "the default")
    # Both values of a bounded pair are always sent together, because the server compares a missing one with its
    # default.
    sent_anyway = {name for one in resource.fields if one.never_above for name in (one.option, one.never_above)}
    sent_anyway |= {one.option for one in resource.fields if one.always_sent}
    sent = {
        one.option: after[one.option]
        for one in resource.fields
        if one.option in sent_anyway or (one.option in desired and not is_none(one, desired[one.option]))
        if one.option in after and one.is_in_variant(after)
    }
    return planned_writes(resource, "create", None, after, sent, tuple(after))


def is_none(field: Field, value: Any) -> bool:
    """Returns whether a value means none, which new objects have anyway, and which would clear the displaced field."""
    return bool(value == "" and (field.displaces or field.type.to_wire(value) in (None, LEFT_OUT)))


def planned_update(resource: Resource, before: Options, desired: Options, resent: Sequence[str] = ()) -> Plan:
    fields = {one.option: one for one in resource.fields if one.option in desired}
    known = {name: one for name, one in fields.items() if name in before or one.write_only}
    for name, one in fields.items():
        if name in known:
            continue
        if not one.newer:
            require_complete_read(resource, before)
        if not one.newer or not one.type.same(one.absent_means, desired[name]):
            raise unknown_field(resource, one)
    resulting = {**before, **desired}
    changed = [
        name
        for name, one in known.items()
        if name in resent or (name in before and not one.type.same(before[name], desired[name]))
    ]
    errors = immutable_errors(resource, before, desired)
    errors += [
        provided(one)
        for name, one in fields.items()
        # What is provided from now on may be anything, also where the value given is the one there is.
        if one.is_provided(resulting) and (name in changed or one.provided_by in changed)
    ]
    if errors:
        raise InvalidOptions(errors)
    if not changed:
        return Plan(resource, "none", before, before)
    require_complete_read(resource, before)
    after = {**before, **{name: known[name].type.merged(before.get(name), desired[name]) for name in changed}}
    for one in resource.fields:
        if one.displaces in before and one.option in changed and after[one.option]:
            after[one.displaces] = ""
    after.update(derived_values(resource, after, desired, changed))
    after.update(emptied(resource.fields, after))
    types = {one.option: one.type for one in resource.fields}
    changed += [name for name in before if name not in changed and not types[name].same(before[name], after[name])]
    # The values that a new template provides are unknown until the server has copied them.
    after = {
        one.option: after[one.option]
        for one in resource.fields
        if one.option in after and not (one.is_provided(after) and one.provided_by in changed)
    }
    check_state(resource, desired, after, "the current value")
    return planned_writes(resource, "update", before, after, sent_of_update(resource, before, after, changed), changed)


def derived_values(resource: Resource, after: Options, desired: Options, changed: Container[str]) -> Options:
    """Returns the values that are derived from ``changed`` options, for fields that are not given
    and that the server supports."""
    return {
        one.option: one.derived.value(after)
        for one in resource.fields
        if one.derived and one.option not in desired and one.option in after and not one.is_provided(after)
        if any(option in changed for option in one.derived.options)
    }


def sent_of_update(resource: Resource, before: Options, after: Options, changed: Sequence[str]) -> Options:
    """Returns what an update sends: the merged whole, or only changed and always sent fields; neither with fields that
    it must not send."""
    sent = {}
    for one in resource.fields:
        name = one.option
        if name not in after or one.immutable or one.is_provided(after) or not one.is_in_variant(after):
            continue
        if one.displaces and not after[name] and not (before.get(name) and not after.get(one.displaces)):
            # Sending it, even empty, would clear the other one.
            continue
        whole = resource.merged_whole and not one.only_when_changed
        if name in changed or one.always_sent or whole:
            sent[name] = after[name]
    return sent


def provided(field: Field) -> str:
    return f"{field.option} must not be set with {field.provided_by}, which provides it"


def planned_writes(
    resource: Resource, action: str, before: Options | None, after: Options, sent: Options, changed: Sequence[str]
) -> Plan:
    """Returns the plan of a create or update that sends ``sent``, with as many writes as the server requires."""
    taken = steps(resource, after, before)
    bodies = tuple(to_wire(resource, {**sent, **step}) for step in taken)
    stages = tuple({**after, **step} for step in taken)
    return Plan(resource, action, before, after, bodies, stages, tuple(changed))


def require_complete_read(resource: Resource, before: Options) -> None:
    """Raises InfisicalError if a field that an update must contain was missing in the answer,
    because it would be cleared."""
    unread = [
        one.option
        for one in resource.fields
        if one.option not in before
        and not (one.newer or one.write_only or one.only_when_changed or one.immutable or one.is_provided(before))
        and one.is_in_variant(before)
    ]
    if resource.merged_whole and unread:
        raise InfisicalError(
            "server",
            f"The server's answer lacks {' and '.join(unread)} of {resource.title}. An update has to send every field,"
            " because the server clears what is left out.",
            advice="Nothing was changed. Check the server's log, and whether a proxy alters answers.",
        )


def immutable_errors(resource: Resource, before: Options, desired: Options) -> list[str]:
    """Returns the desired changes that are impossible on an existing object, each with the reason."""
    fields = [field for field in resource.fields if field.option in desired and field.option in before]
    return [error for field in fields for error in field.immutable_errors(before[field.option], desired[field.option])]


def unknown_field(resource: Resource, field: Field) -> InfisicalError:
    return InfisicalError(
        "unsupported_by_server", f"This server's {resource.title} has no {field.option}; nothing was changed."
    )


def to_wire(resource: Resource, options: Options) -> Wire:
    wire = {one.wire: one.type.to_wire(options[one.option]) for one in resource.fields if one.option in options}
    return {name: value for name, value in wire.items() if value is not LEFT_OUT}


def check_state(resource: Resource, desired: Options, after: Options, origin: str) -> None:
    errors = bound_errors(resource, desired, after, origin) + variant_errors(resource.fields, desired, after)
    for one in resource.fields:
        if one.option in desired and one.option in after:
            errors += one.type.state_errors(one.option, desired[one.option], after[one.option])
    errors += resource.state_errors(after)
    if errors:
        raise InvalidOptions(errors)


def option_errors(resource: Resource, desired: Options) -> list[str]:
    """Returns the validation errors of combinations of the given options, independent of the current state."""
    given = [one for one in resource.fields if desired.get(one.option) and desired.get(one.displaces)]
    pairs = dict.fromkeys(tuple(sorted((one.option, one.displaces))) for one in given)
    errors = bound_errors(resource, desired, desired) + given_variant_errors(resource.fields, desired)
    return errors + [
        f"{one} and {other} must not be given together: the server keeps one of them" for one, other in pairs
    ]
