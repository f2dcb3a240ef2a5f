# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Shapes of answers: what they accept, and a failure that names route, path and expected value."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Shape,
    boolean,
    checked,
    identifier,
    integer,
    listing,
    mapping,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from tests.unit.tables import RESOURCES

PERSON = record({"id": identifier, "tags": listing(text)}, {"age": integer, "boss": nullable(mapping)})
PEOPLE = record({"people": listing(PERSON)})
FINE = {"people": [{"id": "a", "tags": [], "other": object()}, {"id": "b", "tags": ["x"], "age": 3, "boss": None}]}


def test_an_answer_of_the_right_shape_is_the_answer() -> None:
    answer = Answer(FINE, "GET", "/people")
    assert checked(answer, PEOPLE) is answer


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "GET /people answered without people."),
        ({"people": None}, "answered null as people, where a list is needed."),
        ({"people": {}}, "answered an object as people, where a list is needed."),
        ({"people": ["x"]}, "answered another text as people[0], where an object is needed."),
        ({"people": [{"tags": []}]}, "answered without people[0].id."),
        ({"people": [{"id": "", "tags": []}]}, "answered an empty text as people[0].id, where an id is needed."),
        ({"people": [{"id": "a\n", "tags": []}]}, "as people[0].id, where an id is needed."),
        (
            {"people": [{"id": "a", "tags": ["x", 5]}]},
            "answered a number as people[0].tags[1], where a text is needed.",
        ),
        ({"people": [{"id": "a", "tags": [], "age": True}]}, "answered a boolean as people[0].age"),
        ({"people": [{"id": "a", "tags": [], "age": 2**63}]}, "answered a number as people[0].age"),
        ({"people": [{"id": "a", "tags": [], "boss": "b"}]}, "as people[0].boss, where an object is needed."),
    ],
    ids=str,
)
def test_a_failure_names_route_place_and_what_is_needed(body: dict[str, Any], words: str) -> None:
    with pytest.raises(InfisicalError) as raised:
        checked(Answer(body, "GET", "/people"), PEOPLE)
    assert raised.value.kind == "server" and words in raised.value.message


def test_the_value_itself_is_not_displayed() -> None:
    """The value may be long or secret."""
    with pytest.raises(InfisicalError) as raised:
        checked(Answer({"people": "s3cret"}, "GET", "/people"), PEOPLE)
    assert "s3cret" not in str(raised.value)


def test_a_write_with_an_answer_of_another_shape_may_have_been_carried_out() -> None:
    with pytest.raises(LostAnswer):
        checked(Answer({}, "POST", "/people"), PEOPLE)


@pytest.mark.parametrize(("shape", "wrong"), [(text, 1), (boolean, 1), (integer, 1.5), (integer, "1"), (mapping, [])])
def test_json_types_are_not_taken_for_each_other(shape: Shape, wrong: Any) -> None:
    with pytest.raises(InfisicalError):
        checked(Answer({"x": wrong}, "GET", "/"), record({"x": shape}))


ODD: tuple[Any, ...] = (None, 5, 10**30, "x", ",,", [], {}, [None], [[]], [{}], {"id": 5}, True, float("inf"))


@pytest.mark.parametrize("name", RESOURCES)
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_field_of_any_table_raises_anything_but_a_failure(name: str, odd: Any) -> None:
    resource: Resource = RESOURCES[name]
    for field in resource.fields:
        for wire in ({field.wire: odd}, odd):
            answer = Answer({resource.envelope: wire}, "GET", resource.path)
            try:
                resource.received(answer)
            except InfisicalError as error:
                assert error.kind == "server" and "GET" in error.message
