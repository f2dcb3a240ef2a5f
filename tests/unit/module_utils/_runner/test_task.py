# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a task may be made of: no option may share a name with a connection option, and rules add up."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import CONNECTION_SPEC
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task, merged_rules

NAMES = {name: option for option, spec in CONNECTION_SPEC.items() for name in (option, *spec.get("aliases", ()))}


def nothing(_run: Run) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_option_that_shares_its_name_with_a_connection_option_fails_at_import(name: str) -> None:
    message = f"connection option {NAMES[name]} share the name {name}"
    with pytest.raises(ValueError, match=f"^{name} and the {message}$"):
        Task(argument_spec={name: {"type": "str"}}, execute=nothing)
    with pytest.raises(ValueError, match=f"^ldap_directory and the {message}$"):
        Task(argument_spec={"ldap_directory": {"type": "str", "aliases": ["directory", name]}}, execute=nothing)


def test_other_names_are_free() -> None:
    assert any(spec.get("aliases") for spec in CONNECTION_SPEC.values()), "or no alias is tried above"
    Task(argument_spec={"ldap_url": {"type": "str", "aliases": ["directory"]}}, execute=nothing)


def test_rules_of_several_add_up() -> None:
    assert merged_rules(
        {"required_one_of": [["a", "b"]], "required_by": {"a": ["c"]}},
        {"required_one_of": [["d"]], "required_by": {"d": ["e"]}, "mutually_exclusive": [["a", "d"]]},
    ) == {
        "required_one_of": [["a", "b"], ["d"]],
        "required_by": {"a": ["c"], "d": ["e"]},
        "mutually_exclusive": [["a", "d"]],
    }
