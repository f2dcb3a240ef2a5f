# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Executes the plans of one identity's credentials. A created one is delivered, revoked again, or reported.

A credential with ``dest`` is delivered by its file, and then the old ones are revoked. A credential without ``dest`` is
in the result, which is only delivered if the task succeeds. The task therefore ends with
:meth:`CredentialSteps.finish` or :meth:`CredentialSteps.undo`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialApi,
    CredentialType,
    DeclaredCredential,
    Issued,
    Listing,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.delivery import (
    CredentialStep,
    DeliveryRules,
    file_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import URL
from ansible_collections.machineid.infisical.plugins.module_utils._issued.plan import plan_credential, plan_warnings
from ansible_collections.machineid.infisical.plugins.module_utils._issued.store import CredentialStore

PAUSES_FOR_A_FILE = (0.25, 0.5, 1.0)
"""Seconds of each wait for the file of a credential that another run has just created."""
JUST_MADE = 15.0
"""Seconds after its creation in which a credential that nobody has used may not have reached its file yet."""


StoreOf = Callable[[CredentialType], CredentialStore]
"""Returns the credentials of a type of the identity, which exists by then."""


def is_under_way(credential: Issued, now: float) -> bool:
    return not credential.num_uses and abs(now - credential.created_at) < JUST_MADE and credential.is_usable(now)


class CredentialSteps:
    """The declared credentials of one identity."""

    def __init__(self, rules: DeliveryRules) -> None:
        self.rules = rules
        self.steps: list[CredentialStep] = []
        self.warnings: list[str] = []
        self._store_of: StoreOf | None = None

    @property
    def changed(self) -> bool:
        """Returns whether anything has changed, or in check mode would change."""
        return any(self.step_changed(step) for step in self.steps)

    def step_changed(self, step: CredentialStep) -> bool:
        return step.planned.changed if self.rules.check_mode else step.changed

    @property
    def holds_some(self) -> bool:
        """Returns whether there are new credentials that only the result delivers."""
        return any(step.pending is not None for step in self.steps)

    def plan(self, desired: Sequence[DeclaredCredential], api: CredentialApi, listing: Listing | None) -> None:
        """Plans credentials of one type. ``listing`` is None if none can exist yet. Raises InfisicalError."""
        now = api.client.now()
        for declared in desired:
            delivered: frozenset[str] | None = None
            doubts: list[str] = []
            file = file_of(declared)
            if file is not None and declared.present:
                self.warnings += file.warnings()
                delivered, doubts = self._in_file(declared, api, listing)
            planned = plan_credential(declared, listing or Listing(), now, delivered)
            if planned.create:
                self._require_reader(declared)
                require_longer_life(declared, api)
            self.warnings += plan_warnings(planned) + ([] if planned.create else doubts)
            self.steps.append(CredentialStep(planned))

    def _require_reader(self, declared: DeclaredCredential) -> None:
        if declared.dest or self.rules.result_is_read:
            return
        raise InfisicalError(
            "validation",
            f"{declared.type.title} '{declared.name}' would be created, but nobody could read it: the task has no"
            f" register, and {declared.option}dest is not set.",
            advice="Nothing was changed. Set dest, or register the result.",
        )

    def _in_file(
        self, declared: DeclaredCredential, api: CredentialApi, listing: Listing | None
    ) -> tuple[frozenset[str], list[str]]:
        """Returns the ids of the credentials that may be in the file, and warnings about the file."""
        ours = [one for one in (listing or Listing()).credentials if one.name == declared.name]
        file = file_of(declared)
        if file is None or not ours:
            return frozenset(), []

        def fitting() -> list[Issued]:
            return api.matching(found.values, ours) if found and found.values else []

        found = file.found()
        for pause in PAUSES_FOR_A_FILE:
            if fitting() or not any(is_under_way(one, api.client.now()) for one in ours):
                break
            api.client.sleep(pause)
            found = file.found()
        held = fitting()
        if found is None or found.values is None or not held:
            return frozenset(), []
        self.rules.mask(found.values[declared.type.values[-1]])
        doubts = []
        if found.permissions & 0o077:
            doubts.append(
                f"Users other than its owner can read {declared.dest} (mode {found.permissions:04o}). Run chmod 600"
                f" {declared.dest}, and create another {declared.type.noun} with renew: now if somebody may have read"
                " it."
            )
        if found.values[URL] != self.rules.url:
            doubts.append(
                f"{declared.dest} contains the address of another server ({found.values[URL]}) than this task"
                f" ({self.rules.url})."
            )
        return frozenset(one.id for one in held), doubts

    def carry_out(self, store_of: StoreOf) -> None:
        """Executes the plans. Raises the first failure after everything that was created
        before it is delivered or revoked."""
        self._store_of = store_of
        try:
            failure = self._deliver(store_of, self._make(store_of))
        except BaseException:
            # A bug in this code, or an interrupt (Ctrl+C).
            self.undo()
            raise
        if failure is not None:
            delivered = any(step.changed and step.pending is None for step in self.steps)
            failure.changed = bool(failure.changed) or delivered
            raise failure

    def _make(self, store_of: StoreOf) -> InfisicalError | None:
        """Creates new credentials, and revokes old ones where none is created. Stops at the
        first failure and returns it."""
        try:
            for step in self.steps:
                store = store_of(step.declared.type)
                if step.planned.create:
                    step.make(store)
                else:
                    step.revoke_old(store)
        except InfisicalError as error:
            return error
        return None

    def _deliver(self, store_of: StoreOf, failure: InfisicalError | None) -> InfisicalError | None:
        """Backs off from credentials that another run created at the same time, and delivers to
        files. Returns the first failure."""
        made = [step for step in self.steps if step.pending is not None]
        listings: dict[str, Listing | None] = {}
        for credential in {step.declared.type.noun: step.declared.type for step in made}.values():
            try:
                listings[credential.noun] = store_of(credential).api.listed()
            except InfisicalError as error:
                self.warnings.append(
                    f"The check for another run that created a {credential.noun} with the same"
                    f" {credential.name_option} at the same time failed: {error.message}"
                )
        for step in made:
            credential = step.declared.type
            store = store_of(credential)
            looked = credential.noun in listings
            conflict = step.conflict_with(listings[credential.noun], store.now()) if looked else None
            try:
                if conflict:
                    raise InfisicalError(
                        "conflict",
                        f"{conflict} {step.withdraw(store)}",
                        advice=f"Run the task again. If several hosts need {credential.noun}s, give each its own"
                        f" {credential.name_option}.",
                    )
                step.deliver(store, self.rules)
            except InfisicalError as error:
                failure = failure or error
            if step.delivered:
                self._revoke_old(step, store)
        return failure

    def _revoke_old(self, step: CredentialStep, store: CredentialStore) -> None:
        """Revokes old credentials. A failure is only a warning, because the new credential must not be lost."""
        try:
            step.revoke_old(store)
        except InfisicalError as error:
            noun = step.declared.type.noun
            left = ", ".join(one for one in step.planned.revoke if one not in step.revoked)
            self.warnings.append(
                f"{step.declared.type.title} '{step.declared.name}': the new {noun} is valid, but old ones ({left})"
                f" could not be revoked: {error.message}"
            )

    def finish(self) -> None:
        """Revokes the credentials that the result replaces. To be called if the task
        succeeds, which delivers its result."""
        for step in self.steps:
            if step.pending is not None and self._store_of is not None:
                self._revoke_old(step, self._store_of(step.declared.type))

    def undo(self) -> list[str]:
        """Revokes the credentials that only the result would have delivered. To be called if the task fails. Returns a
        sentence about each."""
        said = []
        for step in self.steps:
            pending = step.pending
            if pending is not None and self._store_of is not None:
                self.rules.mask(pending.text)
                said.append(step.withdraw(self._store_of(step.declared.type)))
        return said


def require_longer_life(declared: DeclaredCredential, api: CredentialApi) -> None:
    """Raises InfisicalError if a new credential would be due for renewal at once."""
    lifetime = api.lifetime(declared) if declared.renew_before else 0
    if lifetime and declared.renew_before >= lifetime:
        raise InfisicalError(
            "validation",
            f"{declared.option}renew_before {declared.renew_before} must be less than {lifetime} seconds, the lifetime"
            f" of new {declared.type.noun}s: otherwise each run would create one.",
            advice="Nothing was changed. Set a smaller renew_before, or a longer lifetime with"
            f" {declared.type.module}.",
        )
