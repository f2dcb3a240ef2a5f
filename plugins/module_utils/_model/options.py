# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options that are not fields of a table: validation and parsing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error, lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Errors, Text, ValueType

STATE: dict[str, Any] = {"type": "str", "choices": ["present", "absent"], "default": "present"}
"""The argument spec of ``state``."""


def parse_given(
    types: Mapping[str, ValueType], params: Mapping[str, Any], errors: Errors, prefix: str = ""
) -> dict[str, Any]:
    """Returns the normal forms of the given options of ``types``."""
    given = {option: kind for option, kind in types.items() if params.get(option) is not None}
    return {option: kind.parse(prefix + option, params[option], errors) for option, kind in given.items()}


def id_errors(params: Mapping[str, Any], option: str) -> list[str]:
    errors: list[str] = []
    parse_given({option: Text(check=id_error)}, params, errors)
    return errors


def id_given(params: Mapping[str, Any], option: str) -> str | None:
    return lower_uuid(params[option].strip()) if params.get(option) is not None else None
