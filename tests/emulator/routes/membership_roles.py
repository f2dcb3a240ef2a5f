# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The roles of a project membership: how they are written, stored and answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..call import Call
from ..clock import iso, moment
from ..errors import bad_request, not_found
from ..routing import Routes
from ..schema import MISSING, Field, Issues, Path, refuse_type, required, shape, text, union, utc_time
from ..world import Row, new_id

# This module serves nothing itself.
routes = Routes()

BUILT_IN = ("admin", "member", "viewer", "no-access")
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w|y)?")
SECONDS = {None: 0.001, "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600}


def seconds(text: str) -> float:
    """Read a duration such as 30m, 1h or 7d; 0 for what is none."""
    match = RANGE.fullmatch(text.strip())
    return float(match[1]) * SECONDS[match[2]] if match else 0


def literal(wanted: Any, written: str) -> Callable[[Any, Path, Issues], Any]:
    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if isinstance(wanted, str) and not isinstance(value, str):
            return refuse_type(issues, path, written, value)
        if value is not wanted and value != wanted:
            message = f"Invalid literal value, expected {written}"
            received = None if value is MISSING else value
            issues.append(
                {
                    "received": received,
                    "code": "invalid_literal",
                    "expected": wanted,
                    "path": list(path),
                    "message": message,
                }
            )
        return value

    return rule


PERMANENT = shape({"role": required(text()), "isTemporary": Field(literal(False, "false"), default=False)})
# Of roles and of additional privileges alike (server-notes#temporary-roles).
TERMS = {
    "isTemporary": required(literal(True, "true")),
    "temporaryMode": required(literal("relative", "'relative'")),
    "temporaryRange": required(
        text(check=(lambda value: seconds(value) > 0, "Temporary range must be a positive number"))
    ),
    "temporaryAccessStartTime": required(utc_time),
}
TEMPORARY = shape({"role": required(text()), **TERMS})


role = union(PERMANENT, TEMPORARY)


def plain_role(membership_id: str, slug: str, now: str) -> Row:
    return stored_role(membership_id, {"role": slug, "isTemporary": False}, None, now)


def stored_role(membership_id: str, wanted: Row, custom_id: str | None, now: str) -> Row:
    """The stored role, with the end of a temporary one computed."""
    temporary = wanted["isTemporary"]
    start = moment(wanted["temporaryAccessStartTime"]) if temporary else 0.0
    return {
        "id": new_id(),
        "role": "custom" if custom_id else wanted["role"],
        "projectMembershipId": membership_id,
        "customRoleId": custom_id,
        "isTemporary": temporary,
        "temporaryMode": wanted["temporaryMode"] if temporary else None,
        "temporaryRange": wanted["temporaryRange"] if temporary else None,
        "temporaryAccessStartTime": iso(start) if temporary else None,
        "temporaryAccessEndTime": iso(start + seconds(wanted["temporaryRange"])) if temporary else None,
        "createdAt": now,
        "updatedAt": now,
    }


def resolved(call: Call, project_id: str, membership_id: str, wanted: list[Row]) -> list[Row]:
    """Look the roles up; the word "custom" itself was let through in 2024-10 (server-notes#role-named-custom)."""
    if call.profile.many_auth_methods and all(entry["isTemporary"] for entry in wanted):
        raise bad_request("Identity must have at least one permanent role")
    now = call.now()
    return [stored_role(membership_id, entry, custom(call, project_id, entry["role"]), now) for entry in wanted]


def custom(call: Call, project_id: str, slug: str) -> str | None:
    if slug in BUILT_IN or (slug == "custom" and call.profile.old_memberships):
        return None
    found = call.world.find_role(slug, call.world.projects[project_id].org_id, project_id)
    if found is None:
        old = call.profile.old_memberships
        raise not_found(f"Specified role was not found: {slug}" if old else "One or more custom roles not found")
    return found.id


def answered(call: Call, row: Row) -> Row:
    found = call.world.roles.get(row["customRoleId"] or "")
    return {
        "id": row["id"],
        "role": row["role"],
        "customRoleId": row["customRoleId"],
        "customRoleName": found.name if found else None,
        "customRoleSlug": found.slug if found else None,
        **{
            key: row[key]
            for key in (
                "isTemporary",
                "temporaryMode",
                "temporaryRange",
                "temporaryAccessStartTime",
                "temporaryAccessEndTime",
            )
        },
    }
