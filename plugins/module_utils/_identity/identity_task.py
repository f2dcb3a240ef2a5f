# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A machine identity: its store and its task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import result_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import own_identity_id
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY, WRITTEN
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    identities_named,
    identity_errors,
    only_identity_named,
    require_gone,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import (
    ROLE_IN_PROJECT,
    SCOPE_OPTIONS,
    SCOPE_RULES,
    Scope,
    is_in_project,
    scope_errors,
    scope_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE, id_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, converge, remove
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task


class IdentityStore(Store):
    """Reads and writes an identity, which is found by its id, or by its name in a scope."""

    def __init__(self, scope: Scope, *, identity_id: str | None = None, name: str = "", backs_off: bool = True) -> None:
        self.scope = scope
        self.resource = scope.resource
        self.client = scope.client
        self.identity_id = identity_id
        self.name = name
        self.sleep = scope.client.sleep
        self._by_name = identity_id is None
        self._backs_off = backs_off
        self._made_protected = False

    def read(self) -> Wire | None:
        if self.identity_id is None:
            found = only_identity_named(self.scope, self.name)
            if found is None:
                return None
            self.identity_id = found["identity"]["id"]
            # The 2024-10 list omits the metadata (server-notes#lists-of-identities).
            if "metadata" in found:
                return self.resource.flatten(found)
        try:
            return self.resource.flatten(self.scope.read(self.identity_id or ""))
        except InfisicalError as error:
            if error.kind != "not_found":
                raise
            if self._by_name and self.identity_id:
                require_gone(self.scope, self.identity_id, self.name)
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
        made = self._written(lambda: self.scope.create(body), body)
        self.identity_id = made["id"]
        self._made_protected = bool(body.get("hasDeleteProtection"))
        if self._backs_off:
            self.back_off_from(oldest(identities_named(self.scope, self.name)))
        return made

    def update(self, body: Wire) -> Wire:
        return self._written(lambda: self.client.patch(self._path(), body, self.recheck), body)

    def delete(self) -> None:
        if self._made_protected:
            # An identity that this task has just created and has to remove again.
            self.update({"name": self.name, "hasDeleteProtection": False})
        self._written(lambda: self.client.delete(self._path()), {})

    def _written(self, write: Callable[[], Any], body: Wire) -> Wire:
        """Returns the identity in the answer to a write."""
        try:
            return self.resource.received(write(), WRITTEN)
        except InfisicalError as error:
            raise self.scope.explained(error, body) from None

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
        return self.scope.path(self.identity_id or "")


def oldest(found: Sequence[Wire]) -> Wire | None:
    """Returns the one of the membership objects with one name that remains."""
    return min(found, key=lambda one: (one.get("createdAt", ""), one["identity"]["id"]), default=None)


def reconcile_identity(run: Run) -> dict[str, Any]:
    errors = identity_errors(run.params)
    desired = IDENTITY.parse(run.params, errors)
    errors += scope_errors(run.params)
    if is_in_project(run.params) and "role" in desired:
        errors.append(ROLE_IN_PROJECT)
    run.check_options(errors)
    store = IdentityStore(
        scope_of(run.client, run.params), identity_id=id_given(run.params, "identity_id"), name=desired.get("name", "")
    )
    outcome = converge(store, desired, present=run.params["state"] == "present", check_mode=run.check_mode)
    return result_of(outcome, store.identity_id)


IDENTITY_TASK = Task(
    argument_spec={
        "identity_id": {"type": "str"},
        **SCOPE_OPTIONS,
        "state": STATE,
        **IDENTITY.argument_spec(),
    },
    rules={"required_one_of": [["identity_id", "name"]], **SCOPE_RULES},
    execute=reconcile_identity,
)
