# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A machine identity: its store and its task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import result_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY, WRITTEN
from ansible_collections.machineid.infisical.plugins.module_utils._identity.lookup import (
    identities_named,
    only_identity_named,
    organization_of_caller,
    own_identity_id,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import identity_errors
from ansible_collections.machineid.infisical.plugins.module_utils._identity.organization_roles import (
    unknown_organization_role,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE, id_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, converge, remove
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task


class IdentityStore(Store):
    """Reads and writes an identity, which is found by its id, or by its name in an organisation."""

    resource = IDENTITY

    def __init__(
        self,
        client: Client,
        *,
        identity_id: str | None = None,
        name: str = "",
        organization_id: str | None = None,
        backs_off: bool = True,
    ) -> None:
        self.client = client
        self.identity_id = identity_id
        self.name = name
        self.sleep = client.sleep
        self._by_name = identity_id is None
        self._organization_id = organization_id
        self._backs_off = backs_off
        self._made_protected = False

    @property
    def organization_id(self) -> str:
        if self._organization_id is None:
            self._organization_id = organization_of_caller(self.client)
        return self._organization_id

    def read(self) -> Wire | None:
        if self.identity_id is None:
            found = only_identity_named(self.client, self.organization_id, self.name)
            if found is None:
                return None
            self.identity_id = found["identity"]["id"]
            # The 2024-10 list omits the metadata (server-notes#lists-of-identities).
            if "metadata" in found:
                return self.resource.flatten(found)
        try:
            return self.resource.received(self.client.get(self._path()))
        except InfisicalError as error:
            if error.kind != "not_found":
                raise
            if self._by_name:
                self.identity_id = None
            return None

    def check_creatable(self) -> None:
        if not self._by_name:
            raise InfisicalError(
                "not_found",
                f"Identity {self.identity_id} does not exist.",
                advice="To create an identity, omit identity_id, because the server chooses the id.",
            )

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        if planned.action == "delete" and (current or {}).get("hasDeleteProtection"):
            raise InfisicalError(
                "conflict",
                f"Identity {self.identity_id} has delete protection.",
                advice="Set delete_protection: false first, in a separate task.",
            )
        if planned.action == "delete" and self.identity_id == own_identity_id(self.client):
            raise InfisicalError(
                "conflict",
                f"This task is logged in as identity {self.identity_id}.",
                advice="Nothing was changed. Log in as another identity to delete it.",
            )

    def create(self, body: Wire) -> Wire:
        body = {**body, "organizationId": self.organization_id}
        made = self.resource.received(
            self._known_role(lambda: self.client.post("/api/v1/identities", body), body), WRITTEN
        )
        self.identity_id = made["id"]
        self._made_protected = bool(body.get("hasDeleteProtection"))
        if self._backs_off:
            self.back_off_from(oldest(identities_named(self.client, self.organization_id, self.name)))
        return made

    def update(self, body: Wire) -> Wire:
        answer = self._known_role(lambda: self.client.patch(self._path(), body, self.recheck), body)
        return self.resource.received(answer, WRITTEN)

    def _known_role(self, write: Callable[[], Any], body: Wire) -> Any:
        """Returns the answer to a write. If the server does not know the role, the error says what there is."""
        try:
            return write()
        except InfisicalError as error:
            if error.kind != "not_found" or "role" not in (error.server_message or "").lower() or "role" not in body:
                raise
            raise unknown_organization_role(self.client, self.organization_id, "role", body["role"], error) from error

    def delete(self) -> None:
        if self._made_protected:
            # An identity that this task has just created and has to remove again.
            self.update({"name": self.name, "hasDeleteProtection": False})
        self.resource.received(self.client.delete(self._path()), WRITTEN)

    def back_off_from(self, first: Wire | None) -> None:
        """Removes the identity that this store has just created if ``first``, the oldest membership object with that
        name, is another identity. Then raises InfisicalError of kind ``conflict``.

        Names are not unique on the server, so two concurrent runs can both create one. Both decide alike: the oldest
        one remains.
        """
        if first is None or first["identity"]["id"] == self.identity_id:
            return
        ours, theirs = self.identity_id, first["identity"]["id"]
        conflict = InfisicalError(
            "conflict",
            f"Another client created an identity named '{self.name}' ({theirs}) at the same time.",
            status=409,
        )
        try:
            remove(self)
        except InfisicalError as error:
            conflict.changed = True
            conflict.status = None
            conflict.message += f" The identity of this task ({ours}) could not be removed again: {error.message}"
            conflict.advice = f"Delete identity {ours}, then run the task again."
            raise conflict from error
        self.identity_id = None
        self._made_protected = False
        conflict.changed = False
        conflict.message += " The identity of this task was removed again."
        raise conflict

    def _path(self) -> str:
        return self.resource.path.format(identity_id=segment(self.identity_id or ""))


def oldest(found: Sequence[Wire]) -> Wire | None:
    """Returns the one of the membership objects with one name that remains."""
    return min(found, key=lambda one: (one.get("createdAt", ""), one["identity"]["id"]), default=None)


def reconcile_identity(run: Run) -> dict[str, Any]:
    errors = identity_errors(run.params)
    desired = IDENTITY.parse(run.params, errors)
    run.check_options(errors)
    identity_id = run.params.get("identity_id")
    store = IdentityStore(
        run.client,
        identity_id=lower_uuid(identity_id.strip()) if identity_id else None,
        name=desired.get("name", ""),
        organization_id=id_given(run.params, "organization_id"),
    )
    outcome = converge(store, desired, present=run.params["state"] == "present", check_mode=run.check_mode)
    return result_of(outcome, store.identity_id)


IDENTITY_TASK = Task(
    argument_spec={
        "identity_id": {"type": "str"},
        "organization_id": {"type": "str"},
        "state": STATE,
        **IDENTITY.argument_spec(),
    },
    rules={"required_one_of": [["identity_id", "name"]]},
    execute=reconcile_identity,
)
