# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Walking the folders of an environment."""

from __future__ import annotations

from .project_rows import Environment, Folder, new_id
from .world import World


def parts_of(path: str) -> list[str]:
    """Split a path; slashes at the ends and in a row do not matter (server-notes#folders)."""
    return [part for part in path.split("/") if part]


def root(world: World, environment: Environment) -> Folder:
    return next(
        folder
        for folder in world.folders.values()
        if folder.environment_id == environment.id and folder.parent_id is None
    )


def child(world: World, parent: Folder, name: str) -> Folder | None:
    for folder in world.folders.values():
        if (folder.parent_id, folder.name) == (parent.id, name):
            return folder
    return None


def find(world: World, environment: Environment, path: str) -> Folder | None:
    folder: Folder | None = root(world, environment)
    for part in parts_of(path):
        folder = child(world, folder, part) if folder else None
    return folder


def make(world: World, environment: Environment, path: str, description: str | None = None) -> Folder:
    """Find or make a folder together with its parents (server-notes#folders)."""
    folder = root(world, environment)
    now = world.clock.stamp()
    for part in parts_of(path):
        found = child(world, folder, part)
        if found is None:
            found = Folder(new_id(), part, environment.id, environment.project_id, folder.id, now, now)
            found.description = description
            world.folders[found.id] = found
        folder = found
    return folder


def children(world: World, parent: Folder) -> list[Folder]:
    return [folder for folder in world.folders.values() if folder.parent_id == parent.id]


def path_of(world: World, folder: Folder) -> str:
    names: list[str] = []
    while folder.parent_id is not None:
        names.insert(0, folder.name)
        folder = world.folders[folder.parent_id]
    return "/" + "/".join(names)


def remove(world: World, folder: Folder) -> None:
    for below in children(world, folder):
        remove(world, below)
    del world.folders[folder.id]
