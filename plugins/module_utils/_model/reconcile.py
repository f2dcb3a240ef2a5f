# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Applies a plan: verifies its writes, and handles failed writes and lost answers.

A plan is completed or stops. It is never replaced by another one: if another client has changed the same object, the
checks of the plan are no longer valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import FRESH_FOR
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._model.concurrency import (
    changed_by_another_client,
    is_at,
    may_have_been_carried_out,
    require_unchanged,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan, plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import LEFT_OUT

PAUSES_AFTER_A_LOST_ANSWER = (0.0, 0.5, 1.0, 2.0)
"""Seconds to wait before each check whether an unanswered create was carried out."""


def no_mask(_secret: str) -> None:
    """Does not mask: for objects without secrets."""


@dataclass(frozen=True)
class Undone:
    """The result of removing an object that was just created: ``sentence`` is for the message."""

    sentence: str
    gone: bool


class Store:
    """Reads and writes one object in flat wire form."""

    resource: Resource
    sleep: Callable[[float], None]
    pauses: Iterable[float] = PAUSES_AFTER_A_LOST_ANSWER
    recheck: Callable[[], None] | None = None
    """Raises InfisicalError if an update is no longer based on the current state. Called if it had to wait."""

    def read(self) -> Wire | None:
        """Returns the current state, None if the object does not exist."""
        raise NotImplementedError

    def check_creatable(self) -> None:
        """Raises InfisicalError before planning if the object does not exist and cannot be created."""

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        """Raises InfisicalError before the first write if something is known to prevent the plan."""

    def create(self, body: Wire) -> Wire:
        raise NotImplementedError

    def update(self, body: Wire) -> Wire:
        raise NotImplementedError

    def delete(self) -> None:
        raise NotImplementedError

    def may_adopt(self, error: InfisicalError) -> bool:
        """Returns whether a create that failed with ``error`` counts as successful if the object exists as planned."""
        return True

    def undo(self) -> Undone:
        """Removes an object that this task has created but cannot converge, because it must not
        remain more open than desired."""
        try:
            remove(self)
        except InfisicalError as error:
            return Undone(f"The created object could not be removed again: {error.message}", False)
        return Undone("The created object was removed again.", True)


@dataclass(frozen=True)
class Outcome:
    """The plan, and the object afterwards: as options and in wire form, None if it is absent.

    In check mode, ``options`` is the prediction of the plan and ``wire`` the current state.
    """

    plan: Plan
    options: Options | None
    wire: Wire | None


def converge(
    store: Store, desired: Options, *, present: bool = True, check_mode: bool = False, resent: Sequence[str] = ()
) -> Outcome:
    """Brings the object in ``store`` to the desired state, with the same plan in check mode and in a run."""
    current = store.read()
    if current is None and present:
        store.check_creatable()
    planned = plan(store.resource, current, desired, present=present, resent=resent)
    store.review(planned, current, check_mode=check_mode)
    if not planned.changed or check_mode:
        return Outcome(planned, planned.after, current)
    return apply(store, planned)


def apply(store: Store, planned: Plan, age: float = 0.0) -> Outcome:
    """Applies the plan and returns the outcome. ``age`` is the number of seconds since the base of the plan was read.

    Raises InfisicalError, whose ``changed`` says whether the plan has changed something on the server.
    """
    if planned.action == "delete":
        remove(store)
        return Outcome(planned, None, None)
    created = planned.action == "create"
    if not created and age > FRESH_FOR:
        require_unchanged(store.read(), planned, 0)
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
    # The answer to an update may lack fields that were not sent (server-notes#answers-to-identity-writes).
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
    """Sends the write with this number and returns the answer, or the current state if the
    write failed but was carried out."""
    creates = planned.action == "create" and number == 0
    store.recheck = None if creates else lambda: require_unchanged(store.read(), planned, number)
    try:
        return store.create(body) if creates else store.update(body)
    except InfisicalError as error:
        error.message = planned.resource.name_options(error.message)
        if not leaves_a_doubt(error):
            raise
        if may_have_been_carried_out(error):
            # The next steps read the current state, or report the failure.
            error.changed = True
        current = read_after(store, planned, error, creates)
        before = planned.stage_before(number)
        if current is None:
            if creates:
                error.changed = False
                raise
            raise changed_by_another_client(planned, "removed", error) from error
        done = is_at(planned.resource, current, planned.stages[number])
        undone = before is not None and is_at(planned.resource, current, before)
        if done and not undone:
            if creates and not store.may_adopt(error):
                raise
            return current
        if undone:
            # Both are true if the server never returns what was to be written. Then the result cannot be determined.
            error.changed = done and may_have_been_carried_out(error)
            raise
        happened = "created another version of" if creates else "changed"
        raise changed_by_another_client(planned, happened, error) from error


def remove(store: Store) -> None:
    """Deletes the object. Succeeds if another client has deleted it."""
    try:
        store.delete()
    except InfisicalError as error:
        if not leaves_a_doubt(error):
            raise
        try:
            current = store.read()
        except InfisicalError as unread:
            if unread.kind == "not_found":
                # The parent object was deleted, and this one with it.
                return
            if may_have_been_carried_out(error):
                error.changed = True
            raise unclear(error, unread) from None
        if current is not None:
            error.changed = False
            raise


def leaves_a_doubt(error: InfisicalError) -> bool:
    """Returns whether a failed write may have been carried out, or failed because the object has changed."""
    if error.kind in ("plan", "permission", "authentication", "rate_limited", "tls"):
        return False
    return is_lost(error) or error.kind == "server" or error.status in (400, 404, 409)


def read_after(store: Store, planned: Plan, error: InfisicalError, creates: bool) -> Wire | None:
    """Returns the current state after a failed write. Waits for the object if the answer to a create was lost."""
    pauses = store.pauses if is_lost(error) and creates else (0.0,)
    for pause in pauses:
        store.sleep(pause)
        try:
            current = store.read()
        except InfisicalError as unread:
            if unread.kind == "not_found":
                unread.kind = "conflict"
                unread.changed = False
                unread.message = f"{unread.message} It existed when this task began."
                raise unread from error
            raise unclear(error, unread) from None
        if current is not None:
            return current
    return None


def unclear(error: InfisicalError, unread: InfisicalError) -> InfisicalError:
    """Returns the error for a write that may have been carried out, if the current state could not be read."""
    error.message = f"{error.message} It may have been carried out. A read failed: {unread.message}"
    return error


def half_done(store: Store, planned: Plan, error: InfisicalError, written: int) -> InfisicalError:
    """Returns the error for a plan whose first ``written`` writes were carried out."""
    if planned.action != "create":
        error.message = f"{error.message} {written} of {len(planned.bodies)} writes were carried out."
        error.changed = True
        return error
    undone = store.undo()
    error.message = f"{error.message} {undone.sentence}"
    error.changed = not undone.gone
    return error


def verified(store: Store, planned: Plan, answer: Wire) -> Wire:
    """Returns the answer after checking that it contains every field as sent. Reads again if it lacks a field."""
    resource = store.resource
    after: Options = planned.after or {}
    fields = [
        field
        for field in resource.fields
        if is_written(planned, field)
        and not (field.unanswered or field.write_only)
        # A server that does not know the field behaves as desired already.
        and not (field.newer and field.wire not in answer and field.type.same(field.absent_means, after[field.option]))
    ]
    if any(field.wire not in answer for field in fields) or provides_unanswered(planned):
        answer = {**answer, **(store.read() or {})}
    held = resource.read(answer)
    for field in fields:
        if field.option not in held:
            raise InfisicalError("unsupported_by_server", f"This server's {resource.title} has no {field.option}.")
        if not field.type.same(held[field.option], after[field.option]):
            raise stored_otherwise(planned, field, held[field.option])
    return answer


def is_written(planned: Plan, field: Field) -> bool:
    """Whether the last write sets the field: by sending it, or, in an update, by leaving out what it clears, or by
    changing the variant, which empties the fields of the other."""
    if field.wire in planned.bodies[-1]:
        return True
    after: Options = planned.after or {}
    changed = planned.action == "update" and field.option in planned.changed_options and field.option in after
    return changed and (not field.is_in_variant(after) or field.type.to_wire(after[field.option]) is LEFT_OUT)


def provides_unanswered(planned: Plan) -> bool:
    """Whether the last write lets an option provide what only a read shows, such as a template's credentials."""
    after: Options = planned.after or {}
    return any(one.unanswered and one.option not in after and one.is_provided(after) for one in planned.resource.fields)


def stored_otherwise(planned: Plan, field: Field, stored: object) -> InfisicalError:
    """Returns the error for a value that differs from the sent one: ignored by the server if it is the previous value,
    otherwise overwritten by another client."""
    desired = (planned.after or {})[field.option]
    before = field.default if planned.before is None else planned.before.get(field.option, field.absent_means)
    dropped = before is None or field.type.same(stored, before)
    return InfisicalError(
        "unsupported_by_server" if dropped else "conflict",
        f"The server accepted {field.option} {field.displayed(desired)!r}, but"
        f" {'stored' if dropped else 'returned'} {field.displayed(stored)!r} instead.",
        advice=None if dropped else "Another client may have changed it. Check it, then run the task again.",
    )
