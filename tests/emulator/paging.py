# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages and searches of lists."""

from __future__ import annotations

import re
from typing import Any

from .profiles import Profile
from .schema import MISSING, Field, coerced_number

TOKEN = re.compile(r"\\(.)|([%_])|(.)", re.DOTALL)
WILD = {"%": ".*", "_": "."}


def page_fields(profile: Profile, *, maximum: int, default: int) -> dict[str, Field]:
    return {
        "offset": Field(coerced_number(minimum=0), default=0),
        "limit": Field(
            coerced_number(minimum=1, maximum=maximum), default=default if profile.limits_by_default else MISSING
        ),
    }


def page(rows: list[Any], query: dict[str, Any]) -> list[Any]:
    """The rows asked for; without a limit the offset counts for nothing."""
    if "limit" not in query:
        return rows
    return rows[query["offset"] : query["offset"] + query["limit"]]


def found(profile: Profile, needle: str, name: str) -> bool:
    """Whether a name contains what is searched for, in any case."""
    if not profile.search_wildcards:
        return needle.lower() in name.lower()
    return like(f"%{needle}%", name)


def like(pattern: str, text: str) -> bool:
    """SQL's ILIKE: `%` is any text, `_` any character, a backslash takes what follows as it is."""
    parts = [WILD[match[2]] if match[2] else re.escape(match[1] or match[3]) for match in TOKEN.finditer(pattern)]
    return re.fullmatch("".join(parts), text, re.DOTALL | re.IGNORECASE) is not None
