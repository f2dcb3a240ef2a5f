# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rotation itself: schedule, new keys, and the secrets of the folder that carry them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .errors import ApiError, bad_request
from .principals import issued, keep
from .project_rows import Folder, Secret
from .rotation_rows import Rotation
from .world import World, new_id


def schedule(rotation: Rotation) -> None:
    """Set the next time: so many days after the last, at the time of day; none without auto rotation
    (server-notes#schedules-that-rotate-at-once)."""
    if not rotation.automatic:
        rotation.next_at = None
        return
    day = datetime.fromtimestamp(rotation.rotated_at, UTC) + timedelta(days=rotation.interval)
    at = day.replace(hour=rotation.rotate_at["hours"], minute=rotation.rotate_at["minutes"], second=0, microsecond=0)
    rotation.next_at = at.timestamp()


def rotate(world: World, rotation: Rotation, *, manual: bool) -> None:
    """Issue new keys and put them into the folder; only one at a time."""
    if not claimed(world, rotation):
        raise bad_request("A rotation is already in progress. Please try again shortly.")
    carry_out(world, rotation, manual=manual)


def claimed(world: World, rotation: Rotation) -> bool:
    """Take the one turn there is, unless another request has it."""
    with world.lock:
        free = not rotation.busy
        rotation.busy = True
        return free


def carry_out(world: World, rotation: Rotation, *, manual: bool) -> None:
    try:
        connection = world.connections[rotation.connection_id]
        pair = issued(world, connection, rotation.parameters["userName"], status=500)
        with world.lock:
            rotation.accept(pair, world.clock.now(), manual=manual)
            write_secrets(world, rotation)
            keep(world, pair)
    except ApiError as error:
        rotation.status, rotation.message = "failed", str(error.message)
        rotation.attempted_at = world.clock.now()
        raise
    finally:
        schedule(rotation)
        rotation.busy = False


def run_due(world: World) -> None:
    """Do what the server's scheduler would have done by now; after a change of the schedule that may be at once."""
    for rotation in list(world.rotations.values()):
        if rotation.next_at is None or rotation.next_at > world.clock.now() or not claimed(world, rotation):
            continue
        try:
            carry_out(world, rotation, manual=False)
        except ApiError:
            # Not every request shall try again: the next attempt is a day away.
            rotation.next_at = world.clock.now() + 86_400


def write_secrets(world: World, rotation: Rotation) -> None:
    folder = world.folders[rotation.folder_id]
    now = world.clock.stamp()
    for part, name in rotation.mapping.items():
        secret = folder.secrets.get(name)
        if secret is None:
            secret = folder.secrets[name] = Secret(new_id(), name, "", now, now, version=0, rotation_id=rotation.id)
        secret.secret_value = rotation.active[part]
        secret.version += 1
        secret.updated_at = now


def taken_names(folder: Folder, names: list[str], own: str | None = None) -> list[str]:
    """Which of the names are secrets already, other than this rotation's own."""
    return [name for name in names if name in folder.secrets and (not own or folder.secrets[name].rotation_id != own)]


def rename_secrets(folder: Folder, old: dict[str, str], new: dict[str, str]) -> None:
    """Changing the mapping renames the live secrets at once (server-notes#place-of-a-rotation)."""
    moved = {new[part]: folder.secrets.pop(name) for part, name in old.items() if name in folder.secrets}
    for name, secret in moved.items():
        secret.key = name
    folder.secrets.update(moved)
