# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the modules matches the tables: ranges, lengths, defaults and required options."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import yaml

from ansible_collections.machineid.infisical.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import VERSION
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import ADVICE
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.key_values import KeyValues
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text, ValueType
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import argument_rules
from tests.conftest import Site
from tests.gates.tree import ROOT
from tests.unit import tables
from tests.unit.specs import options_of
from tests.unit.strategies import least_body, smallest
from tests.unit.tables import AUTH_METHODS, LOOKUPS, MODULES, RESOURCES, text_of

documentation = cache(tables.documentation)
returned = cache(tables.returned)

FIELDS = [(name, field) for name, resource in sorted(RESOURCES.items()) for field in resource.fields]
RANGE = re.compile(r"V\((\d+)\) to V\((\d+)\)")
VALUE = re.compile(r"V\(((?:\\.|[^)\\])*)\)")
SETS = re.compile(r"[Tt]he server sets ((?:V\((?:\\.|[^)\\])*\)(?: and )?)+)")


def said(name: str, field: Field) -> str:
    return text_of(documentation(name)["options"][field.option])


def fields_of(*types: type) -> pytest.MarkDecorator:
    chosen = [(name, field) for name, field in FIELDS if isinstance(field.type, types)]
    return pytest.mark.parametrize(("name", "field"), chosen, ids=[f"{name}-{field.option}" for name, field in chosen])


@fields_of(Integer)
def test_a_range_is_the_tables(name: str, field: Field) -> None:
    assert isinstance(field.type, Integer)
    ranges = RANGE.findall(said(name, field))
    if field.type.maximum is None:
        assert not ranges
    else:
        assert [(int(low), int(high)) for low, high in ranges] == [(field.type.minimum, field.type.maximum)]
        assert (field.type.unit.split(" ")[-1] in said(name, field).lower()) is True


@fields_of(Text)
def test_a_length_is_the_tables(name: str, field: Field) -> None:
    assert isinstance(field.type, Text)
    if field.type.choices or field.type.check is id_error:
        return
    lengths = re.findall(r"at most (\d+) characters", said(name, field))
    assert [int(length) for length in lengths] == ([field.type.maximum_length] if field.type.maximum_length else [])


@fields_of(CommaList)
def test_a_length_of_a_whole_list_is_the_tables(name: str, field: Field) -> None:
    assert isinstance(field.type, CommaList)
    lengths = re.findall(r"(\d+) characters in all", said(name, field))
    assert [int(length) for length in lengths] == ([field.type.maximum_length] if field.type.maximum_length else [])


@fields_of(CommaList, KeyValues)
def test_how_a_list_is_cleared_is_said(name: str, field: Field) -> None:
    if isinstance(field.type, CommaList) and field.type.never_empty:
        assert "must not be empty" in said(name, field).lower() and "V([])" not in said(name, field)
    else:
        assert ("V([])" if isinstance(field.type, CommaList) else "V({})") in said(name, field)


@fields_of(ValueType)
def test_what_is_required_first_is_said(name: str, field: Field) -> None:
    assert ("Required when the method is not attached yet" in said(name, field)) is bool(
        field.required and name in AUTH_METHODS and not field.variant
    )


@pytest.mark.parametrize(("name", "field"), [one for one in FIELDS if one[1].variant])
def test_what_belongs_to_a_variant_is_said(name: str, field: Field) -> None:
    assert field.variant is not None
    says = "Required with" if field.required else "Only with"
    assert f"{says} O({field.variant[0]}={field.variant[1]})" in said(name, field)


@pytest.mark.parametrize("name", AUTH_METHODS)
def test_what_the_server_sets_is_said_and_true(current: Site, name: str) -> None:
    """Compares every default in the documentation and in the table with the behaviour of the server."""
    resource = RESOURCES[name]
    held = resource.read(current.attach(resource.slug, current.identity(), **least_body(name)))
    for field in resource.fields:
        documented = [one for group in SETS.findall(said(name, field)) for one in VALUE.findall(group)]
        if field.option in smallest(name) or field.omitted_when_none:
            continue
        if field.default is not None:
            assert field.type.same(held[field.option], field.default), field.option
        if documented:
            actual = held[field.option] if isinstance(held[field.option], list) else [held[field.option]]
            values = [yaml.safe_dump(one).split("\n")[0].strip("'") for one in actual]
            assert [one.replace("\\)", ")") for one in documented] == values, field.option
        else:
            assert not held[field.option], f"{field.option} has a default that is not said"


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_what_a_table_has_is_what_the_module_takes_and_returns(name: str) -> None:
    options = {field.option for field in RESOURCES[name].fields}
    secret = {field.option for field in RESOURCES[name].fields if field.secret}
    assert options <= set(documentation(name)["options"])
    contained = set(returned(name)[name]["contains"])
    addressed = "identity_id" if "identity_id" in returned(name) else "template_id"
    assert (options | {addressed}) - secret <= contained and not secret & contained
    assert contained <= set(documentation(name)["options"]), "returned keys can be passed as options"
    assert {key for key, _wire in RESOURCES[name].also_returned} <= set(returned(name))


@pytest.mark.parametrize("module", MODULES)
def test_options_are_documented_as_the_spec_has_them(module: str) -> None:
    assert_documented(documentation(module)["options"], options_of(module))


@pytest.mark.parametrize("lookup", sorted(LOOKUPS))
def test_options_of_a_lookup_are_documented_as_the_spec_of_its_task_has_them(lookup: str) -> None:
    assert_documented(documentation(lookup)["options"], argument_rules(LOOKUPS[lookup])["argument_spec"])
    assert set(returned(lookup)) == {"_raw"}


def assert_documented(documented: dict[str, Any], spec: dict[str, Any]) -> None:
    assert set(documented) == set(spec)
    for name, option in spec.items():
        doc = documented[name]
        for key in ("type", "elements", "choices", "default"):
            assert doc.get(key) == option.get(key), f"{name}: {key}"
        assert sorted(doc.get("aliases", [])) == sorted(option.get("aliases", [])), name
        assert bool(doc.get("required")) == bool(option.get("required")), name
        assert set(doc.get("suboptions") or {}) == set(option.get("options") or {}), name


@pytest.mark.parametrize("module", MODULES)
def test_the_kinds_of_failure_are_all_named(module: str) -> None:
    described = " ".join(returned(module)["failure"]["description"])
    kinds = re.findall(r"V\((\w+)\)", described.split("C(kind)")[1].split(".")[0])
    assert sorted(kinds) == sorted(ADVICE)


def test_every_variable_is_named_once_and_no_other() -> None:
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    for option in CONNECTION_OPTIONS:
        variables = {*option.env, *(one for names in option.env_of_method.values() for one in names)}
        lines = [line for line in documented[option.name]["description"] if "hen not given" in line]
        assert set(re.findall(r"E\((\w+)\)", " ".join(lines))) == variables, option.name
    assert set(documented) == {option.name for option in CONNECTION_OPTIONS} | {"login_data"}


def test_there_is_one_version() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == VERSION


def test_every_module_is_in_the_action_group_and_has_its_action() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    assert sorted(runtime["action_groups"]["infisical"]) == MODULES
    assert sorted(path.stem for path in (ROOT / "plugins" / "action").glob("[a-z]*.py")) == MODULES


OF_ANSIBLE = {"ansible_facts", "deprecations", "exception", "invocation", "item", "results", "warnings"}


@pytest.mark.parametrize("module", MODULES)
def test_no_result_key_has_a_meaning_of_its_own_in_ansible(module: str) -> None:
    """For example, ansible-core treats each element of ``results`` as the result of a loop item, and displays it."""
    assert not OF_ANSIBLE & set(returned(module))
