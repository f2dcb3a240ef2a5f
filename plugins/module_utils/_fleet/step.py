# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One step of converging an identity: a plan, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Outcome, apply


@dataclass
class Step:
    """The plan for one setting of the identity, the function that applies it when the identity's
    id is known, and the result."""

    key: str
    planned: Plan
    present: bool
    read_at: float
    store: Callable[[str], Any]
    outcome: Outcome | None = None

    def run(self, identity_id: str, *, check_mode: bool) -> None:
        if check_mode or not self.planned.changed:
            self.outcome = Outcome(self.planned, self.planned.after, None)
        else:
            store = self.store(identity_id)
            self.outcome = apply(store, self.planned, store.client.clock() - self.read_at)
