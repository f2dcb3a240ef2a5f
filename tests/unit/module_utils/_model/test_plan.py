# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan as a pure function: what it does, shows and sends, for every table and for each rule it knows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._model.bounds import bound_errors
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import plan, to_wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from tests.unit.strategies import Change, changes, desired_states, smallest
from tests.unit.tables import RESOURCES

every_table = pytest.mark.parametrize("name", sorted(RESOURCES))

THING = Resource(
    name="thing",
    title="thing",
    path="/",
    envelope="thing",
    fields=(
        Field("name", "name", Text(), required=True),
        Field("list", "list", CommaList(), default=[]),
        Field("size", "size", Integer(0), default=1),
        Field("newer", "newer", Integer(0), absent_means=0),
    ),
)
PARTIAL = Resource(
    name="partial",
    title="partial thing",
    path="/",
    envelope="thing",
    merged_whole=False,
    fields=(
        Field("name", "name", Text(), required=True, always_sent=True),
        Field("list", "list", CommaList(), default=[]),
        Field("size", "size", Integer(0), default=1),
    ),
)
HELD: Wire = {"name": "a", "list": "x, y", "size": 3, "updatedAt": "yesterday"}


def held(resource: Resource, options: Options) -> Wire:
    """The wire form of a whole state, with what the server sets by itself."""
    defaults = {field.option: field.absent_means if field.newer else field.default for field in resource.fields}
    defaults = {option: value for option, value in defaults.items() if value is not None}
    whole = {**defaults, **options}
    derived = {one.option: one.derived.value(whole) for one in resource.fields if one.derived}
    return answered(resource, {**whole, **derived, **options})


def answered(resource: Resource, options: Options) -> Wire:
    """The wire form in which a read returns ``options``: what is cleared by being left out of a body is null."""
    left_out = [one.wire for one in resource.fields if isinstance(one.type, Text) and one.type.cleared_by == "omitted"]
    return {**dict.fromkeys(left_out), **to_wire(resource, options)}


@every_table
@given(data=st.data())
def test_a_fulfilled_desired_plans_nothing(name: str, data: st.DataObject) -> None:
    resource = RESOURCES[name]
    change: Change = data.draw(changes(resource, "current"))
    before = None if change.before is None else held(resource, change.before)
    planned = plan(resource, before, change.desired)
    assert planned.after is not None
    again = plan(resource, {**(before or {}), **answered(resource, planned.after)}, change.desired)
    assert (again.action, again.changed, again.bodies, again.diff()) == ("none", False, (), {"before": {}, "after": {}})


@every_table
@given(data=st.data())
def test_a_plan_writes_if_and_only_if_it_changes_something(name: str, data: st.DataObject) -> None:
    resource = RESOURCES[name]
    change: Change = data.draw(changes(resource, "current"))
    before = None if change.before is None else held(resource, change.before)
    planned = plan(resource, before, change.desired)
    assert planned.changed == bool(planned.bodies) == (planned.action != "none")
    assert planned.changed == (planned.diff()["after"] != planned.diff()["before"])
    if planned.bodies:
        last = resource.read(planned.bodies[-1])
        for field in (field for field in resource.fields if field.option in change.desired and field.option in last):
            assert field.type.same(last[field.option], change.desired[field.option])
    if planned.action == "update":
        diff = planned.diff()
        follow = {field.option for field in resource.fields if field.derived}
        follow |= {field.displaces for field in resource.fields if field.option in change.desired}
        follow |= {field.option for field in resource.fields if field.variant and field.variant[0] in change.desired}
        changed = set(planned.changed_options)
        assert set(diff["before"]) == set(diff["after"]) == changed <= set(change.desired) | follow


@every_table
@given(data=st.data())
def test_absence(name: str, data: st.DataObject) -> None:
    resource = RESOURCES[name]
    options = data.draw(desired_states(resource, "current"))
    gone = plan(resource, held(resource, options), options, present=False)
    assert (gone.action, gone.after, gone.bodies) == ("delete", None, ())
    assert gone.diff()["before"] and gone.diff()["after"] == {}
    assert plan(resource, None, options, present=False).action == "none"


def test_an_update_of_a_whole_sends_everything_that_is_held() -> None:
    planned = plan(THING, HELD, {"size": 4})
    assert planned.bodies == ({"name": "a", "list": "x,y", "size": 4},)
    assert planned.diff() == {"before": {"size": 3}, "after": {"size": 4}}


def test_an_update_in_parts_sends_what_changes_and_what_always_goes_along() -> None:
    assert plan(PARTIAL, HELD, {"size": 4}).bodies == ({"name": "a", "size": 4},)


def test_volatile_fields_are_no_part_of_anything() -> None:
    planned = plan(THING, HELD, {"name": "a"})
    assert not planned.changed and "updatedAt" not in str(planned)


def test_an_empty_list_clears_and_a_list_left_out_stays() -> None:
    assert plan(THING, HELD, {"list": []}).bodies == ({"name": "a", "list": "", "size": 3},)
    assert not plan(THING, HELD, {}).changed


def test_a_list_is_displayed_sorted_so_that_only_elements_differ() -> None:
    planned = plan(THING, HELD, {"list": ["y", "w", "x"]})
    assert planned.diff() == {"before": {"list": ["x", "y"]}, "after": {"list": ["w", "x", "y"]}}


def test_what_is_missing_on_create_is_named() -> None:
    with pytest.raises(InvalidOptions) as raised:
        plan(THING, None, {"size": 3})
    assert "name is required, because thing does not exist yet" in str(raised.value)


def test_a_create_shows_the_servers_deerrors_and_sends_only_the_desired() -> None:
    planned = plan(THING, None, {"name": "a"})
    assert planned.bodies == ({"name": "a"},)
    assert planned.diff() == {"before": {}, "after": {"name": "a", "list": [], "size": 1}}


def test_a_field_the_server_does_not_know_is_rejected_unless_it_behaves_so_already() -> None:
    assert not plan(THING, HELD, {"newer": 0}).changed
    with pytest.raises(InfisicalError) as raised:
        plan(THING, HELD, {"newer": 1})
    assert raised.value.kind == "unsupported_by_server" and "newer" in str(raised.value)
    with pytest.raises(InfisicalError):
        plan(THING, {"name": "a", "size": 3}, {"list": []})
    assert plan(THING, {**HELD, "newer": 0}, {"newer": 1}).changed


def methods_with_bounds() -> list[Any]:
    return [name for name in sorted(RESOURCES) if any(field.never_above for field in RESOURCES[name].fields)]


@pytest.mark.parametrize("name", methods_with_bounds())
@pytest.mark.parametrize(
    ("desired", "notes"),
    [
        ({"access_token_ttl": 20, "access_token_max_ttl": 10}, ["ttl 20 must", "max_ttl 10"]),
        ({"access_token_ttl": 200}, ["ttl 200 must", "max_ttl 100 (the current value)"]),
        ({"access_token_max_ttl": 40}, ["ttl 50 (the current value) must", "max_ttl 40"]),
    ],
)
def test_a_lifetime_above_its_maximum_is_reported_with_where_each_comes_from(
    name: str, desired: Options, notes: list[str]
) -> None:
    resource = RESOURCES[name]
    before = held(resource, {**smallest(name), "access_token_ttl": 50, "access_token_max_ttl": 100})
    with pytest.raises(InvalidOptions) as raised:
        plan(resource, before, desired)
    assert all(note in str(raised.value) for note in notes), str(raised.value)
    if len(desired) == 1 and "access_token_ttl" in desired:
        desired = {"access_token_ttl": 2592001}
        with pytest.raises(InvalidOptions, match=r"max_ttl 2592000 \(the default\)"):
            plan(resource, None, {**smallest(name), **desired})


def test_a_bound_that_is_broken_on_the_server_already_does_not_stop_other_desired_states() -> None:
    resource = RESOURCES["identity_aws_auth"]
    before = held(resource, {"access_token_ttl": 200, "access_token_max_ttl": 100})
    assert not bound_errors(resource, {"access_token_num_uses_limit": 5}, resource.read(before))
    assert plan(resource, before, {"access_token_num_uses_limit": 5}).changed
