# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that identify an identity, and its lookup by them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import (
    OrganizationScope,
    Scope,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error, lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import id_given, parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run

FEW = 10
"""Up to this number, identities are looked up one by one; more are looked up in the complete list."""

PAUSES_FOR_DUPLICATES = (0.25, 0.5, 1.0)
"""Seconds of each wait for tasks that have created the same identity at the same time."""


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
    scope = OrganizationScope(run.client, id_given(run.params, "organization_id"))
    return identity_id_of(scope, run.params["identity_name"].strip())


def identities_named(scope: Scope, name: str) -> list[Wire]:
    """Returns the membership objects of the identities with exactly this name (server-notes#names-are-not-unique)."""
    return [one for one in scope.listed(name) if one["identity"]["name"] == name]


def only_identity_named(scope: Scope, name: str) -> Wire | None:
    """Returns the membership object of the only identity with this name, None if there is none.

    If there are several, it retries for a moment: tasks that create the same identity concurrently, one for each host
    of a play, are about to agree on one of them. Then it raises InfisicalError of kind ``conflict``, which lists the
    ids.
    """
    for pause in (*PAUSES_FOR_DUPLICATES, 0.0):
        found = identities_named(scope, name)
        if len(found) < 2:
            return found[0] if found else None
        scope.client.sleep(pause)
    raise ambiguous_name(name, found)


def require_gone(scope: Scope, identity_id: str, name: str) -> None:
    """Raises InfisicalError if an identity that a read did not find is still in the list. It would be created a second
    time if that read was believed."""
    if any(one["identity"]["id"] == identity_id for one in identities_named(scope, name)):
        raise InfisicalError(
            "server",
            f"The list of {scope.label} contains identity '{name}' ({identity_id}), but the server answers that it does"
            " not exist.",
            advice="Nothing was changed. Run the task again.",
        )


def ambiguous_name(name: str, found: Sequence[Wire]) -> InfisicalError:
    ids = ", ".join(sorted(one["identity"]["id"] for one in found))
    return InfisicalError(
        "conflict", f"{len(found)} identities are named '{name}': {ids}.", advice="Set identity_id instead."
    )


def identity_id_of(scope: Scope, name: str) -> str:
    """Returns the id of the only identity with this name. Otherwise raises
    InfisicalError, which lists similar names."""
    found = only_identity_named(scope, name)
    if found is None:
        names = [one["identity"]["name"] for one in scope.listed()]
        near = difflib.get_close_matches(name, names, n=3)
        hint = f" There is {', '.join(repr(one) for one in near)}." if near else ""
        raise InfisicalError("not_found", f"No identity is named '{name}' in {scope.label}.{hint}")
    return str(found["identity"]["id"])


def identity_ids_of(scope: Scope, names: Sequence[str]) -> list[str]:
    """Returns the id of the only identity with each of ``names``, with as few requests as their number allows. Raises
    InfisicalError as :func:`identity_id_of`."""
    distinct = list(dict.fromkeys(names))
    listed: dict[str, list[str]] = {}
    for one in scope.listed() if len(distinct) > FEW else []:
        listed.setdefault(one["identity"]["name"], []).append(str(one["identity"]["id"]))
    ids = {}
    for name in distinct:
        found = listed.get(name, [])
        ids[name] = found[0] if len(found) == 1 else identity_id_of(scope, name)
    return [ids[name] for name in names]
