# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that identify an identity, and its lookup by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._identity.lookup import identity_id_of
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error, lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import id_given, parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run


def identity_options() -> dict[str, dict[str, Any]]:
    """Returns the argument spec of the options that identify the identity. Use it with :data:`IDENTITY_RULES`."""
    return {
        "identity_id": {"type": "str"},
        "identity_name": {"type": "str"},
        "organization_id": {"type": "str"},
    }


IDENTITY_RULES = {
    "mutually_exclusive": [["identity_id", "identity_name"]],
    "required_one_of": [["identity_id", "identity_name"]],
}


IDENTITY_TYPES = {
    "identity_id": Text(check=id_error, uuid=True),
    "identity_name": Text(),
    "organization_id": Text(check=id_error, uuid=True),
}


def identity_errors(params: Mapping[str, Any]) -> list[str]:
    """Returns the validation errors of the options that identify an identity."""
    errors: list[str] = []
    parse_given(IDENTITY_TYPES, params, errors)
    return errors


def resolve_identity(run: Run) -> str:
    """Returns the id of the task's identity. Looks up a name. Raises InfisicalError."""
    if run.params.get("identity_id") is not None:
        return lower_uuid(run.params["identity_id"].strip())
    return identity_id_of(run.client, id_given(run.params, "organization_id"), run.params["identity_name"].strip())
