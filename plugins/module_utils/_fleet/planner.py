# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The planner of one identity with its auth methods, credentials and access: it plans all before any write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.access import access_steps
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.credentials import IdentityCredentials
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import (
    Declaration,
    DeclaredMethod,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.finders import AccessFinders
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.one_method import require_single_method
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.step import Step
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import (
    AuthMethodStore,
    attached_slugs,
    option_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_task import IdentityStore
from ansible_collections.machineid.infisical.plugins.module_utils._issued.delivery import DeliveryRules
from ansible_collections.machineid.infisical.plugins.module_utils._model.concurrency import is_at
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Outcome
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource

LONGEST_HEADER = 255


@dataclass(frozen=True)
class Rules:
    """Settings for every identity of a task. ``finders`` find the declared projects and groups."""

    check_mode: bool
    prune_auth_methods: bool
    allow_open_methods: bool
    finders: AccessFinders
    delivery: DeliveryRules


class IdentityPlanner:
    """Plans and converges one identity. ``current`` is its membership object, None if the identity does not exist."""

    def __init__(self, client: Client, declared: Declaration, rules: Rules, store: IdentityStore, current: Wire | None):
        self.client = client
        self.declared = declared
        self.rules = rules
        self.store = store
        self.read_at = client.clock()
        self.flat = None if current is None else IDENTITY.flatten(current)
        self.warnings: list[str] = []
        self.steps: list[Step] = []
        self.credentials = IdentityCredentials(client, declared, rules.delivery)
        self.identity_step: Step | None = None

    @property
    def identity_id(self) -> str | None:
        return self.store.identity_id

    @property
    def label(self) -> str:
        """The name, even if the identity is declared only by its id."""
        return self.declared.name or str((self.flat or {}).get("name") or self.declared.label)

    def attached(self) -> set[str]:
        """Returns the slugs of the methods of the identity."""
        return set(attached_slugs(self.flat or {}))

    def prepare(self) -> None:
        """Reads the current state and plans everything. Raises InfisicalError before anything is written."""
        declared = self.declared
        if self.flat is None and declared.present:
            self.store.check_creatable()
        planned = plan(self.store.resource, self.flat, declared.desired, present=declared.present)
        self.store.review(planned, self.flat, check_mode=self.rules.check_mode)
        self.identity_step = Step("identity", planned, declared.present, self.read_at, lambda _id: self.store)
        if not declared.present:
            return
        if self.flat is not None:
            self.client.keeps_one_method = "authMethods" not in self.flat
        for method in declared.methods:
            self._plan_method(method)
        if self.rules.prune_auth_methods:
            self._plan_prune()
        self._check_open_methods()
        require_single_method(self.client, self.label, self.flat, [step.planned for step in self.steps])
        after = {step.planned.resource.slug: step.planned.after if step.present else None for step in self.steps}
        self.credentials.plan(self.label, self.identity_id, self.attached(), after)
        owner = self.store.scope.project_id
        self.steps += access_steps(self.client, declared, self.rules.finders, self.label, self.identity_id, owner)

    def _plan_method(self, declared: DeclaredMethod) -> None:
        resource = declared.resource
        store = self._method_store(resource)
        current = None
        if self.identity_id and resource.slug in self.attached():
            current = store(self.identity_id).read()
        planned = plan(resource, current, declared.desired, present=declared.present, resent=declared.resent)
        if self.identity_id:
            store(self.identity_id).review(planned, current, check_mode=False)
        step = Step(option_of(resource), planned, declared.present, self.client.clock(), store)
        self.credentials.method_was_read(resource.slug, current)
        self.steps.append(step)

    def _method_store(self, resource: Resource) -> Callable[[str], AuthMethodStore]:
        return lambda identity_id: AuthMethodStore(self.client, resource, identity_id, self.rules.delivery.mask)

    def _plan_prune(self) -> None:
        known = {method.slug: method for method in AUTH_METHODS}
        declared = {method.resource.slug for method in self.declared.methods}
        for slug in sorted(self.attached() - declared):
            resource = known.get(slug) or unmanaged_method(slug)
            store = self._method_store(resource)
            one = store(self.identity_id or "")
            current = one.read() if slug in known else {}
            planned = plan(resource, current, {}, present=False)
            one.review(planned, current, check_mode=False)
            self.steps.append(Step(option_of(resource), planned, False, self.client.clock(), store))

    def _check_open_methods(self) -> None:
        for step in self.steps:
            resource, after = step.planned.resource, step.planned.after or {}
            if step.present and step.planned.changed:
                self.warnings += [f"{step.key}.{warning}" for warning in resource.unchecked(after)]
            if not step.present or not resource.admits_everybody(after):
                continue
            lists = " and ".join(f"{step.key}.{option}" for option in resource.admitting(after))
            text = f"{lists} empty: {resource.everybody} could log in as {self.label}."
            if not self.rules.allow_open_methods:
                raise InfisicalError("validation", text, advice="Nothing was changed. Declare who may log in.")
            if step.planned.changed:
                self.warnings.append(text)

    @property
    def changed(self) -> bool:
        """Whether anything has changed so far, or in check mode would change."""
        steps = [step for step in (self.identity_step, *self.steps) if step is not None and step.outcome is not None]
        return any(step.planned.changed for step in steps) or self.credentials.changed

    @property
    def creates(self) -> bool:
        """Whether this run creates the identity."""
        step = self.identity_step
        return step is not None and step.planned.action == "create" and not self.rules.check_mode

    def carry_out_identity(self) -> None:
        """Applies the plan for the identity itself, whose id all other plans need."""
        if self.identity_step is not None:
            self.identity_step.run(self.identity_id or "", check_mode=self.rules.check_mode)

    def back_off(self, first: Wire) -> None:
        """Continues with ``first``, the oldest of the identities that were created with this name at the same time.
        Raises InfisicalError if that is another identity than the planned one."""
        step = self.identity_step
        if step is None or first["identity"]["id"] == self.identity_id:
            return
        try:
            self.store.back_off_from(first)
        except InfisicalError as conflict:
            current = self.store.read() if conflict.status == 409 else None
            if current is None or not is_at(self.store.resource, current, step.planned.after or {}):
                step.outcome = None
                raise
            step.outcome = Outcome(step.planned, step.planned.after, current)

    def carry_out_rest(self) -> None:
        """Applies the other plans sequentially. In parallel, the server would create duplicates
        (server-notes#parallel-memberships) or fail (server-notes#parallel-attaches)."""
        check_mode = self.rules.check_mode
        if self.identity_step is None:
            return
        # If only one method is allowed, the old one is revoked first. Otherwise the new one is attached first, so that
        # the workload always has a method.
        one_method = self.flat is not None and "authMethods" not in self.flat
        for step in sorted(self.steps, key=lambda step: (step.planned.action == "delete") != one_method):
            step.run(self.identity_id or "", check_mode=check_mode)
            self.credentials.method_was_read(step.planned.resource.slug, step.outcome.wire if step.outcome else None)
        self.credentials.carry_out(self.identity_id or "", self.attached())

    def result(self) -> dict[str, Any]:
        """Returns the result of the identity; after a failure, of what was done until then."""
        steps = [step for step in (self.identity_step, *self.steps) if step is not None and step.outcome is not None]
        changed = [step for step in steps if step.planned.changed]
        answer: dict[str, Any] = {
            "name": self.label,
            "changed": self.changed,
            "changes": {},
            "warnings": self.warnings + self.credentials.steps.warnings,
        }
        diff: dict[str, dict[str, Any]] = {"before": {}, "after": {}}
        for step in changed:
            answer["changes"][step.key] = step.planned.action
            for side, options in step.planned.diff().items():
                diff[side][step.key] = options
        for credential in self.credentials.changed_steps:
            key = f"{credential.declared.type.list_option} {credential.declared.label}"
            answer["changes"][key] = "create" if credential.planned.create else "revoke"
            for side, ids in credential.planned.diff().items():
                diff[side][key] = ids.get(credential.declared.label, [])
        if answer["changed"]:
            header = printable(self.label, LONGEST_HEADER)
            answer["diff"] = {"before_header": header, "after_header": header, **diff}
        if self.identity_id:
            answer["identity_id"] = self.identity_id
        return {**answer, **self.credentials.result()}


def unmanaged_method(slug: str) -> Resource:
    """Returns a resource for pruning a method that has no table."""
    path = f"/api/v1/auth/{slug}/identities/{{identity_id}}"
    return Resource(name=f"identity_{slug.replace('-', '_')}", title=slug, path=path, envelope="", fields=(), slug=slug)
