# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Carrying out the plans of one identity's client secrets: what is made is delivered, or revoked again, or named.

A secret with ``dest`` is delivered by its file, and then the old ones go. One without is in the result, which only a
task that succeeds delivers: so the task ends with :meth:`SecretSteps.finish`, or with :meth:`SecretSteps.undo`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.delivery import SecretRules, SecretStep
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.file import Found, SecretFile
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.plan import (
    Declared,
    plan_client_secret,
    plan_warnings,
)
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.store import (
    ClientSecret,
    ClientSecretStore,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

PAUSES_FOR_A_FILE = (0.25, 0.5, 1.0)
"""Seconds to wait, each time, for the file of a secret that another run has just made."""
JUST_MADE = 15.0
"""Seconds since it was made up to which a secret that was never used may still be on its way to its file."""


def is_under_way(secret: ClientSecret, now: float) -> bool:
    return not secret.num_uses and abs(now - secret.created_at) < JUST_MADE and secret.is_usable(now)


def fitting(found: Found | None, listed: Sequence[ClientSecret]) -> list[str]:
    """The ids of the secrets whose text the file can hold, as far as the beginning shows."""
    held = found.credentials if found else None
    return [one.id for one in listed if held is not None and held.client_secret.startswith(one.prefix)]


class SecretSteps:
    """The client secrets that are declared of one identity."""

    def __init__(self, rules: SecretRules) -> None:
        self.rules = rules
        self.steps: list[SecretStep] = []
        self.warnings: list[str] = []
        self._store: ClientSecretStore | None = None

    @property
    def changed(self) -> bool:
        """Whether anything is, or in check mode would be, other than before."""
        return any(self.step_changed(step) for step in self.steps)

    def step_changed(self, step: SecretStep) -> bool:
        return step.planned.changed if self.rules.check_mode else step.changed

    @property
    def holds_some(self) -> bool:
        """Whether there are new secrets that only the result delivers."""
        return any(step.pending is not None for step in self.steps)

    def plan(
        self,
        desired: Sequence[Declared],
        store: ClientSecretStore | None,
        listed: Sequence[ClientSecret] | None,
        now: float,
    ) -> None:
        """Plans every secret; ``store`` is None, and ``listed`` with it, where there can be none yet."""
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
                    f"Client secret '{declared.name}' would be made, and nobody could read it: the task has no"
                    f" register, and {declared.option}dest is not given.",
                    advice="Nothing was changed. Give dest, or register the result.",
                )
            self.warnings += plan_warnings(planned) + ([] if planned.create else doubts)
            self.steps.append(SecretStep(planned))

    def _in_file(
        self, declared: Declared, dest: str, store: ClientSecretStore | None, listed: Sequence[ClientSecret]
    ) -> tuple[frozenset[str], list[str]]:
        """The ids of the secrets that the file can hold the text of, and what is wrong with the file."""
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
                f"{dest} can be read by others than its owner (mode {found.permissions:04o}). Run chmod 600 {dest}, and"
                " make another client secret with renew: now if somebody may have read it."
            )
        if held.url != self.rules.url:
            doubts.append(f"{dest} names another server ({held.url}) than this task ({self.rules.url}).")
        return frozenset(fitting(found, ours)), doubts

    def carry_out(self, store: ClientSecretStore) -> None:
        """Does what was planned. Raises the first failure once everything that was made before it is settled."""
        self._store = store
        try:
            failure = self._settle(store, self._make(store))
        except BaseException:
            # A mistake of this code, or somebody's Ctrl+C.
            self.undo()
            raise
        if failure is not None:
            settled = any(step.changed and step.pending is None for step in self.steps)
            failure.changed = bool(failure.changed) or settled
            raise failure

    def _make(self, store: ClientSecretStore) -> InfisicalError | None:
        """Makes what is new, and revokes where nothing is, up to the first failure."""
        try:
            for step in self.steps:
                if step.planned.create:
                    step.make(store)
                else:
                    step.revoke_old(store)
        except InfisicalError as error:
            return error
        return None

    def _settle(self, store: ClientSecretStore, failure: InfisicalError | None) -> InfisicalError | None:
        """Backs off from what another run made at the same time, and delivers to files; answers the first failure."""
        made = [step for step in self.steps if step.pending is not None]
        listed: Sequence[ClientSecret] | None = None
        looked = bool(made)
        try:
            listed = store.listed() if made else None
        except InfisicalError as error:
            looked = False
            self.warnings.append(
                "Whether another run made a client secret of the same description at the same time could not be looked"
                f" up: {error.message}"
            )
        for step in made:
            conflict = step.conflict_with(listed, store.client.now()) if looked else None
            try:
                if conflict:
                    raise InfisicalError(
                        "conflict",
                        f"{conflict} {step.withdraw(store)}",
                        advice="Run again; where several hosts keep a secret each, give each a description of its own.",
                    )
                step.deliver(store, self.rules)
            except InfisicalError as error:
                failure = failure or error
            if step.delivered:
                self._revoke_old(step, store)
        return failure

    def _revoke_old(self, step: SecretStep, store: ClientSecretStore) -> None:
        """What fails here must not cost the new secret."""
        try:
            step.revoke_old(store)
        except InfisicalError as error:
            left = ", ".join(one for one in step.planned.revoke if one not in step.revoked)
            self.warnings.append(
                f"Client secret '{step.declared.name}': the new one is in force, but old ones ({left}) could not be"
                f" revoked: {error.message}"
            )

    def finish(self) -> None:
        """For a task that succeeds, and so delivers what is in its result: revokes what that replaces."""
        for step in self.steps:
            if step.pending is not None and self._store is not None:
                self._revoke_old(step, self._store)

    def undo(self) -> list[str]:
        """For a task that fails: revokes what only its result would have delivered; says what became of each."""
        said = []
        for step in self.steps:
            pending = step.pending
            if pending is not None and self._store is not None:
                self.rules.mask(pending.text)
                said.append(step.withdraw(self._store))
        return said
