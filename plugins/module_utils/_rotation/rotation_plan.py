# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan for a key rotation: the plan of its table, and deletion, recreation and immediate rotation.

It is a pure function of current state, desired state and the server's time. Check mode displays it, and a run applies
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import (
    Plan,
    immutable_errors,
    plan,
    planned_create,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import seconds_of_answer
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_table import AWS_IAM_ROTATION

DAY = 86400.0
SCHEDULE = {"auto_rotation_enabled", "rotation_interval", "rotate_at_utc"}


@dataclass(frozen=True)
class DeclaredRotation:
    """Options of a rotation that are not fields of its table."""

    present: bool = True
    recreate: bool = False
    rotate: bool = False
    max_age_days: int | None = None
    delete_secrets: bool = False
    revoke_generated_credentials: bool = False


@dataclass(frozen=True)
class RotationPlan:
    """The plan of a rotation. ``table`` is the plan for its fields. ``replaced`` is the rotation, in flat wire form, to
    delete before ``table`` creates the new one. ``rotate``: rotate the keys now. ``warnings`` describe side effects."""

    table: Plan
    current: Wire | None
    replaced: Wire | None = None
    rotate: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.table.changed or self.rotate

    def diff(self) -> dict[str, Options]:
        diff = self.table.diff()
        if self.replaced is not None:
            removal = Plan(AWS_IAM_ROTATION, "delete", AWS_IAM_ROTATION.read(self.replaced), None)
            diff["before"] = removal.diff()["before"]
        if self.rotate:
            diff["before"]["last_rotated_at"] = (self.current or {}).get("lastRotatedAt")
            diff["after"]["last_rotated_at"] = "(now)"
        return diff


def plan_rotation(current: Wire | None, desired: Options, declared: DeclaredRotation, now: float) -> RotationPlan:
    """Returns the plan, given the current state (flat wire form, None if absent) and the server's time.

    Raises InvalidOptions for changes that are impossible on an existing rotation, unless it may be recreated.
    """
    if not declared.present:
        table = plan(AWS_IAM_ROTATION, current, desired, present=False)
        return RotationPlan(table, current, warnings=tuple(left_behind(current, declared)))
    before = {} if current is None else AWS_IAM_ROTATION.read(current)
    if current is not None and declared.recreate and immutable_errors(AWS_IAM_ROTATION, before, desired):
        table = planned_create(AWS_IAM_ROTATION, merged_options(before, desired))
        return RotationPlan(table, current, replaced=current, warnings=tuple(cost_of_recreation(current)))
    table = plan(AWS_IAM_ROTATION, current, desired)
    if current is None:
        return RotationPlan(table, None, warnings=tuple(cost_of_creation(table.after or {})))
    rotate = is_due(current, declared, now)
    warned = not rotate and SCHEDULE & set(table.changed_options) and sets_off(current, table.after or {}, now)
    return RotationPlan(table, current, rotate=rotate, warnings=(SET_OFF.format(current["name"]),) if warned else ())


SET_OFF = (
    "With this schedule, the next rotation of '{}' is due before the end of this day (UTC), so the server may rotate"
    " the keys immediately."
)


def merged_options(before: Options, desired: Options) -> Options:
    types = {field.option: field.type for field in AWS_IAM_ROTATION.fields}
    return {**before, **{option: types[option].merged(before[option], value) for option, value in desired.items()}}


def is_due(current: Wire, declared: DeclaredRotation, now: float) -> bool:
    """Returns whether this run has to rotate the keys: with ``max_age_days``, only if they are older."""
    if declared.max_age_days is None:
        return declared.rotate
    rotated_at = moment(current.get("lastRotatedAt"))
    return rotated_at is None or now - rotated_at > declared.max_age_days * DAY


def sets_off(current: Wire, after: Options, now: float) -> bool:
    """Returns whether the server may rotate immediately with this schedule: it queues a rotation that would be due
    before the next day in UTC (server-notes#schedules-that-rotate-at-once). After a failure, it retries at the next
    time of day."""
    if not after.get("auto_rotation_enabled"):
        return False
    rotated_at = moment(current.get("lastRotatedAt"))
    if rotated_at is None or current.get("rotationStatus") == "failed":
        return True
    at = after["rotate_at_utc"]
    due = datetime.fromtimestamp(rotated_at, timezone.utc) + timedelta(days=after["rotation_interval"])
    due = due.replace(hour=at["hours"], minute=at["minutes"], second=0, microsecond=0)
    tomorrow = (now // DAY + 1) * DAY
    return due.timestamp() < tomorrow


def moment(text: Any) -> float | None:
    """Converts a time of the API to seconds since 1970."""
    return seconds_of_answer(str(text), "lastRotatedAt") if text else None


def left_behind(current: Wire | None, declared: DeclaredRotation) -> list[str]:
    """Returns warnings about keys and secrets that remain after the deletion."""
    if current is None:
        return []
    warnings = []
    if not declared.revoke_generated_credentials:
        warnings.append(
            f"The AWS access keys that rotation '{current['name']}' has issued for IAM user"
            f" {current['parameters']['userName']} remain active, and are no longer rotated. To delete them with"
            " the rotation, set revoke_generated_credentials: true."
        )
    if not declared.delete_secrets:
        names = " and ".join(current["secretsMapping"].values())
        warnings.append(
            f"The secrets {names} remain in {place_of(current)} as ordinary secrets. To delete them with the rotation,"
            " set delete_secrets: true."
        )
    return warnings


def cost_of_creation(after: Options) -> list[str]:
    user = after["parameters"]["user_name"]
    return [
        f"Creating the rotation issues a new access key for IAM user {user}. If the user already has two keys, the"
        " server deletes the older one, because AWS allows no third."
    ]


def cost_of_recreation(current: Wire) -> list[str]:
    return [
        f"Rotation '{current['name']}' in {place_of(current)} is deleted with its secrets, the keys it issued for IAM"
        f" user {current['parameters']['userName']} are revoked, and it is recreated with a new key. In the meantime,"
        " none of its keys works."
    ]


def place_of(wire: Wire) -> str:
    """Returns the place of a rotation in flat wire form, for messages."""
    return f"{wire['environment']}:{wire['secretPath']}"
