# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every table, every state and every desired state, on a server of either release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text
from tests.conftest import PROFILES, Result, Site
from tests.unit.drivers import Subject, subject
from tests.unit.generators import generator
from tests.unit.strategies import Change, Wire, changes, desired_states, following, foreign_body, meanings, respelled
from tests.unit.tables import RESOURCES, served

TABLES = [(name, profile) for name in sorted(RESOURCES) for profile in PROFILES if served(RESOURCES[name], profile)]
every_table = pytest.mark.parametrize(("name", "profile"), TABLES)
Start = Callable[..., Site]


@contextmanager
def fresh_subject(start: Start, name: str, profile: str) -> Iterator[Subject]:
    one = subject(start(profile=profile), RESOURCES[name])
    try:
        yield one
    finally:
        one.gone()


def bounded(resource: Resource) -> set[str]:
    """The options of bounded pairs, which a write may pass through another value to reach
    (server-notes#lowering-the-maximum)."""
    return {option for field in resource.fields if field.never_above for option in (field.option, field.never_above)}


def length(lifetime: int) -> float:
    """How long a lifetime is: 0 has no end."""
    return lifetime or float("inf")


def assert_nothing_else_is_touched(resource: Resource, desired: Options, before: Wire, bodies: list[Wire]) -> None:
    """In none of the updates: neither set to something else, nor left out where the server would reset it."""
    was = meanings(resource, before)
    for body in bodies:
        for field in resource.fields:
            if field.option in desired or field.wire not in before or field.option in following(resource, desired):
                continue
            apart = field.only_when_changed or field.immutable or field.displaces or field.variant
            # None is said by leaving it out.
            none = isinstance(field.type, Text) and field.type.cleared_by == "omitted" and not was[field.option]
            if resource.merged_whole and not (apart or none):
                assert field.wire in body, f"{field.option} was left out, and the server resets what is left out"
            if field.wire in body and field.option not in bounded(resource):
                assert generator(field.type).meaning(body[field.wire]) == was[field.option]


def assert_never_longer(resource: Resource, before: Wire, after: Wire, bodies: list[Wire]) -> None:
    """No update lets tokens live longer than both the state before and the state after do."""
    for field in (field for field in resource.fields if field.never_above):
        allowed = max(length(before[field.wire]), length(after[field.wire]))
        assert all(length(body[field.wire]) <= allowed for body in bodies if field.wire in body)


def recorded(site: Site, method: str) -> list[Wire]:
    return [one["body"] for one in site.requests() if one["method"] == method]


def same_result(resource: Resource, one: Result, other: Result) -> None:
    """What the run answers of each option is what check mode predicts."""
    predicted, answered = one[resource.name], other[resource.name]
    fields = {field.option: field for field in resource.fields}
    for option in predicted.keys() & fields.keys():
        assert fields[option].type.same(answered[option], predicted[option]), option


def holds_desired(field: Field, stored: Wire, desired: Any) -> bool:
    held = stored.get(field.wire) if field.omitted_when_none else stored[field.wire]
    return bool(generator(field.type).meaning(held) == generator(field.type).meaning_of(desired))


@every_table
@given(data=st.data())
def test_check_mode_predicts_what_the_run_does(
    started_sites: Start, name: str, profile: str, data: st.DataObject
) -> None:
    resource = RESOURCES[name]
    change: Change = data.draw(changes(resource, profile))
    with fresh_subject(started_sites, name, profile) as one:
        site = one.site
        if change.before is not None:
            one.create(data.draw(foreign_body(resource, change.before)))
        before = one.stored()

        site.clear_requests()
        checked = site.ok(name, check=True, **{**one.addressed, **change.desired})
        assert site.counts()["writes"] == 0
        assert one.stored() == before

        site.clear_requests()
        done = site.ok(name, **{**one.addressed, **change.desired})
        requests = [one.flat(body) for body in recorded(site, "PATCH")]
        assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
        same_result(resource, checked, done)
        assert done["changed"] == (site.counts()["writes"] > 0)

        one.found(done[one.id_key])
        after = one.stored()
        assert after is not None
        for field in (field for field in resource.fields if field.option in change.desired):
            assert holds_desired(field, after, change.desired[field.option]), field.option
        if before is not None:
            touched = change.desired.keys() | following(resource, change.desired)
            unmentioned = before.keys() & {field.wire for field in resource.fields if field.option not in touched}
            was, is_now = meanings(resource, before), meanings(resource, after)
            fields = {field.wire: field.option for field in resource.fields}
            assert {fields[key]: was[fields[key]] for key in unmentioned} == {
                fields[key]: is_now[fields[key]] for key in unmentioned
            }
            assert_nothing_else_is_touched(resource, change.desired, before, requests)
            assert_never_longer(resource, before, after, requests)

        site.clear_requests()
        again = site.ok(name, **{**one.addressed, **change.desired})
        assert (again["changed"], again["diff"]) == (False, {"before": {}, "after": {}})
        assert site.counts()["writes"] == 0
        assert one.stored() == after


@every_table
@given(data=st.data())
def test_another_spelling_is_no_change(started_sites: Start, name: str, profile: str, data: st.DataObject) -> None:
    resource = RESOURCES[name]
    state: Options = data.draw(desired_states(resource, profile))
    with fresh_subject(started_sites, name, profile) as one:
        one.create(data.draw(foreign_body(resource, state)))
        before = one.stored()
        assert before is not None
        held = {option: value for option, value in state.items() if option not in bounded(resource)}
        spelling = data.draw(respelled(resource, held))
        for option in bounded(resource) & state.keys():
            wire = next(field.wire for field in resource.fields if field.option == option)
            spelling[option] = str(before[wire])
        one.site.clear_requests()
        result = one.site.ok(name, **{**one.addressed, **spelling})
        assert not result["changed"], result["diff"]
        assert one.site.counts()["writes"] == 0


@every_table
@given(data=st.data())
def test_the_result_can_be_given_back(started_sites: Start, name: str, profile: str, data: st.DataObject) -> None:
    """Terraform and this collection return what they take: feeding a result back changes nothing."""
    resource = RESOURCES[name]
    with fresh_subject(started_sites, name, profile) as one:
        result = one.site.ok(name, **{**one.addressed, **data.draw(desired_states(resource, profile))})
        one.found(result[one.id_key])
        returned = {option: value for option, value in result[name].items() if value is not None}
        again = one.site.ok(name, **{**one.addressed, **returned})
        assert not again["changed"], again["diff"]
        assert again[name] == result[name]


@every_table
@given(data=st.data())
def test_absent_takes_away_and_then_does_nothing(
    started_sites: Start, name: str, profile: str, data: st.DataObject
) -> None:
    resource = RESOURCES[name]
    with fresh_subject(started_sites, name, profile) as one:
        desired = {**data.draw(desired_states(resource, profile)), "delete_protection": False}
        one.create(
            data.draw(foreign_body(resource, {key: desired[key] for key in desired if key != "delete_protection"}))
        )
        options = {**one.addressed, "state": "absent"}
        checked = one.site.ok(name, check=True, **options)
        assert one.stored() is not None
        done = one.site.ok(name, **options)
        assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
        assert done["changed"] and done["diff"]["before"] and not done["diff"]["after"]
        assert name not in done
        one.removed()
        assert one.stored() is None
        one.site.clear_requests()
        assert not one.site.ok(name, **options)["changed"]
        assert one.site.counts()["writes"] == 0
