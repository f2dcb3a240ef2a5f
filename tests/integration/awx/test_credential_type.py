# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The credential type matches the table of the connection options, and is accepted by AWX."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import CONNECTION_SPEC
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import (
    CONNECTION_OPTIONS,
    ConnectionOption,
)
from tests.gates import credential_type, generated

from ..harness import ROOT
from . import controller

TYPE = controller.data("credential_type.yml")
FIELDS: dict[str, dict[str, Any]] = {field["id"]: field for field in TYPE["inputs"]["fields"]}
INJECTORS = TYPE["injectors"]
OPTIONS = {option.name: option for option in CONNECTION_OPTIONS}
GIVEN = [option for option in CONNECTION_OPTIONS if option.name not in credential_type.LEFT_OUT]
"""Returns the options that have a field."""


def variables(option: ConnectionOption) -> set[str]:
    return {*option.env, *itertools.chain(*option.env_of_method.values())}


def params(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> dict[str, Any]:
    """Returns the options of a task without options in this environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = ArgumentSpecValidator(CONNECTION_SPEC).validate({})
    assert not result.error_messages
    found: dict[str, Any] = result.validated_parameters
    return found


def test_the_file_is_what_the_table_makes_of_it() -> None:
    documented = generated.documentation(ROOT / "plugins/doc_fragments/connection.py")["options"]
    assert (controller.DATA / "credential_type.yml").read_text() == credential_type.text(documented)


def test_every_option_is_a_field_or_left_out_with_a_reason() -> None:
    assert credential_type.LEFT_OUT.keys() <= OPTIONS.keys() and all(credential_type.LEFT_OUT.values())
    assert [credential_type.field_id(option) for option in GIVEN] == list(FIELDS)


def test_every_variable_is_one_that_the_modules_read() -> None:
    """No two fields share a variable."""
    owner = {name: option for option in GIVEN for name in variables(option)}
    assert [owner[name].name for name in INJECTORS["env"]] == [option.name for option in GIVEN]


def test_what_is_secret_in_the_table_is_secret_in_awx() -> None:
    secrets = {credential_type.field_id(option) for option in GIVEN if option.secret}
    secrets |= {"client_certificate_key", "tls_certificate_key"}
    assert {name for name, field in FIELDS.items() if field.get("secret")} == secrets


@pytest.mark.parametrize("option", GIVEN, ids=lambda option: str(option.name))
def test_one_field_alone_gives_one_option_alone(
    option: ConnectionOption, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All other fields are empty, and their variables are set nevertheless."""
    bare = params(monkeypatch, {})
    value = "false" if option.type == "bool" else "ldap_auth" if option.name == "auth_method" else "filled in"
    environment = controller.injected(TYPE, {credential_type.field_id(option): value}, tmp_path)
    assert len([one for one in environment.values() if one]) == 1
    found = params(monkeypatch, environment)
    if option.env_of_method:
        assert option.from_environment(next(iter(option.env_of_method))) == value and found == bare
        return
    changed = {name: found[name] for name in found if found[name] != bare[name]}
    assert list(changed) == [option.name]
    read = Path(changed[option.name]).read_text() if option.name in credential_type.FILES else changed[option.name]
    assert read == (False if option.type == "bool" else value)


def test_an_empty_credential_is_no_credential(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare = params(monkeypatch, {})
    environment = controller.injected(TYPE, dict.fromkeys(FIELDS, ""), tmp_path)
    assert environment.keys() == INJECTORS["env"].keys() and not any(environment.values())
    assert params(monkeypatch, environment) == bare


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_awx_accepts_the_field(field: dict[str, Any]) -> None:
    assert field.keys() <= {"id", "type", "label", "help_text", "multiline", "secret", "choices", "default"}
    assert re.fullmatch("[a-zA-Z_][a-zA-Z0-9_]*", field["id"]) and field["id"] != "tower"
    # AWX treats an empty boolean as false, which must not happen to `validate_certs`.
    assert field["type"] == "string"
    # An empty answer is not one of the choices. AWX rejects it unless there is a default.
    assert "choices" not in field or field["default"] in field["choices"]
    assert all(isinstance(field.get(key, ""), str) for key in ("label", "help_text", "default"))
    assert all(isinstance(choice, str) for choice in field.get("choices", []))


def test_awx_accepts_the_injectors() -> None:
    """They use every field, and only fields and injected files."""
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    namespace = {
        **{name: f"<{name}>" for name in FIELDS},
        "tower": {"filename": {name.partition(".")[2]: f"<{name}>" for name in INJECTORS["file"]}},
    }
    templates = [*INJECTORS["env"].values(), *INJECTORS["file"].values()]
    rendered = "".join(sandbox.from_string(template).render(namespace) for template in templates)
    assert all(f"<{name}>" in rendered for name in (*FIELDS, *INJECTORS["file"]))
    assert not [name for name in INJECTORS["env"] if name.startswith("ANSIBLE_")]
    assert set(TYPE["inputs"]["required"]) <= FIELDS.keys() and TYPE["kind"] == "cloud"
