# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of an identity's membership of a project, and the value type of its roles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.parsing.convert_bool import BOOLEANS, BOOLEANS_TRUE

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Misshapen,
    boolean,
    identifier,
    listing,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    got,
    length_error,
    line_error,
    named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import in_utc, moment_of
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Errors, ValueType

RANGE = re.compile(r"([0-9]{1,10}(?:\.[0-9]{1,10})?) ?([smhdwy])\Z")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31557600}
LONGEST_RANGE = 100 * SECONDS["y"]
MOST_ROLES = 100

ROLE = record(
    {"role": identifier},
    {
        "customRoleSlug": nullable(text),
        "isTemporary": nullable(boolean),
        "temporaryRange": nullable(text),
        "temporaryAccessStartTime": nullable(text),
    },
)
"""A role in the form of the server."""

Role = dict[str, Any]
"""Contains ``role``, and for a temporary role ``temporary_range`` and, unless it starts when it is assigned,
``temporary_access_start_time``."""

START = "temporary_access_start_time"
ROLE_KEYS = ("role", "is_temporary", "temporary_mode", "temporary_range", START)


def seconds_of(temporary_range: str) -> float:
    """Returns the length of a range such as ``30m`` in seconds, -1 if it is invalid."""
    found = RANGE.match(temporary_range.strip())
    return float(found.group(1)) * SECONDS[found.group(2)] if found else -1


@dataclass(frozen=True)
class Roles(ValueType):
    """Roles, compared as a set: a temporary role by its range, and by its start if one is given.

    Not by its end: the server still lists a temporary role after it has expired (server-notes#temporary-roles), and
    assigning it again in every run would make it permanent.
    """

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "raw"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        roles: list[Role] = []
        wrong = length_error(value, MOST_ROLES) if isinstance(value, list) else f"must be a list, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return roles
        for index, element in enumerate(value):
            role = parse_role(f"{option}[{index}]", element, errors)
            if role and not any(same_role(known, role) for known in roles):
                roles.append(role)
        if roles and all("temporary_range" in role for role in roles):
            errors.append(f"{option} must contain at least one role that is not temporary")
        if not value:
            errors.append(f"{option} must contain at least one role; to remove the identity, set state: absent")
        return roles

    def from_wire(self, value: Any) -> Any:
        listing(ROLE)(value)
        return [role_from_wire(role) for role in value]

    def to_wire(self, value: Any) -> Any:
        return [role_to_wire(role) for role in value]

    def same(self, one: Any, other: Any) -> bool:
        return all(any(same_role(a, b) for b in other) for a in one) and all(
            any(same_role(a, b) for a in one) for b in other
        )

    def merged(self, before: Any, desired: Any) -> Any:
        """Returns the desired roles. A temporary role keeps its current start, so that it does not start again."""
        return [next((known for known in before if same_role(known, role)), role) for role in desired]

    def displayed(self, value: Any) -> Any:
        return sorted(value, key=lambda role: (role["role"], str(role.get("temporary_range"))))


def parse_role(name: str, element: Any, errors: Errors) -> Role | None:
    given = {"role": element} if isinstance(element, str) else element
    if not isinstance(given, dict) or line_error(given.get("role")):
        value = element["role"] if isinstance(element, dict) and "role" in element else element
        errors.append(f"{name} must be the slug of a role, or a dictionary with role, got {got(value)}")
        return None
    unknown = [key for key in given if key not in ROLE_KEYS]
    if unknown:
        errors.append(f"{name} has no {named(unknown)}; it can have {', '.join(ROLE_KEYS)}")
    role: Role = {"role": given["role"].strip()}
    if role["role"] == "custom":
        errors.append(f"{name} must be the slug of a role; 'custom' is only a placeholder in answers")
    if given.get("temporary_mode") not in (None, "relative"):
        errors.append(f"{name}.temporary_mode must be relative, got {got(given['temporary_mode'])}")
    temporary, length, start = (given.get(one) for one in ("is_temporary", "temporary_range", START))
    if isinstance(temporary, str) and temporary.strip().lower() in BOOLEANS:
        temporary = temporary.strip().lower() in BOOLEANS_TRUE
    if temporary is not None and not isinstance(temporary, bool):
        errors.append(f"{name}.is_temporary must be true or false, got {got(temporary)}")
    if temporary is False and (length, start) != (None, None):
        errors.append(f"{name} is not temporary, so it cannot have temporary_range or {START}")
    if (length, start) != (None, None) or temporary:
        parse_terms(name, role, length, start, errors)
    return role


def parse_terms(name: str, role: Role, length: Any, start: Any, errors: Errors) -> None:
    """Adds range and start to a temporary role."""
    seconds = seconds_of(length) if isinstance(length, str) else -1
    if not 1 <= seconds <= LONGEST_RANGE:
        errors.append(
            f"{name}.temporary_range must be a duration such as 30m, 1h or 7d, from 1s to 100y, got {got(length)}"
        )
    role["temporary_range"] = length.strip() if isinstance(length, str) else ""
    if start is None:
        return
    moment = moment_of(start) if isinstance(start, str) else None
    if moment is None:
        errors.append(f"{name}.{START} must be a time with a time zone such as 2026-01-31T08:00:00Z, got {got(start)}")
    else:
        role[START] = in_utc(moment)


def same_role(one: Role, other: Role) -> bool:
    if one["role"] != other["role"] or ("temporary_range" in one) != ("temporary_range" in other):
        return False
    if "temporary_range" not in one:
        return True
    # Both are normalised, so the same moment is the same text.
    starts = {role[START] for role in (one, other) if START in role}
    return seconds_of(one["temporary_range"]) == seconds_of(other["temporary_range"]) and len(starts) < 2


def role_from_wire(wire: dict[str, Any]) -> Role:
    # Answers contain a custom role as "custom" with its slug in another key (server-notes#membership-roles).
    role: Role = {"role": wire.get("customRoleSlug") or wire["role"]}
    if wire.get("isTemporary"):
        role["temporary_range"] = needed(wire, "temporaryRange")
        start = needed(wire, "temporaryAccessStartTime")
        moment = moment_of(start)
        if moment is None:
            raise Misshapen("a time", start, "temporaryAccessStartTime")
        role[START] = in_utc(moment)
    return role


def needed(wire: dict[str, Any], key: str) -> str:
    """Returns a value that every temporary role has. Raises Misshapen without it."""
    value = wire.get(key)
    if not value:
        raise Misshapen("the range or start of a temporary role", value, key)
    return str(value)


def role_to_wire(role: Role) -> dict[str, Any]:
    if "temporary_range" not in role:
        return {"role": role["role"], "isTemporary": False}
    return {
        "role": role["role"],
        "isTemporary": True,
        "temporaryMode": "relative",
        "temporaryRange": role["temporary_range"],
        "temporaryAccessStartTime": role.get(START),
    }


PROJECT_IDENTITY = Resource(
    name="project_identity",
    title="project membership",
    envelope="identityMembership",
    fields=(Field("roles", "roles", Roles(), required=True),),
)
