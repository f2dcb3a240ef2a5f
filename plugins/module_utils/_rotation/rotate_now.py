# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Rotates the keys now and waits for the result."""

from __future__ import annotations

from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import Pauses
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_store import (
    RotationStore,
    explained,
)


def rotate_now(store: RotationStore, before: Wire, wait_seconds: float, progress: Callable[[str], None]) -> Wire:
    """Rotates the keys and returns the rotation afterwards. Comparison with ``before`` detects that it has happened.

    The request is sent once. If its answer is lost, or a rotation was already in progress, the result is determined
    from the rotation's times and status (server-notes#rotating-now).
    """
    failure: InfisicalError | None = None
    now: Wire | None = None
    try:
        now = store.rotate()
    except InfisicalError as error:
        if not (is_lost(error) or is_in_progress(error) or error.status == 500):
            raise explained(error) from error
        failure = error
        # From here on, a key may have been issued.
        failure.changed = True
    # A plain 500 is final: there is nothing to wait for.
    final = failure is not None and not is_lost(failure) and not is_in_progress(failure)
    for pause in Pauses(0.0 if final else wait_seconds):
        if now is None or not is_over(before, now):
            if pause:
                progress(f"Rotation '{before['name']}' is still in progress; checking again in {pause:g} s.")
            store.sleep(pause)
            now = read_again(store, failure)
        if is_over(before, now):
            return succeeded(now, failure)
    raise failure if final and failure else not_over(before, wait_seconds, failure)


def is_in_progress(error: InfisicalError) -> bool:
    return error.status == 400 and "already in progress" in (error.server_message or "")


def is_over(before: Wire, now: Wire) -> bool:
    """Returns whether a rotation has ended since ``before``. The status alone may still be that of the previous one."""
    times = ("lastRotatedAt", "lastRotationAttemptedAt")
    return any(before.get(one) != now.get(one) for one in times) and now.get("rotationStatus") in ("success", "failed")


def read_again(store: RotationStore, failure: InfisicalError | None) -> Wire:
    try:
        now = store.read()
    except InfisicalError as error:
        error.message = f"The rotation was requested, but its result could not be read. {error.message}"
        error.changed = True
        raise
    if now is None:
        raise failure or InfisicalError("not_found", "The rotation was deleted while its keys were rotated.")
    return now


def succeeded(now: Wire, failure: InfisicalError | None) -> Wire:
    if now["rotationStatus"] == "success":
        return now
    said = failure.server_message if failure else None
    reason = now.get("lastRotationMessage") or said or "the server gives no reason"
    failed = reworded(
        failure,
        "server",
        f"Rotating the keys of '{now['name']}' failed: {str(reason).rstrip('.')}.",
        advice="The secrets still contain the previous key. Check that the connection may manage the IAM user's keys.",
    )
    failed.server_message = str(reason)
    failed.changed = True
    raise failed


ROTATED_TWICE = (
    "The keys of '{}' seem to have been rotated twice at the same time, by another run or by the schedule. If so, the"
    " previous key has been deleted. Applications that use the keys must read the secrets again."
)


def was_rotated_twice(before: Wire, now: Wire) -> bool:
    """Returns whether another client has also rotated since ``before``: the two keys of a rotation alternate, so after
    two rotations the first one is active again."""
    index = before.get("activeIndex")
    return index is not None and index == now.get("activeIndex")


def not_over(before: Wire, wait_seconds: float, failure: InfisicalError | None) -> InfisicalError:
    asked = f" {failure.message}" if failure else ""
    unclear = reworded(
        failure,
        failure.kind if failure else "server",
        f"Rotation '{before['name']}' does not report after {wait_seconds:g} s whether its keys have been rotated."
        f"{asked}",
        advice="Check its status (aws_iam_rotation_info) before you rotate again, or increase wait_timeout.",
    )
    unclear.changed = True
    return unclear
