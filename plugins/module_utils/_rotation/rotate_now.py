# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Rotating now, and waiting for how it ended."""

from __future__ import annotations

from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import Pauses
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_store import (
    RotationStore,
    explained,
)


def rotate_now(store: RotationStore, before: Wire, wait_seconds: float, tell: Callable[[str], None]) -> Wire:
    """The rotation once the keys have been rotated; ``before`` is what it was, by which a rotation is recognised.

    The rotation is asked for once. What is known of an answer that was lost, or of a rotation that was under way
    already, is what the rotation's own times and status say (server-notes#rotating-now).
    """
    refusal: InfisicalError | None = None
    now: Wire | None = None
    try:
        now = store.rotate()
    except InfisicalError as error:
        if not (is_lost(error) or is_in_progress(error) or error.status == 500):
            raise explained(error) from error
        refusal = error
        # From here on it may have made a key.
        refusal.changed = True
    # A plain 500 is the server's last word: there is nothing to wait for.
    final = refusal is not None and not is_lost(refusal) and not is_in_progress(refusal)
    for pause in Pauses(0.0 if final else wait_seconds):
        if now is None or not is_over(before, now):
            if pause:
                tell(f"Rotation '{before['name']}' is not over yet; looking again in {pause:g} s.")
            store.sleep(pause)
            now = read_again(store, refusal)
        if is_over(before, now):
            return succeeded(now, refusal)
    raise refusal if final and refusal else not_over(before, wait_seconds, refusal)


def is_in_progress(error: InfisicalError) -> bool:
    return error.status == 400 and "already in progress" in (error.server_message or "")


def is_over(before: Wire, now: Wire) -> bool:
    """Whether a rotation has ended since ``before``: the status alone still says how the one before it did."""
    times = ("lastRotatedAt", "lastRotationAttemptedAt")
    return any(before.get(one) != now.get(one) for one in times) and now.get("rotationStatus") in ("success", "failed")


def read_again(store: RotationStore, refusal: InfisicalError | None) -> Wire:
    try:
        now = store.read()
    except InfisicalError as error:
        error.message = f"The rotation was asked for, but how it went could not be read. {error.message}"
        error.changed = True
        raise
    if now is None:
        raise refusal or InfisicalError("not_found", "The rotation was deleted while its keys were rotated.")
    return now


def succeeded(now: Wire, refusal: InfisicalError | None) -> Wire:
    if now["rotationStatus"] == "success":
        return now
    said = refusal.server_message if refusal else None
    reason = now.get("lastRotationMessage") or said or "the server gives no reason"
    failed = InfisicalError(
        "server",
        f"Rotating the keys of '{now['name']}' failed: {str(reason).rstrip('.')}.",
        status=refusal.status if refusal else None,
        error=refusal.error if refusal else None,
        server_message=str(reason),
        request_id=refusal.request_id if refusal else None,
        advice="The secrets still hold the key from before. Check that the connection may manage the IAM user's keys.",
    )
    failed.changed = True
    raise failed


ROTATED_TWICE = (
    "The keys of '{}' seem to have been rotated twice at once, by another run or by the schedule as well. Then the"
    " key from before has been deleted. Let whatever uses the keys read the secrets again."
)


def was_rotated_twice(before: Wire, now: Wire) -> bool:
    """Whether somebody else has rotated as well since ``before``: the two keys of a rotation take turns, so that after
    two rotations the first is active again."""
    index = before.get("activeIndex")
    return index is not None and index == now.get("activeIndex")


def not_over(before: Wire, wait_seconds: float, refusal: InfisicalError | None) -> InfisicalError:
    asked = f" {refusal.message}" if refusal else ""
    unclear = InfisicalError(
        refusal.kind if refusal else "server",
        f"Rotation '{before['name']}' does not say after {wait_seconds:g} s whether its keys have been rotated.{asked}",
        status=refusal.status if refusal else None,
        error=refusal.error if refusal else None,
        server_message=refusal.server_message if refusal else None,
        request_id=refusal.request_id if refusal else None,
        advice="Look at its status (aws_iam_rotation_info) before rotating again, or raise wait_timeout.",
    )
    unclear.changed = True
    return unclear
