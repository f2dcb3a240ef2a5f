# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Read, plan, apply, verify: the one way in which anything that Infisical has is kept as declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError, LostAnswer
from ansible_collections.machineid.infisical.plugins.module_utils._fields import Options, Resource, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._plan import Plan, plan

PAUSES_AFTER_A_LOST_ANSWER = (0.0, 0.5, 1.0, 2.0)
"""Seconds to wait before each look at whether a create of which no answer came was carried out."""


class Store:
    """Where one thing is kept: reads and writes it, with the flat wire form on either side."""

    resource: Resource
    sleep: Callable[[float], None]
    pauses: Sequence[float] = PAUSES_AFTER_A_LOST_ANSWER

    def read(self) -> Wire | None:
        """What the server holds, None when the thing is not there."""
        raise NotImplementedError

    def refuse_absence(self) -> None:
        """Raises, before anything is planned, where what is not there cannot be created either."""

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        """Raises what is known to stand in the way of the plan, before its first write."""

    def create(self, body: Wire) -> Wire:
        raise NotImplementedError

    def update(self, body: Wire) -> Wire:
        raise NotImplementedError

    def delete(self) -> None:
        raise NotImplementedError

    def undo(self) -> str:
        """Removes what this task has just created and cannot bring to what is declared: it must not stay more open than
        was asked for. Answers the sentence that says so."""
        try:
            self.delete()
        except InfisicalError as error:
            return f"What had been created could not be removed again: {error.message}"
        return "What had been created was removed again."


@dataclass(frozen=True)
class Outcome:
    """What was planned, and the thing as it is now: as options and in wire form, None when it is absent.

    In check mode ``options`` is what the plan predicts and ``wire`` what the server holds.
    """

    plan: Plan
    options: Options | None
    wire: Wire | None


def converge(
    store: Store, wanted: Options, *, present: bool = True, check_mode: bool = False, resent: Sequence[str] = ()
) -> Outcome:
    """Brings the thing in ``store`` to what is ``wanted``, with one plan for check mode and run mode."""
    current = store.read()
    if current is None and present:
        store.refuse_absence()
    planned = plan(store.resource, current, wanted, present=present, resent=resent)
    store.review(planned, current, check_mode=check_mode)
    if not planned.changed or check_mode:
        return Outcome(planned, planned.after, current)
    return apply(store, planned, wanted, present)


def apply(store: Store, planned: Plan, wanted: Options, present: bool) -> Outcome:
    """Carries the plan out; the outcome holds what is there afterwards."""
    try:
        options, wire = carry_out(store, planned)
    except InfisicalError as error:
        if error.kind == "plan" or not (is_lost(error) or error.kind == "server" or error.status in (400, 404, 409)):
            raise
        current = read_after(store, error, planned)
        if (current is None) == (planned.before is None):
            raise
        # The write was carried out after all, or somebody else was faster: go on from what is there now.
        rest = plan(store.resource, current, wanted, present=present)
        options, wire = carry_out(store, rest) if rest.changed else (rest.after, current)
    return Outcome(planned, options, wire)


def is_lost(error: InfisicalError) -> bool:
    """Whether no answer came, or a proxy's in place of the server's, which may still be at it."""
    return isinstance(error, LostAnswer) or error.status in (502, 503, 504)


def read_after(store: Store, error: InfisicalError, planned: Plan) -> Wire | None:
    """What is there after a write that failed; a create whose answer was lost gets time to show."""
    pauses = store.pauses if is_lost(error) and planned.action == "create" else (0.0,)
    for pause in pauses:
        store.sleep(pause)
        try:
            current = store.read()
        except InfisicalError:
            raise error from None
        if current is not None:
            return current
    return None


def carry_out(store: Store, planned: Plan) -> tuple[Options | None, Wire | None]:
    """Makes the plan's writes; answers the thing as options and in wire form."""
    if planned.action == "delete":
        store.delete()
        return None, None
    created = planned.action == "create"
    answer: Wire = {}
    written = 0
    try:
        for body in planned.bodies:
            answer = store.create(body) if created and not written else store.update(body)
            written += 1
        answer = verified(store, planned, answer)
    except InfisicalError as error:
        if written and created:
            error.message = f"{error.message} {store.undo()}"
        elif written:
            error.message = f"{error.message} {written} of {len(planned.bodies)} writes had been made."
        raise
    # An answer to an update may be empty in what was not sent (quirks.md §13).
    sent = planned.bodies[-1]
    stored = {wire: value for wire, value in answer.items() if created or wire in sent}
    return {**(planned.after or {}), **store.resource.read(stored)}, answer


def verified(store: Store, planned: Plan, answer: Wire) -> Wire:
    """The answer, after every field that was sent has been found in it as sent; read again where it lacks one."""
    resource = store.resource
    sent = planned.bodies[-1]
    wishes: Options = planned.after or {}
    fields = [
        field
        for field in resource.fields
        if field.wire in sent and not field.unanswered
        # A server that does not know the field behaves as wished already.
        and not (field.newer and field.wire not in answer and field.kind.same(field.absent_means, wishes[field.option]))
    ]
    if any(field.wire not in answer for field in fields):
        answer = {**answer, **(store.read() or {})}
    for field in fields:
        wish = wishes[field.option]
        if field.wire not in answer:
            raise InfisicalError("unsupported_by_server", f"This server's {resource.title} has no {field.option}.")
        stored = field.kind.from_wire(answer[field.wire])
        if not field.kind.same(stored, wish):
            raise InfisicalError(
                "unsupported_by_server",
                f"The server took {field.option} {field.kind.shown(wish)!r}"
                f" and stored {field.kind.shown(stored)!r} instead.",
            )
    return answer
