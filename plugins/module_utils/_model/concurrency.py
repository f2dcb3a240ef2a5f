# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a task can see of somebody else who changes the same thing while it runs.

The server has no preconditions: the last write wins. So a task reads right before it writes, reads again where it had
to wait in between, and compares what it reads with what its plan is based on. What remains is the time of one request.
"""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource


def may_have_been_carried_out(error: InfisicalError) -> bool:
    return is_lost(error) or error.kind == "server"


def is_at(resource: Resource, current: Wire, stage: Options, sent: Wire | None = None) -> bool:
    """Whether the server holds what ``stage`` says, in every field that it shows; of those only that are ``sent``."""
    held = resource.read(current)
    return all(
        one.type.same(held[one.option], stage[one.option])
        for one in resource.fields
        if one.option in held and one.option in stage and not one.write_only and (sent is None or one.wire in sent)
    )


def refuse_crossed(current: Wire | None, planned: Plan, number: int) -> None:
    """Raises where the plan's write of this number, an update, is no longer based on ``current``, what is there now."""
    if current is None:
        raise crossed(planned, "removed")
    bases = [planned.stage_before(number), planned.stages[number]]
    if not any(is_at(planned.resource, current, base or {}, planned.bodies[number]) for base in bases):
        raise crossed(planned, "changed")


def crossed(planned: Plan, happened: str, error: InfisicalError | None = None) -> InfisicalError:
    """The failure of a task that somebody else has crossed between its read and its write."""
    conflict = reworded(
        error,
        "conflict",
        f"Somebody else {happened} the {planned.resource.title} while this task ran, so the task stopped.",
        advice="Look at what is there now, then run again.",
    )
    conflict.changed = error is not None and may_have_been_carried_out(error)
    return conflict
