# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hypothesis strategies made from the tables: what can be desired from a state, and how it is spelled and sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import assume, find
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import option_errors
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer
from tests.conftest import PROFILES
from tests.unit.generators import generator
from tests.unit.tables import RESOURCES, known_fields

Wire = dict[str, Any]
ATTEMPTS = 8
"""How often a desired state that breaks a rule of its table is changed in what the rule names."""


@dataclass(frozen=True)
class Change:
    """A thing's state, None when it is absent, and a desired state that the server can fulfil from there."""

    before: Options | None
    desired: Options

    @property
    def after(self) -> Options:
        return {**(self.before or {}), **self.desired}


@st.composite
def desired_states(
    draw: st.DrawFn, resource: Resource, profile: str, held: Options | None = None, *, whole: bool = False
) -> Options:
    """Some of a thing's options, that can be desired while ``held`` is what the server holds (None: nothing); with
    ``whole`` as many as can be given together, each with another value than its default."""
    fields = known_fields(resource, profile)
    required = {one.option for one in fields if held is None and is_required(one, profile)}
    # No test has a template at hand that a drawn id could name.
    templates = {one.provided_by for one in fields} - {""}
    optional = sorted({one.option for one in fields} - required - templates)
    never_empty = required | {one.option for one in fields if one.former_required and profile != "current"}
    some = st.sets(st.sampled_from(optional)) if optional and not whole else st.just(set(optional))
    chosen = required | draw(some)
    for group in resource.rules.get("mutually_exclusive", []):
        chosen -= set(draw(st.permutations(group))[1:])
    desired: Options = {}
    for one in fields:
        if one.option in chosen:
            if held and one.option in held and (one.immutable or draw(st.booleans())):
                desired[one.option] = held[one.option]
            else:
                drawn = values(one, profile)
                unwanted = (
                    [one.default, one.absent_means, "", [], {}] if whole else [""] if one.option in never_empty else []
                )
                desired[one.option] = another_than(draw, drawn, unwanted)
    fit_variant(draw, fields, desired, held, profile)
    for one in fields:
        if one.never_above:
            bound_pair(draw, resource, one, desired, held, profile)
    for _attempt in range(ATTEMPTS):
        errors = option_errors(resource, desired) + resource.state_errors(resulting(resource, held, desired))
        named = [one for one in fields if any(one.option in re.findall(r"\w+", error) for error in errors)]
        if not named:
            break
        repaired = draw(st.sampled_from(named))
        desired.pop(repaired.option, None)
        if repaired.option in required or draw(st.booleans()):
            drawn = values(repaired, profile)
            desired[repaired.option] = draw(
                drawn.filter(lambda value: value != "") if repaired.option in never_empty else drawn
            )
    assume(not option_errors(resource, desired) and not resource.state_errors(resulting(resource, held, desired)))
    return desired


def another_than(draw: st.DrawFn, drawn: st.SearchStrategy[Any], unwanted: list[Any]) -> Any:
    """Draws another value than the unwanted ones, with more attempts than ``filter``."""
    for _attempt in range(ATTEMPTS):
        value = draw(drawn)
        if value not in unwanted:
            return value
    return draw(drawn.filter(lambda value: value not in unwanted))


def fit_variant(draw: st.DrawFn, fields: list[Field], desired: Options, held: Options | None, profile: str) -> None:
    """Takes away what belongs to another variant than the resulting one, and draws what that requires."""
    after = {**(held or {}), **desired}
    for one in (one for one in fields if one.variant):
        if not one.is_in_variant(after):
            desired.pop(one.option, None)
        elif one.required and not after.get(one.option):
            desired[one.option] = draw(values(one, profile).filter(bool))


def values(field: Field, profile: str) -> st.SearchStrategy[Any]:
    """Values of a field; secret ones are such that masking them masks nothing else."""
    if field.secret:
        return st.uuids().map("hidden-{}".format) | (st.just("") if field.default == "" else st.nothing())
    return generator(field.type).values(profile)


def is_required(field: Field, profile: str) -> bool:
    return field.required or (field.former_required and profile != "current")


def following(resource: Resource, desired: Options) -> set[str]:
    """The options whose value may follow from others that are desired."""
    derived = {
        one.option for one in resource.fields if one.derived and any(name in desired for name in one.derived.options)
    }
    displaced = {one.displaces for one in resource.fields if desired.get(one.option)}
    varied = {one.option for one in resource.fields if one.variant and one.variant[0] in desired}
    other = {one.option for one in resource.fields if one.option in varied and not one.is_in_variant(desired)}
    return (derived | displaced | other) - desired.keys()


def resulting(resource: Resource, held: Options | None, desired: Options) -> Options:
    """The state that the server holds once ``desired`` is fulfilled."""
    start = held
    if start is None:
        start = {one.option: one.default for one in resource.fields if one.default is not None}
    after = {**start, **desired}
    for one in resource.fields:
        if one.option in following(resource, desired):
            after[one.option] = one.derived.value(after) if one.derived else (one.default if one.variant else "")
    return after


def bound_pair(
    draw: st.DrawFn, resource: Resource, low: Field, desired: Options, held: Options | None, profile: str
) -> None:
    """Brings what is desired of a bounded pair under the documented rule: not above its bound unless that is 0."""
    high = next(field for field in resource.fields if field.option == low.never_above)
    assert isinstance(low.type, Integer) and isinstance(high.type, Integer)
    start = {low.option: low.default, high.option: high.default} if held is None else held
    # 2024-10 has no maximum of 0 at all, and no lifetime of 0 on attach (server-notes#lifetime-bounds).
    if profile != "current" and desired.get(high.option) == 0:
        desired[high.option] = high.type.maximum
    if profile != "current" and (held is None or low.former_minimum) and desired.get(low.option) == 0:
        desired[low.option] = 1
    value, bound = (desired.get(one, start[one]) for one in (low.option, high.option))
    if not bound or value <= bound:
        return
    if low.option in desired:
        desired[low.option] = draw(st.integers(1, bound))
    else:
        desired[high.option] = draw(st.integers(value, high.type.maximum))


@st.composite
def changes(draw: st.DrawFn, resource: Resource, profile: str, *, absent: bool = True) -> Change:
    """A state and a desired state."""
    before = None if absent and draw(st.booleans()) else draw(desired_states(resource, profile))
    if before is None:
        return Change(None, draw(desired_states(resource, profile)))
    defaults = {one.option: one.default for one in known_fields(resource, profile) if one.default is not None}
    return Change(before, draw(desired_states(resource, profile, {**defaults, **before})))


@cache
def smallest(name: str) -> Options:
    """The least that a thing of a table is created with, on every release."""
    return find(desired_states(RESOURCES[name], PROFILES[-1]), lambda desired: True)


def least_body(name: str) -> Wire:
    """The least that another client creates a thing of a table with."""
    given = {one.option: one.default for one in RESOURCES[name].fields if one.always_sent and one.default is not None}
    given.update(smallest(name))
    return {one.wire: one.type.to_wire(given[one.option]) for one in RESOURCES[name].fields if one.option in given}


@st.composite
def respelled(draw: st.DrawFn, resource: Resource, options: Options) -> Options:
    """All options of a state, each in some spelling."""
    types = {field.option: field.type for field in resource.fields}
    return {option: generator(types[option]).spelled(draw, value) for option, value in options.items()}


@st.composite
def foreign_body(draw: st.DrawFn, resource: Resource, options: Options) -> Wire:
    """A create body as another client may have sent it."""
    given = {one.option: one.default for one in resource.fields if one.always_sent and one.default is not None}
    given.update(options)
    body = {
        one.wire: generator(one.type).foreign(draw, given[one.option])
        for one in resource.fields
        if one.option in given and (given[one.option] != "" or one.always_sent)
    }
    for low in (field for field in resource.fields if field.never_above):
        high = next(field for field in resource.fields if field.option == low.never_above)
        body.setdefault(low.wire, min(low.default, body.get(high.wire) or low.default))
        body.setdefault(high.wire, max(high.default, body[low.wire]))
    return body


def meanings(resource: Resource, wire: Wire) -> dict[str, Any]:
    """What each field of the API's flat form means, by option."""
    return {
        field.option: generator(field.type).meaning(wire[field.wire]) for field in resource.fields if field.wire in wire
    }
