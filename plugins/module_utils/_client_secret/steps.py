# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Executes the plans of one identity's client secrets. A created secret is delivered, revoked again, or reported.

A secret with ``dest`` is delivered by its file, and then the old ones are revoked. A secret without ``dest`` is in the
result, which is only delivered if the task succeeds. The task therefore ends with :meth:`SecretSteps.finish` or
:meth:`SecretSteps.undo`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.delivery import SecretRules, SecretStep
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.file import Found, SecretFile
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.plan import (
    DeclaredSecret,
    plan_client_secret,
    plan_warnings,
)
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.store import (
    ClientSecret,
    ClientSecretStore,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

PAUSES_FOR_A_FILE = (0.25, 0.5, 1.0)
"""Seconds of each wait for the file of a secret that another run has just created."""
JUST_MADE = 15.0
"""Seconds after its creation for which a secret that was never used may still be about to be written to its file."""


def is_under_way(secret: ClientSecret, now: float) -> bool:
    return not secret.num_uses and abs(now - secret.created_at) < JUST_MADE and secret.is_usable(now)


def fitting(found: Found | None, listed: Sequence[ClientSecret]) -> list[str]:
    """Returns the ids of the secrets that may be in the file, judging by their first characters."""
    held = found.credentials if found else None
    return [one.id for one in listed if held is not None and held.client_secret.startswith(one.prefix)]


class SecretSteps:
    """The declared client secrets of one identity."""

    def __init__(self, rules: SecretRules) -> None:
        self.rules = rules
        self.steps: list[SecretStep] = []
        self.warnings: list[str] = []
        self._store: ClientSecretStore | None = None

    @property
    def changed(self) -> bool:
        """Returns whether anything has changed, or in check mode would change."""
        return any(self.step_changed(step) for step in self.steps)

    def step_changed(self, step: SecretStep) -> bool:
        return step.planned.changed if self.rules.check_mode else step.changed

    @property
    def holds_some(self) -> bool:
        """Returns whether there are new secrets that only the result delivers."""
        return any(step.pending is not None for step in self.steps)

    def plan(
        self,
        desired: Sequence[DeclaredSecret],
        store: ClientSecretStore | None,
        listed: Sequence[ClientSecret] | None,
        now: float,
    ) -> None:
        """Plans every secret. ``store`` and ``listed`` are None if no secrets can exist yet. Raises InfisicalError."""
        for declared in desired:
            delivered: frozenset[str] | None = None
            doubts: list[str] = []
            if declared.dest and declared.present:
                self.warnings += SecretFile(declared.dest).warnings()
                delivered, doubts = self._in_file(declared, declared.dest, store, listed or [])
            planned = plan_client_secret(declared, listed or [], now, delivered)
            if planned.create and not declared.dest and not self.rules.result_is_read:
                raise InfisicalError(
                    "validation",
                    f"Client secret '{declared.name}' would be created, but nobody could read it: the task has no"
                    f" register, and {declared.option}dest is not set.",
                    advice="Nothing was changed. Set dest, or register the result.",
                )
            self.warnings += plan_warnings(planned) + ([] if planned.create else doubts)
            self.steps.append(SecretStep(planned))

    def _in_file(
        self, declared: DeclaredSecret, dest: str, store: ClientSecretStore | None, listed: Sequence[ClientSecret]
    ) -> tuple[frozenset[str], list[str]]:
        """Returns the ids of the secrets that may be in the file, and warnings about the file."""
        ours = [one for one in listed if one.description == declared.description]
        if store is None or not ours:
            return frozenset(), []
        found = SecretFile(dest).found()
        for pause in PAUSES_FOR_A_FILE:
            if fitting(found, ours) or not any(is_under_way(one, store.client.now()) for one in ours):
                break
            store.client.sleep(pause)
            found = SecretFile(dest).found()
        held = found.credentials if found else None
        if found is None or held is None or not fitting(found, ours) or store.client_id() != held.client_id:
            return frozenset(), []
        self.rules.mask(held.client_secret)
        doubts = []
        if found.permissions & 0o077:
            doubts.append(
                f"Users other than its owner can read {dest} (mode {found.permissions:04o}). Run chmod 600 {dest}, and"
                " create another client secret with renew: now if somebody may have read it."
            )
        if held.url != self.rules.url:
            doubts.append(
                f"{dest} contains the address of another server ({held.url}) than this task ({self.rules.url})."
            )
        return frozenset(fitting(found, ours)), doubts

    def carry_out(self, store: ClientSecretStore) -> None:
        """Executes the plans. Raises the first failure after everything that was created before it is delivered or
        revoked."""
        self._store = store
        try:
            failure = self._deliver(store, self._make(store))
        except BaseException:
            # A bug in this code, or an interrupt (Ctrl+C).
            self.undo()
            raise
        if failure is not None:
            delivered = any(step.changed and step.pending is None for step in self.steps)
            failure.changed = bool(failure.changed) or delivered
            raise failure

    def _make(self, store: ClientSecretStore) -> InfisicalError | None:
        """Creates new secrets, and revokes old ones where none is created. Stops at the first failure and returns
        it."""
        try:
            for step in self.steps:
                if step.planned.create:
                    step.make(store)
                else:
                    step.revoke_old(store)
        except InfisicalError as error:
            return error
        return None

    def _deliver(self, store: ClientSecretStore, failure: InfisicalError | None) -> InfisicalError | None:
        """Backs off from secrets that another run created at the same time, and delivers to files. Returns the first
        failure."""
        made = [step for step in self.steps if step.pending is not None]
        listed: Sequence[ClientSecret] | None = None
        looked = bool(made)
        try:
            listed = store.listed() if made else None
        except InfisicalError as error:
            looked = False
            self.warnings.append(
                "The check for another run that created a client secret with the same description at the same time"
                f" failed: {error.message}"
            )
        for step in made:
            conflict = step.conflict_with(listed, store.client.now()) if looked else None
            try:
                if conflict:
                    raise InfisicalError(
                        "conflict",
                        f"{conflict} {step.withdraw(store)}",
                        advice="Run the task again. If several hosts need secrets, give each its own description.",
                    )
                step.deliver(store, self.rules)
            except InfisicalError as error:
                failure = failure or error
            if step.delivered:
                self._revoke_old(step, store)
        return failure

    def _revoke_old(self, step: SecretStep, store: ClientSecretStore) -> None:
        """Revokes old secrets. A failure is only a warning, because the new secret must not be lost."""
        try:
            step.revoke_old(store)
        except InfisicalError as error:
            left = ", ".join(one for one in step.planned.revoke if one not in step.revoked)
            self.warnings.append(
                f"Client secret '{step.declared.name}': the new secret is valid, but old ones ({left}) could not be"
                f" revoked: {error.message}"
            )

    def finish(self) -> None:
        """Revokes the secrets that the result replaces. To be called if the task succeeds, which delivers its
        result."""
        for step in self.steps:
            if step.pending is not None and self._store is not None:
                self._revoke_old(step, self._store)

    def undo(self) -> list[str]:
        """Revokes the secrets that only the result would have delivered. To be called if the task fails. Returns a
        sentence about each."""
        said = []
        for step in self.steps:
            pending = step.pending
            if pending is not None and self._store is not None:
                self.rules.mask(pending.text)
                said.append(step.withdraw(self._store))
        return said
