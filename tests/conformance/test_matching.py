# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds the comparison itself to seeing what differs: a runner that sees nothing would hold anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.matching import differences, fill

UUID = "0a1b2c3d-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({"id": "<uuid>"}, {"id": UUID}),
        ({"at": "<time>"}, {"at": "2024-10-10T00:00:00.000Z"}),
        ({"id": "<not 1>"}, {"id": "2"}),
        ({"gone": "<absent>"}, {}),
        ({"cleared": "<nothing>"}, {"cleared": None}),
        ({"cleared": "<nothing>"}, {}),
        ({"any": "<any>"}, {"any": [1, {"a": None}]}),
        ([{"a": 1}, 2], [{"a": 1}, 2]),
        (None, None),
    ],
)
def test_same(expected: Any, got: Any) -> None:
    assert differences(expected, got, exact=True) == []


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({"id": "<uuid>"}, {"id": UUID.upper()}),
        ({"id": "<uuid>"}, {"id": None}),
        ({"at": "<time>"}, {"at": "2024-10-10T00:00:00Z"}),
        ({"id": "<not 1>"}, {"id": "1"}),
        ({"gone": "<absent>"}, {"gone": None}),
        ({"cleared": "<nothing>"}, {"cleared": "x"}),
        ({"a": 1}, {}),
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {"a": True}),
        ({"a": 0}, {"a": None}),
        ({"a": {}}, {"a": []}),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ({}, None),
        (None, {}),
    ],
)
def test_different(expected: Any, got: Any) -> None:
    assert differences(expected, got, exact=False)


def test_only_an_exact_comparison_minds_further_fields() -> None:
    assert differences({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, exact=False) == []
    assert differences({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, exact=True) == ["body.a.c: not expected, got 2"]


def test_placeholders_keep_the_type_of_their_value() -> None:
    variables = {"number": 5, "object": {"a": "{number}"}, "word": "ab"}
    wanted = {"<with>": "{object}", "b": "{number} of {word|upper}", "{word}": "<x times 3>", "c": "{{word}} {not json"}
    assert fill(wanted, variables) == {"a": 5, "b": "5 of AB", "ab": "xxx", "c": "{{word}} {not json"}
