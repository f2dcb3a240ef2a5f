# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Membership of an identity in a group: its table, its store and its task."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.groups import (
    BASE,
    GROUP_OPTIONS,
    GROUP_RULES,
    group_errors,
    group_id_of,
    is_member,
    unsupported,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import result_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, converge
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

GROUP_IDENTITY = Resource(
    name="group_identity",
    title="group membership",
    envelope="",
    fields=(Field("group_id", "groupId", Text(check=id_error, uuid=True), required=True),),
)
"""A membership has no settings: its only field is the group that it is about."""

CONFIRMED = record({"id": identifier})
NAMED = record({"identity": record({"identity": record({"name": text})})})


class GroupIdentityStore(Store):
    """Reads and writes the membership of the identity with this id and name in one group. It looks before it writes,
    because the server rejects what is so already (server-notes#members-of-groups)."""

    resource = GROUP_IDENTITY

    def __init__(self, client: Client, group_id: str, identity_id: str, name: str) -> None:
        self.client = client
        self.group_id = group_id
        self.identity_id = identity_id
        self.name = name
        self.sleep = client.sleep

    def read(self) -> Wire | None:
        if is_member(self.client, self.group_id, self.identity_id, self.name):
            return {"groupId": self.group_id}
        return None

    def create(self, body: Wire) -> Wire:
        try:
            checked(self.client.post(self._path(), {}), CONFIRMED)
        except InfisicalError as error:
            raise unsupported(error) from error
        return {"groupId": self.group_id}

    def delete(self) -> None:
        checked(self.client.delete(self._path()), CONFIRMED)

    def _path(self) -> str:
        return f"{BASE}/{segment(self.group_id)}/machine-identities/{segment(self.identity_id)}"


def name_of(client: Client, identity_id: str) -> str:
    """Returns the name of an identity, which the members of a group are searched for. Raises InfisicalError."""
    try:
        answer = checked(client.get(f"/api/v1/identities/{segment(identity_id)}"), NAMED)
    except InfisicalError as error:
        if error.kind != "not_found":
            raise
        raise reworded(error, "not_found", f"Identity {identity_id} does not exist.") from error
    return str(answer["identity"]["identity"]["name"])


def reconcile_group_membership(run: Run) -> dict[str, Any]:
    params = run.params
    run.check_options(identity_errors(params) + group_errors(params))
    client = run.client
    identity_id = resolve_identity(run)
    name = params["identity_name"].strip() if params.get("identity_name") else name_of(client, identity_id)
    group_id = group_id_of(client, params)
    store = GroupIdentityStore(client, group_id, identity_id, name)
    present = params["state"] == "present"
    outcome = converge(store, {"group_id": group_id}, present=present, check_mode=run.check_mode)
    return {**result_of(outcome, identity_id), "group_id": group_id}


GROUP_IDENTITY_TASK = Task(
    argument_spec={**identity_options(), **GROUP_OPTIONS, "state": STATE},
    rules={name: [*IDENTITY_RULES[name], *GROUP_RULES[name]] for name in IDENTITY_RULES},
    execute=reconcile_group_membership,
)
