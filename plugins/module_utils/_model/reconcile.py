# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Carries a plan out: its writes, each verified, and what to do when one of them fails or gets lost.

A plan is finished or it stops. It is never replaced by another one: where somebody else has changed the same thing in
between, what the plan was checked against no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import FRESH_FOR
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._model.concurrency import (
    crossed,
    is_at,
    may_have_been_carried_out,
    refuse_crossed,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan, plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource

PAUSES_AFTER_A_LOST_ANSWER = (0.0, 0.5, 1.0, 2.0)
"""Seconds to wait before each look at whether a create of which no answer came was carried out."""


@dataclass(frozen=True)
class Undone:
    """What became of something that had just been created and must not stay: ``sentence`` for the message."""

    sentence: str
    gone: bool


class Store:
    """Where one thing is kept: reads and writes it, with the flat wire form on either side."""

    resource: Resource
    sleep: Callable[[float], None]
    pauses: Iterable[float] = PAUSES_AFTER_A_LOST_ANSWER
    recheck: Callable[[], None] | None = None
    """Raises where an update is no longer based on what is there; for one that has to wait before it is sent."""

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

    def may_adopt(self, error: InfisicalError) -> bool:
        """Whether a create that failed with ``error`` counts as done when the thing is there as planned."""
        return True

    def undo(self) -> Undone:
        """Removes what this task has just created and cannot bring to what is declared: it must not stay more open than
        was asked for."""
        try:
            remove(self)
        except InfisicalError as error:
            return Undone(f"What had been created could not be removed again: {error.message}", False)
        return Undone("What had been created was removed again.", True)


@dataclass(frozen=True)
class Outcome:
    """What was planned, and the thing as it is now: as options and in wire form, None when it is absent.

    In check mode ``options`` is what the plan predicts and ``wire`` what the server holds.
    """

    plan: Plan
    options: Options | None
    wire: Wire | None


def converge(
    store: Store, desired: Options, *, present: bool = True, check_mode: bool = False, resent: Sequence[str] = ()
) -> Outcome:
    """Brings the object in ``store`` to the desired state, with one plan for check mode and run mode."""
    current = store.read()
    if current is None and present:
        store.refuse_absence()
    planned = plan(store.resource, current, desired, present=present, resent=resent)
    store.review(planned, current, check_mode=check_mode)
    if not planned.changed or check_mode:
        return Outcome(planned, planned.after, current)
    return apply(store, planned)


def apply(store: Store, planned: Plan, age: float = 0.0) -> Outcome:
    """Carries the plan out; the outcome holds what is there afterwards. ``age`` is how many seconds ago the plan's base
    was read.

    An InfisicalError that it raises says by ``changed`` whether the plan leaves something changed on the server.
    """
    if planned.action == "delete":
        remove(store)
        return Outcome(planned, None, None)
    created = planned.action == "create"
    if not created and age > FRESH_FOR:
        refuse_crossed(store.read(), planned, 0)
    answer: Wire = {}
    written = 0
    try:
        for body in planned.bodies:
            answer = write(store, planned, body, written)
            written += 1
        answer = verified(store, planned, answer)
    except InfisicalError as error:
        if not written:
            raise
        raise half_done(store, planned, error, written) from error
    # An answer to an update may be empty in what was not sent (server-notes#answers-to-identity-writes).
    sent = planned.bodies[-1]
    fields = {one.wire: one for one in store.resource.fields}
    stored = {
        wire: answer[wire]
        for wire, one in fields.items()
        if wire in answer and not (one.unanswered and wire in sent)
        if created or wire in sent or one.option not in (planned.after or {})
    }
    return Outcome(planned, {**(planned.after or {}), **store.resource.read(stored)}, answer)


def write(store: Store, planned: Plan, body: Wire, number: int) -> Wire:
    """The answer to the plan's write of this number, or what a look shows where the write was carried out all the
    same."""
    creates = planned.action == "create" and number == 0
    store.recheck = None if creates else lambda: refuse_crossed(store.read(), planned, number)
    try:
        return store.create(body) if creates else store.update(body)
    except InfisicalError as error:
        error.message = planned.resource.name_options(error.message)
        if not leaves_a_doubt(error):
            raise
        if may_have_been_carried_out(error):
            # What follows finds out by reading, or leaves it at that.
            error.changed = True
        current = read_after(store, planned, error, creates)
        before = planned.stage_before(number)
        if current is None:
            if creates:
                error.changed = False
                raise
            raise crossed(planned, "removed", error) from error
        if is_at(planned.resource, current, planned.stages[number]):
            if creates and not store.may_adopt(error):
                raise
            return current
        if before is not None and is_at(planned.resource, current, before):
            error.changed = False
            raise
        raise crossed(planned, "made another version of" if creates else "changed", error) from error


def remove(store: Store) -> None:
    """Takes the thing away; that somebody else has done so is as good."""
    try:
        store.delete()
    except InfisicalError as error:
        if not leaves_a_doubt(error):
            raise
        try:
            current = store.read()
        except InfisicalError as unread:
            if unread.kind == "not_found":
                # What it belonged to is gone, and it with that.
                return
            if may_have_been_carried_out(error):
                error.changed = True
            raise unclear(error, unread) from None
        if current is not None:
            error.changed = False
            raise


def leaves_a_doubt(error: InfisicalError) -> bool:
    """Whether a write that failed may have been carried out, or failed because the thing is no longer what it was."""
    if error.kind in ("plan", "permission", "authentication", "rate_limited", "tls"):
        return False
    return is_lost(error) or error.kind == "server" or error.status in (400, 404, 409)


def read_after(store: Store, planned: Plan, error: InfisicalError, creates: bool) -> Wire | None:
    """What is there after a write that failed; a create whose answer was lost gets time to show."""
    pauses = store.pauses if is_lost(error) and creates else (0.0,)
    for pause in pauses:
        store.sleep(pause)
        try:
            current = store.read()
        except InfisicalError as unread:
            if unread.kind == "not_found":
                unread.kind = "conflict"
                unread.changed = False
                unread.message = f"{unread.message} It was there when this task began."
                raise unread from error
            raise unclear(error, unread) from None
        if current is not None:
            return current
    return None


def unclear(error: InfisicalError, unread: InfisicalError) -> InfisicalError:
    """The failure of a write that may have been carried out, as nothing more could be read."""
    error.message = f"{error.message} Whether it was carried out could not be read: {unread.message}"
    return error


def half_done(store: Store, planned: Plan, error: InfisicalError, written: int) -> InfisicalError:
    """The failure of a plan of which the first ``written`` writes have been made."""
    if planned.action != "create":
        error.message = f"{error.message} {written} of {len(planned.bodies)} writes had been made."
        error.changed = True
        return error
    undone = store.undo()
    error.message = f"{error.message} {undone.sentence}"
    error.changed = not undone.gone
    return error


def verified(store: Store, planned: Plan, answer: Wire) -> Wire:
    """The answer, after every field that was sent has been found in it as sent; read again where it lacks one."""
    resource = store.resource
    sent = planned.bodies[-1]
    after: Options = planned.after or {}
    fields = [
        field
        for field in resource.fields
        if field.wire in sent and not field.unanswered
        # A server that does not know the field behaves as desired already.
        and not (field.newer and field.wire not in answer and field.type.same(field.absent_means, after[field.option]))
    ]
    if any(field.wire not in answer for field in fields):
        answer = {**answer, **(store.read() or {})}
    held = resource.read(answer)
    for field in fields:
        if field.option not in held:
            raise InfisicalError("unsupported_by_server", f"This server's {resource.title} has no {field.option}.")
        if not field.type.same(held[field.option], after[field.option]):
            raise stored_otherwise(planned, field, held[field.option])
    return answer


def stored_otherwise(planned: Plan, field: Field, stored: object) -> InfisicalError:
    """What to make of a value that is not the one that was sent: dropped by the server where it is the one from before,
    and otherwise written over by somebody else."""
    desired = (planned.after or {})[field.option]
    before = field.default if planned.before is None else planned.before.get(field.option, field.absent_means)
    dropped = before is None or field.type.same(stored, before)
    return InfisicalError(
        "unsupported_by_server" if dropped else "conflict",
        f"The server took {field.option} {field.displayed(desired)!r} and"
        f" {'stored' if dropped else 'answers'} {field.displayed(stored)!r} instead.",
        advice=None if dropped else "Somebody else may have changed it at the same time. Look, then run again.",
    )
