# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The bulk run: converges many identities concurrently. A failure of one does not stop the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import Declaration
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.finders import IdentityFinder
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.planner import IdentityPlanner, Rules
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._runner.unexpected import failed_result, foreseen

SECONDS_BETWEEN_PROGRESS = 2.0


class OneIdentity:
    """The progress of one declared identity in the run. ``failure`` is the error that ended it."""

    def __init__(self, client: Client, declared: Declaration, finder: IdentityFinder, rules: Rules) -> None:
        self.client = client
        self.declared = declared
        self.finder = finder
        self.rules = rules
        self.planner: IdentityPlanner | None = None
        self.failure: InfisicalError | None = None
        self.finished = False

    def begin(self) -> None:
        """Plans everything. Then creates the identity, or converges an existing identity completely."""
        store = self.finder.store(self.declared)
        current = self.finder.find(self.declared)
        if current is not None:
            store.identity_id = current["identity"]["id"]
        self.planner = IdentityPlanner(self.client, self.declared, self.rules, store, current)
        self.planner.read_at = self.finder.listed_at
        self.planner.prepare()
        self.planner.carry_out_identity()
        if not self.planner.creates:
            self.planner.carry_out_rest()
            self.finished = True

    def finish(self, first: Wire | None) -> None:
        """Creates everything that belongs to a created identity, after duplicates have been resolved."""
        if self.planner is not None:
            if first is not None:
                self.planner.back_off(first)
            self.planner.carry_out_rest()
            self.finished = True

    @property
    def unfinished(self) -> bool:
        """Whether this run has created the identity, but nothing that belongs to it yet."""
        return self.failure is None and not self.finished

    @property
    def changed(self) -> bool:
        failure = self.failure is not None and bool(self.failure.changed)
        return failure or (self.planner is not None and self.planner.changed)

    def attempt(self, work: Callable[[], None]) -> None:
        writes = self.client.writes
        try:
            work()
        except Exception as error:  # an unexpected exception must not affect the results of the others either
            self.failure = foreseen(error)
            if self.failure.changed is None:
                self.failure.changed = self.client.writes > writes

    def result(self) -> dict[str, Any]:
        """Returns the result with diff and warnings, also after a failure."""
        done: dict[str, Any] = {"name": self.declared.label, "changed": False}
        try:
            done = self.planner.result() if self.planner else done
        except Exception as error:
            self.failure = self.failure or foreseen(error)
            # It is unknown what was changed, so a change has to be reported.
            self.failure.changed = True
        return {**done, **failed_result(self.failure, changed=self.changed)} if self.failure else done


def converge_all(
    identities: Sequence[OneIdentity], finder: IdentityFinder, concurrency: int, progress: Callable[[str], None]
) -> None:
    """Converges all identities.

    Two concurrent runs can both create an identity, because names are not unique. After all identities are created, and
    before anything is added to them, one read therefore looks for duplicates: the oldest one of each name remains.
    """
    watched = Progress(identities, progress)

    def finish(one: OneIdentity) -> None:
        watched.attempt(one, lambda: one.finish(firsts.get(one.declared.name)))

    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        list(pool.map(lambda one: watched.attempt(one, one.begin), identities))
        created = [one for one in identities if one.unfinished]
        firsts = first_of_each(created, finder) if created else {}
        list(pool.map(finish, [one for one in created if one.unfinished]))


def finish_credentials(identities: Sequence[OneIdentity], concurrency: int, *, succeeded: bool) -> list[str]:
    """Completes credentials that only the result delivers: replaces the old ones if the task succeeds, and revokes
    the new ones if it fails, because nobody may read the result then. Returns a sentence about each of those."""

    def finish(planner: IdentityPlanner) -> list[str]:
        if succeeded:
            planner.credentials.steps.finish()
            return []
        return [f"{planner.label}: {text}" for text in planner.credentials.steps.undo()]

    holding = [
        one.planner for one in identities if one.planner is not None and one.planner.credentials.steps.holds_some
    ]
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        return [text for texts in pool.map(finish, holding) for text in texts]


def first_of_each(created: Sequence[OneIdentity], finder: IdentityFinder) -> dict[str, Wire]:
    """Returns the remaining identity by name. If the read fails, all created identities fail,
    because they could be duplicates."""
    try:
        return finder.oldest_of({one.declared.name for one in created})
    except Exception as error:
        for one in created:
            one.failure = unchecked_duplicates(foreseen(error))
        return {}


def unchecked_duplicates(error: InfisicalError) -> InfisicalError:
    failure = reworded(
        error,
        error.kind,
        f"The identity was created, but the check for another one with the same name failed: {error.message}",
        advice="Run the task again to continue.",
    )
    failure.changed = True
    return failure


class Progress:
    """Reports the progress of a run every few seconds."""

    def __init__(self, identities: Sequence[OneIdentity], report: Callable[[str], None]) -> None:
        self._identities = identities
        self._report = report
        self._reported = time.monotonic()
        self._lock = threading.Lock()

    def attempt(self, one: OneIdentity, work: Callable[[], None]) -> None:
        one.attempt(work)
        with self._lock:
            if time.monotonic() - self._reported < SECONDS_BETWEEN_PROGRESS:
                return
            self._reported = time.monotonic()
        everyone = self._identities
        done = sum(other.finished or other.failure is not None for other in everyone)
        changed, failed = sum(other.changed for other in everyone), sum(bool(other.failure) for other in everyone)
        self._report(f"identities: {done} of {len(everyone)} done, {changed} changed, {failed} failed")
