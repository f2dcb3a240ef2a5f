# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The issue objects of the server's own validator, and the type every rule has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Path = tuple[Any, ...]
Issues = list[dict[str, Any]]
Rule = Callable[[Any, Path, Issues], Any]

MISSING: Any = object()


def kind_of(value: Any) -> str:
    """Name a JSON value the way the validator does."""
    if value is MISSING:
        return "undefined"
    if value is None:
        return "null"
    names = {bool: "boolean", str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names[type(value)]


def refuse_type(issues: Issues, path: Path, expected: str, value: Any) -> Any:
    received = kind_of(value)
    message = "Required" if value is MISSING else f"Expected {expected}, received {received}"
    issues.append(
        {"code": "invalid_type", "expected": expected, "received": received, "path": list(path), "message": message}
    )
    return MISSING


def refuse(issues: Issues, path: Path, message: str, code: str = "custom", **more: Any) -> Any:
    issues.append({"code": code, **more, "message": message, "path": list(path)})
    return MISSING


def too_small(issues: Issues, path: Path, kind: str, minimum: int) -> None:
    text = {
        "number": f"Number must be greater than or equal to {minimum}",
        "string": f"String must contain at least {minimum} character(s)",
        "array": f"Array must contain at least {minimum} element(s)",
    }[kind]
    refuse(issues, path, text, "too_small", minimum=minimum, type=kind, inclusive=True, exact=False)


def too_big(issues: Issues, path: Path, kind: str, maximum: int) -> None:
    text = {
        "number": f"Number must be less than or equal to {maximum}",
        "string": f"String must contain at most {maximum} character(s)",
    }[kind]
    refuse(issues, path, text, "too_big", maximum=maximum, type=kind, inclusive=True, exact=False)
