# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Detection of concurrent changes of the same object by another client.

The server has no preconditions: the last write wins. A task therefore reads immediately before it writes, reads again
if it had to wait in between, and compares the current state with the base of its plan. The duration of one request
remains.
"""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource


def may_have_been_carried_out(error: InfisicalError) -> bool:
    return is_lost(error) or error.kind == "server"


def is_at(resource: Resource, current: Wire, stage: Options, sent: Wire | None = None) -> bool:
    """Returns whether the current state equals ``stage`` in every field of the answer, or only in those that are
    ``sent``."""
    held = resource.read(current)
    return all(
        one.type.same(held[one.option], stage[one.option])
        for one in resource.fields
        if one.option in held and one.option in stage and (sent is None or one.wire in sent)
    )


def require_unchanged(current: Wire | None, planned: Plan, number: int) -> None:
    """Raises InfisicalError if this update of the plan is no longer based on ``current``, the current state."""
    if current is None:
        raise changed_by_another_client(planned, "removed")
    bases = [planned.stage_before(number), planned.stages[number]]
    if not any(is_at(planned.resource, current, base or {}, planned.bodies[number]) for base in bases):
        raise changed_by_another_client(planned, "changed")


def changed_by_another_client(planned: Plan, happened: str, error: InfisicalError | None = None) -> InfisicalError:
    """Returns the error for an object that another client has changed between the read and the write of a task."""
    conflict = reworded(
        error,
        "conflict",
        f"Another client {happened} the {planned.resource.title} while this task ran, so the task stopped.",
        advice="Check the current state, then run the task again.",
    )
    conflict.changed = error is not None and may_have_been_carried_out(error)
    return conflict
