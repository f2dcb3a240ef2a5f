# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Value types: what is rejected and in which words, normal forms, comparison, and the way to the API and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import Misshapen
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid, uuid_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.key_values import KeyValues
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList, Networks
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import (
    Boolean,
    Integer,
    Text,
    ValueType,
)
from tests.unit.generators import generator
from tests.unit.tables import RESOURCES

FIELDS = [(name, field.option) for name, resource in sorted(RESOURCES.items()) for field in resource.fields]
every_field = pytest.mark.parametrize(("name", "option"), FIELDS)


def field_of(name: str, option: str) -> Field:
    return next(field for field in RESOURCES[name].fields if field.option == option)


def parsed(value_type: ValueType, value: Any) -> tuple[Any, list[str]]:
    errors: list[str] = []
    return value_type.parse("option", value, errors), errors


def typed(value_type: ValueType, value: Any) -> Any:
    """A spelling as core's validator hands it on: the right type, a comma-joined string already a list."""
    resource = Resource("thing", "thing", "thing", (Field("it", "it", value_type),))
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    result = ArgumentSpecValidator(resource.argument_spec()).validate({"it": value})
    assert not result.error_messages
    return result.validated_parameters["it"]


@every_field
@given(data=st.data())
def test_a_normal_form_is_its_own_normal_form(name: str, option: str, data: st.DataObject) -> None:
    value_type = field_of(name, option).type
    value = data.draw(generator(value_type).values("current"))
    normal, errors = parsed(value_type, value)
    assert not errors
    assert value_type.same(normal, value)
    assert parsed(value_type, normal) == (normal, [])


@every_field
@given(data=st.data())
def test_every_spelling_has_the_same_normal_form(name: str, option: str, data: st.DataObject) -> None:
    value_type = field_of(name, option).type
    value = data.draw(generator(value_type).values("current"))
    normal, errors = parsed(value_type, typed(value_type, generator(value_type).spelled(data.draw, value)))
    assert not errors
    assert value_type.same(normal, value) and value_type.same(value, normal)
    assert value_type.displayed(normal) == value_type.displayed(parsed(value_type, value)[0])


@every_field
@given(data=st.data())
def test_the_api_gets_what_is_meant_and_it_is_understood_when_it_comes_back(
    name: str, option: str, data: st.DataObject
) -> None:
    field = field_of(name, option)
    value = data.draw(generator(field.type).values("current"))
    assert generator(field.type).meaning(field.type.to_wire(value)) == generator(field.type).meaning_of(value)
    assert field.type.same(field.type.from_wire(generator(field.type).foreign(data.draw, value)), value)


@every_field
@given(data=st.data())
def test_two_values_are_the_same_only_if_they_mean_the_same(name: str, option: str, data: st.DataObject) -> None:
    field = field_of(name, option)
    one, other = (data.draw(generator(field.type).values("current")) for _turn in range(2))
    same = generator(field.type).meaning_of(one) == generator(field.type).meaning_of(other)
    assert field.type.same(one, other) is field.type.same(other, one) is same


@pytest.mark.parametrize(
    ("value_type", "value", "error"),
    [
        (Integer(0, 9, "seconds"), -1, "option must be 0 to 9 seconds, got -1"),
        (Integer(0, 9, "seconds"), 10, "option must be 0 to 9 seconds, got 10"),
        (Integer(1), 0, "option must be at least 1, got 0"),
        (Text(), "  ", "option must not be empty"),
        (Text(maximum_length=3), "abcd", "option must be at most 3 characters, got 4"),
        (Text(check=lambda text: "must be nice"), "x", "option must be nice"),
        (CommaList(), ["", " ", ","], "option contains only blank elements; to clear the list, set an empty list, []"),
        (CommaList(lambda item: "is odd"), ["a", "b,c"], "option[0] is odd, got 'a'"),
        (CommaList(maximum_length=3), ["ab", "cd"], "option must be at most 3 characters in all, got 5"),
        (Networks(), [], "option must not be empty; to trust every address, set ['0.0.0.0/0', '::/0']"),
        (Networks(), [" "], "option contains only blank elements; to trust every address, set"),
        (Networks(), ["10.0.0.1", "nowhere"], "option[1] must be an IPv4 or IPv6 address"),
        (KeyValues(), {"": "x"}, "option: a key must not be empty"),
        (KeyValues(), {"team": None}, "option.team must not be empty"),
    ],
)
def test_what_is_wrong_is_said_with_option_element_and_value(value_type: ValueType, value: Any, error: str) -> None:
    _normal, errors = parsed(value_type, value)
    assert any(one.startswith(error) for one in errors), errors


@pytest.mark.parametrize(
    ("value_type", "value"),
    [(Integer(0, 9), 0), (Integer(0, 9), 9), (Integer(1), 2**62), (Text(maximum_length=3), "abc"),
     (CommaList(maximum_length=5), ["ab", "cd"]), (CommaList(), []), (KeyValues(), {}), (Boolean(), False)],
)  # fmt: skip
def test_the_bounds_themselves_are_allowed(value_type: ValueType, value: Any) -> None:
    assert parsed(value_type, value) == (value, [])


def test_every_invalid_element_of_a_list_is_named_not_just_the_first() -> None:
    _normal, errors = parsed(Networks(), ["10.0.0.0/33", "10.0.0.1", "010.0.0.1", "host"])
    assert [error.split(" ")[0] for error in errors] == ["option[0]", "option[2]", "option[3]"]


def test_a_joined_string_names_its_element_by_the_string_it_came_in() -> None:
    _normal, errors = parsed(CommaList(lambda item: None if item == "a" else "is odd"), ["a", "a,x,y"])
    assert errors == ["option[1] is odd, got 'x'", "option[1] is odd, got 'y'"]


def test_a_prefix_that_the_server_stores_apart_is_joined_to_its_address_again() -> None:
    """Sent back as stored, a network would become a single host (server-notes#networks-sent-back-as-read)."""
    stored = [{"ipAddress": "10.0.0.0", "type": "ipv4", "prefix": 8}, {"ipAddress": "::", "type": "ipv6", "prefix": 0}]
    assert Networks().to_wire(Networks().from_wire(stored)) == [{"ipAddress": "10.0.0.0/8"}, {"ipAddress": "::/0"}]


def test_an_element_that_names_no_address_is_rejected() -> None:
    """A misspelt key must not shorten an allowlist without a word."""
    _normal, errors = parsed(Networks(), ["10.0.0.1", {"ip": "10.0.0.0/8"}])
    assert errors


def test_an_empty_list_is_read_as_the_server_stores_it() -> None:
    assert CommaList().from_wire("") == []
    assert CommaList(empty=None).from_wire(None) == []


@pytest.mark.parametrize("stored", [None, " ", ",", ",,", " , ", 5, ["a"], {}, True])
def test_what_is_no_list_is_not_read_as_an_empty_one(stored: Any) -> None:
    """An update that carries it would open the identity to everybody."""
    with pytest.raises(Misshapen):
        CommaList().from_wire(stored)


@pytest.mark.parametrize(
    "stored", [None, [], "10.0.0.0/8", [None], [{}], [{"ipAddress": 5}], [{"ipAddress": "10.0.0.0", "prefix": "8"}]]
)
def test_what_is_no_list_of_addresses_is_not_read_as_one(stored: Any) -> None:
    with pytest.raises(Misshapen):
        Networks().from_wire(stored)


@pytest.mark.parametrize("stored", [None, True, "", "x", [], {}, 10**19, float("inf"), float("nan")])
def test_what_is_no_number_is_not_read_as_one(stored: Any) -> None:
    with pytest.raises(Misshapen):
        Integer(0).from_wire(stored)


def test_an_empty_list_is_sent_as_the_server_stores_it() -> None:
    assert CommaList().to_wire([]) == ""
    assert CommaList(empty=None).to_wire([]) is None


def test_uuids_are_lower_case_and_nothing_else_is() -> None:
    text = "3C90C3CC-0D44-4B50-8888-8DD25736052A"
    assert lower_uuid(text) == text.lower()
    assert lower_uuid("Role-A") == "Role-A"
    assert uuid_error(text) is None
    for wrong in ("", "3c90c3cc", text + "0", f"{text}\n", text.replace("-", "")):
        assert uuid_error(wrong) is not None


def test_a_list_that_is_never_empty_is_rejected_where_it_is() -> None:
    least = CommaList(never_empty=True)
    assert parsed(least, ["a", " "]) == (["a"], [])
    assert parsed(least, [])[1] == ["option must not be empty"]
    assert parsed(least, [" "])[1] == ["option contains only blank elements; it must not be empty"]
    for held in ("", " , "):
        with pytest.raises(Misshapen):
            least.from_wire(held)


def test_null_is_an_empty_list_only_where_the_server_answers_it() -> None:
    """Elsewhere it would be sent back as an empty list, which admits everybody."""
    assert CommaList(nullable=True).from_wire(None) == CommaList(empty=None).from_wire(None) == []
    assert CommaList(nullable=True).to_wire([]) == ""
    with pytest.raises(Misshapen):
        CommaList().from_wire(None)


def test_how_the_lines_of_a_text_end_means_nothing() -> None:
    pem = Text(cleared_by="empty", several_lines=True)
    assert parsed(pem, " one\r\ntwo \n\nthree\r\n") == ("one\ntwo\n\nthree", [])
    assert pem.from_wire("one\r\ntwo \n\nthree\n") == "one\ntwo\n\nthree"
