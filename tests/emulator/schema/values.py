# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules for single values: texts, numbers, flags, identifiers, times, and lists that are one comma-joined text."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from .issues import MISSING, Issues, Path, Rule, refuse, refuse_type, too_big, too_small

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)


def text(
    *,
    trim: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    check: tuple[Callable[[str], bool], str] | None = None,
    then: Callable[[str], Any] | None = None,
) -> Rule:
    """A string: trimmed, measured, checked, and brought to its stored form, in that order."""

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, str):
            return refuse_type(issues, path, "string", value)
        value = value.strip() if trim else value
        before = len(issues)
        if minimum is not None and len(value) < minimum:
            too_small(issues, path, "string", minimum)
        if maximum is not None and len(value) > maximum:
            too_big(issues, path, "string", maximum)
        if check and not check[0](value):
            refuse(issues, path, check[1])
        return then(value) if then and len(issues) == before else value

    return rule


def number(
    *, minimum: int | None = None, maximum: int | None = None, whole: bool = False, nonzero: str | None = None
) -> Rule:
    """A number; `nonzero` is the text of the extra rule some releases have (server-notes#lifetime-bounds)."""

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return refuse_type(issues, path, "number", value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if whole and not isinstance(value, int):
            text = "Expected integer, received float"
            return refuse(issues, path, text, "invalid_type", expected="integer", received="float")
        if minimum is not None and value < minimum:
            too_small(issues, path, "number", minimum)
        if maximum is not None and value > maximum:
            too_big(issues, path, "number", maximum)
        if nonzero and value == 0:
            refuse(issues, path, nonzero)
        return value

    return rule


def coerced_number(*, minimum: int | None = None, maximum: int | None = None) -> Rule:
    """A number that may come as text, as every query parameter does."""
    inner = number(minimum=minimum, maximum=maximum)

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        try:
            value = float(value)
        except (TypeError, ValueError):
            text = "Expected number, received nan"
            return refuse(issues, path, text, "invalid_type", expected="number", received="nan")
        return inner(value, path, issues)

    return rule


def boolean(value: Any, path: Path, issues: Issues) -> Any:
    return value if isinstance(value, bool) else refuse_type(issues, path, "boolean", value)


def query_boolean(value: Any, path: Path, issues: Issues) -> Any:
    """A flag in a query string: the words true and false, nothing else (server-notes#null-and-numeric-texts)."""
    checked = one_of("true", "false")(value, path, issues)
    return checked if checked is MISSING else checked == "true"


def one_of(*options: str) -> Rule:
    expected = " | ".join(f"'{option}'" for option in options)

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, str):
            return refuse_type(issues, path, expected, value)
        if value not in options:
            text = f"Invalid enum value. Expected {expected}, received '{value}'"
            refuse(issues, path, text, "invalid_enum_value", received=value, options=list(options))
        return value

    return rule


def url(value: Any, path: Path, issues: Issues) -> Any:
    if not isinstance(value, str):
        return refuse_type(issues, path, "string", value)
    if not is_url(value):
        refuse(issues, path, "Invalid url", "invalid_string", validation="url")
    if not value:
        too_small(issues, path, "string", 1)
    return value


def is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


def is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def uuid_text(value: Any, path: Path, issues: Issues) -> Any:
    if not isinstance(value, str):
        return refuse_type(issues, path, "string", value)
    if not is_uuid(value):
        refuse(issues, path, "Invalid uuid", "invalid_string", validation="uuid")
    return value.lower()


def utc_time(value: Any, path: Path, issues: Issues) -> Any:
    """A moment in UTC, written with Z: other offsets are refused (server-notes#temporary-roles)."""
    if not isinstance(value, str):
        return refuse_type(issues, path, "string", value)
    if not is_utc_time(value):
        refuse(issues, path, "Invalid datetime", "invalid_string", validation="datetime")
    return value


def is_utc_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return UTC_TIME.fullmatch(value) is not None


def slug(minimum: int = 1, maximum: int = 64) -> Rule:
    return text(
        trim=True,
        minimum=minimum,
        maximum=maximum,
        check=(lambda value: SLUG.fullmatch(value) is not None, "Slug must be a valid slug"),
    )


def comma_list(
    pattern: str = "",
    message: str = "",
    *,
    drop_empty: bool = False,
    braces: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    empty: Any = "",
) -> Rule:
    """A comma-joined list: items trimmed, checked one by one, joined with comma and blank
    (server-notes#comma-lists).

    With `braces` a comma inside of `{}` belongs to the item, which is then a pattern.
    """
    item = re.compile(pattern, re.ASCII) if pattern else None

    def items(value: str) -> list[str]:
        parts = [part.strip() for part in (outside_braces(value) if braces else value.split(","))]
        return [part for part in parts if part] if drop_empty else parts

    def valid(value: str) -> bool:
        return not value or item is None or all(item.fullmatch(part) for part in items(value))

    def joined(value: str) -> Any:
        return ", ".join(items(value)) or empty if value else empty

    # Blanks alone are the empty list where items have a form, two empty items where they have none
    # (server-notes#empty-list-elements).
    return text(trim=bool(item), minimum=minimum, maximum=maximum, check=(valid, message), then=joined)


def outside_braces(value: str) -> list[str]:
    """Split at the commas that no brace encloses."""
    parts, depth = [""], 0
    for character in value:
        depth = max(0, depth + {"{": 1, "}": -1}.get(character, 0))
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
