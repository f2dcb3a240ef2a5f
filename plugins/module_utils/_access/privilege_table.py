# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of an additional privilege of an identity in a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import (
    LONGEST_RANGE,
    SECONDS,
    START,
    seconds_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.permissions import Permissions
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Misshapen,
    Shape,
    boolean,
    identifier,
    listing,
    mapping,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import got
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Derived, Field, Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import slug_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import in_utc, moment_of
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Errors, Text, ValueType

LONGEST_SLUG = 60
RANGE_OPTION = "temporary_range"
DISPLAYED_UNITS = ("y", "d", "h", "m", "s")


class TemporaryRange(ValueType):
    """A duration such as ``2h``, compared by its length. An empty one means permanent."""

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        if not isinstance(value, str) or (value.strip() and not 1 <= seconds_of(value) <= LONGEST_RANGE):
            errors.append(
                f"{option} must be a duration such as 30m, 1h or 7d, from 1s to 100y, or empty for permanent,"
                f" got {got(value)}"
            )
            return ""
        return value.strip()

    def from_wire(self, value: Any) -> Any:
        nullable(text)(value)
        return value or ""

    def to_wire(self, value: Any) -> Any:
        return value or None

    def displayed(self, value: Any) -> Any:
        """Returns a whole number of the longest unit that fits, so that only another length differs."""
        seconds = seconds_of(value)
        fits = [unit for unit in DISPLAYED_UNITS if seconds >= 1 and seconds % SECONDS[unit] == 0]
        return f"{seconds / SECONDS[fits[0]]:.0f}{fits[0]}" if fits else value

    def same(self, one: Any, other: Any) -> bool:
        return bool(one == other or (seconds_of(one) == seconds_of(other) > 0))


class StartTime(ValueType):
    """When a temporary privilege starts. An empty one is no demand: the current start remains, and a new privilege
    starts when it is granted. So a privilege that has ended does not start again (server-notes#terms-of-privileges).
    """

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        if isinstance(value, str) and not value.strip():
            return ""
        moment = moment_of(value) if isinstance(value, str) else None
        if moment is None:
            errors.append(
                f"{option} must be a time with a time zone such as 2026-01-31T08:00:00Z, or empty, got {got(value)}"
            )
            return ""
        return in_utc(moment)

    def from_wire(self, value: Any) -> Any:
        nullable(text)(value)
        moment = moment_of(value) if value else None
        if value and moment is None:
            raise Misshapen("a time", value)
        return in_utc(moment) if moment else ""

    def to_wire(self, value: Any) -> Any:
        return value or None

    def same(self, one: Any, other: Any) -> bool:
        """Returns whether the current start ``one`` is what ``other`` demands."""
        return not other or bool(one == other)


def described(needed: Mapping[str, Shape]) -> Shape:
    """Returns the shape of a privilege, which says more about a temporary one."""
    always = record({"id": identifier, "slug": text, "isTemporary": nullable(boolean), **needed})
    terms = record({"temporaryRange": text, "temporaryAccessStartTime": text})

    def check(value: Any) -> None:
        always(value)
        if value["isTemporary"]:
            terms(value)

    return check


PRIVILEGE = described({"permissions": listing(mapping)})
WRITTEN = described({})
LISTED = record({"id": identifier, "slug": text})


def flat_privilege(wire: Wire) -> Wire:
    """Returns a privilege without the terms that one that has become permanent may keep
    (server-notes#permanent-again)."""
    if wire["isTemporary"]:
        return wire
    return {**wire, "temporaryRange": None, "temporaryAccessStartTime": None}


def state_errors(state: Options) -> list[str]:
    if state.get(START) and not state.get(RANGE_OPTION):
        return [f"{START} needs {RANGE_OPTION}: a permanent privilege has no start"]
    return []


PROJECT_IDENTITY_PRIVILEGE = Resource(
    name="project_identity_privilege",
    title="additional privilege",
    envelope="privilege",
    fields=(
        Field("slug", "slug", Text(LONGEST_SLUG, check=slug_error, examples=("deploy",)), required=True),
        Field("permissions", "permissions", Permissions(), required=True),
        Field(RANGE_OPTION, "temporaryRange", TemporaryRange(), default=""),
        Field(
            START,
            "temporaryAccessStartTime",
            StartTime(),
            default="",
            # Another range starts it again, unless it becomes permanent.
            derived=Derived((RANGE_OPTION,), lambda _state: ""),
        ),
    ),
    shape=PRIVILEGE,
    flatten=flat_privilege,
    state_errors=state_errors,
)
"""Every update sends all of it (server-notes#privileges-are-sent-whole)."""


def parse_privilege(params: Mapping[str, Any], errors: Errors, *, prefix: str = "") -> Options:
    """Returns the desired state of one privilege. Appends validation errors, which name option and element."""
    desired = PROJECT_IDENTITY_PRIVILEGE.parse(params, errors, prefix=prefix)
    if not desired.get(START):
        desired.pop(START, None)
    elif desired.get(RANGE_OPTION) == "":
        errors.extend(prefix + error for error in state_errors(desired))
    return desired


def privilege_options() -> dict[str, dict[str, Any]]:
    """Returns the argument spec of one privilege, of the module and of an element of a list."""
    return {**PROJECT_IDENTITY_PRIVILEGE.argument_spec(), "slug": {"type": "str", "required": True}, "state": STATE}


def parse_privileges(elements: Sequence[Mapping[str, Any]], errors: Errors, name: str) -> list[tuple[Options, bool]]:
    """Returns the desired state of each element of the option ``name``, and whether it is to be present. A slug is only
    allowed once."""
    found: list[tuple[Options, bool]] = []
    for index, element in enumerate(elements):
        desired = parse_privilege(element, errors, prefix=f"{name}[{index}].")
        if any(desired.get("slug") == other.get("slug") for other, _present in found):
            errors.append(f"{name}[{index}].slug '{desired.get('slug')}' is given twice")
        found.append((desired, element.get("state", "present") != "absent"))
    return found
