# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many identities at once: each is planned before its first write, and one that fails does not stop the others."""

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
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._runner.unexpected import failed_result, foreseen

SECONDS_BETWEEN_PROGRESS = 2.0


class OneIdentity:
    """One declared identity on its way through the run; ``failure`` is what ended it."""

    def __init__(self, client: Client, declared: Declaration, finder: IdentityFinder, rules: Rules) -> None:
        self.client = client
        self.declared = declared
        self.finder = finder
        self.rules = rules
        self.whole: IdentityPlanner | None = None
        self.failure: InfisicalError | None = None
        self.finished = False

    def begin(self) -> None:
        """Plans everything, then creates the identity, or brings it and all that belongs to it to what is declared."""
        store = self.finder.store(self.declared)
        current = self.finder.find(self.declared)
        if current is not None:
            store.identity_id = current["identity"]["id"]
        self.whole = IdentityPlanner(self.client, self.declared, self.rules, store, current)
        self.whole.read_at = self.finder.listed_at
        self.whole.prepare()
        self.whole.carry_out_identity()
        if not self.whole.creates:
            self.whole.carry_out_rest()
            self.finished = True

    def finish(self, first: Wire | None) -> None:
        """Gives an identity that this run has created all that belongs to it, once it is known which one stays."""
        if self.whole is not None:
            if first is not None:
                self.whole.back_off(first)
            self.whole.carry_out_rest()
            self.finished = True

    @property
    def unfinished(self) -> bool:
        """Whether the identity has been created by this run, and nothing that belongs to it yet."""
        return self.failure is None and not self.finished

    @property
    def changed(self) -> bool:
        failure = self.failure is not None and bool(self.failure.changed)
        return failure or (self.whole is not None and self.whole.changed)

    def attempt(self, work: Callable[[], None]) -> None:
        writes = self.client.writes
        try:
            work()
        except Exception as error:  # also one that nobody foresaw must not cost the others their results
            self.failure = foreseen(error)
            if self.failure.changed is None:
                self.failure.changed = self.client.writes > writes

    def result(self) -> dict[str, Any]:
        """What it came to, its diff and warnings with it; a failure is a result as well."""
        done: dict[str, Any] = {"name": self.declared.label, "changed": False}
        try:
            done = self.whole.result() if self.whole else done
        except Exception as error:
            self.failure = self.failure or foreseen(error)
            # What was done is not known any more, and it must not pass for nothing.
            self.failure.changed = True
        return {**done, **failed_result(self.failure, changed=self.changed)} if self.failure else done


def converge_all(
    identities: Sequence[OneIdentity], finder: IdentityFinder, concurrency: int, progress: Callable[[str], None]
) -> None:
    """Brings all of them to what is declared.

    Two runs at once can both create an identity, as names are not unique. So one look at all of them comes between
    creating and giving them anything: the older one of each name stays.
    """
    watched = Progress(identities, progress)

    def finish(one: OneIdentity) -> None:
        watched.attempt(one, lambda: one.finish(firsts.get(one.declared.name)))

    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        list(pool.map(lambda one: watched.attempt(one, one.begin), identities))
        created = [one for one in identities if one.unfinished]
        firsts = first_of_each(created, finder) if created else {}
        list(pool.map(finish, [one for one in created if one.unfinished]))


def settle_secrets(identities: Sequence[OneIdentity], concurrency: int, *, succeeded: bool) -> list[str]:
    """Ends what only the task's result delivers: replaces the old client secrets when the task succeeds, and revokes
    the new ones when it fails, as nobody may read it then. Answers what became of those."""

    def settle(whole: IdentityPlanner) -> list[str]:
        if succeeded:
            whole.secrets.finish()
            return []
        return [f"{whole.label}: {text}" for text in whole.secrets.undo()]

    holding = [one.whole for one in identities if one.whole is not None and one.whole.secrets.holds_some]
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        return [text for texts in pool.map(settle, holding) for text in texts]


def first_of_each(created: Sequence[OneIdentity], finder: IdentityFinder) -> dict[str, Wire]:
    """By name, the identity that stays. Where that cannot be found out, those that were created fail: what belongs to
    them would be given to duplicates."""
    try:
        return finder.oldest_of({one.declared.name for one in created})
    except Exception as error:
        for one in created:
            one.failure = undoubled(foreseen(error))
        return {}


def undoubled(error: InfisicalError) -> InfisicalError:
    failure = InfisicalError(
        error.kind,
        f"The identity was created, but whether another run created one of the same name could not be read:"
        f" {error.message}",
        status=error.status,
        error=error.error,
        server_message=error.server_message,
        request_id=error.request_id,
        advice="Run again: it goes on from there.",
    )
    failure.changed = True
    return failure


class Progress:
    """Reports how far a run has come, every few seconds."""

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
