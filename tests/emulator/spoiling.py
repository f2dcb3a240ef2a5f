# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Spoiling an answer: JSON patch (RFC 6902: add, replace, remove) with `*` for every key or index, or a function."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Operation = dict[str, Any]
Spoil = list[Operation] | Callable[[Any], Any]
OPERATIONS = {"add": {"op", "path", "value"}, "replace": {"op", "path", "value"}, "remove": {"op", "path"}}


def check(spoil: Spoil) -> None:
    """Refuse what is no patch, when it is asked for and not when it is due."""
    if callable(spoil):
        return
    if not isinstance(spoil, list) or not spoil:
        raise ValueError("spoil is a list of operations")
    for operation in spoil:
        if not isinstance(operation, dict) or OPERATIONS.get(operation.get("op", "")) != operation.keys():
            raise ValueError(f"an operation of spoil has op (add, replace, remove), path and value: {operation}")
        path = operation["path"]
        if not isinstance(path, str) or path[:1] not in ("", "/"):
            raise ValueError(f"a path of spoil is empty or begins with a slash: {path!r}")


def spoilt(spoil: Spoil, answer: Any) -> tuple[Any, bool]:
    """Return the spoilt answer, and whether it differs from the real one: a path may not be in it."""
    changed = copy.deepcopy(answer)
    if callable(spoil):
        changed = spoil(changed)
    else:
        for operation in spoil:
            changed = applied(operation, changed)
    # 1, 1.0 and true are equal in Python.
    return changed, repr(changed) != repr(answer)


def applied(operation: Operation, document: Any) -> Any:
    """Apply one operation; where its path leads nowhere nothing happens."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
    if not parts:
        return None if operation["op"] == "remove" else copy.deepcopy(operation["value"])
    for parent in targets(document, parts[:-1]):
        for key in keys_of(parent, parts[-1], new=operation["op"] == "add"):
            alter(parent, key, operation)
    return document


def targets(node: Any, parts: list[str]) -> Iterator[Any]:
    """Every object and list the path leads to."""
    if not parts:
        yield node
        return
    for key in keys_of(node, parts[0]):
        yield from targets(node[key], parts[1:])


def keys_of(node: Any, part: str, *, new: bool = False) -> list[Any]:
    """The keys or indices a part of a path stands for, the last first so that removing moves none of the others."""
    if isinstance(node, dict):
        if part == "*":
            return list(node)
        return [part] if new or part in node else []
    if not isinstance(node, list):
        return []
    if part == "*":
        return list(reversed(range(len(node))))
    if part == "-":
        return [len(node)] if new else []
    size = len(node) + (1 if new else 0)
    return [int(part)] if part.isdigit() and int(part) < size else []


def alter(parent: Any, key: Any, operation: Operation) -> None:
    if operation["op"] == "remove":
        del parent[key]
    elif operation["op"] == "add" and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(operation["value"]))
    else:
        parent[key] = copy.deepcopy(operation["value"])
