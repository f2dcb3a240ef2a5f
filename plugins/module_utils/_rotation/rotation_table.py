# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of a rotation of an AWS IAM user's access keys, which stores the newest key as two secrets of a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    identifier,
    integer,
    mapping,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    got,
    line_error,
    named,
    number_error,
    quoted,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import (
    id_error,
    lower_uuid,
    project_id_error,
    slug_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.nested import nested
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import (
    Boolean,
    Errors,
    Integer,
    Text,
    ValueType,
)

REGIONS = frozenset(
    "us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 af-south-1 ap-east-1 ap-south-1 ap-south-2"
    " ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4"
    " ca-central-1 eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-south-1 eu-south-2 eu-north-1"
    " me-south-1 me-central-1 sa-east-1".split()
)
"""The regions in the server's documentation (server-notes#regions-of-a-rotation)."""

LONGEST_INTERVAL = 3650
LONGEST_PATH = 1000
MOVED = (
    "the server would report success and change nothing. With recreate: true, the rotation is deleted, the keys it"
    " issued are revoked, and it is recreated with new keys"
)
OTHER_USER = (
    "the keys it issued for the former user would remain active for ever. With recreate: true, the rotation is deleted,"
    " the keys it issued are revoked, and it is recreated for the other user"
)


@dataclass(frozen=True)
class Identifier(Text):
    """A UUID in lower case."""

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        return lower_uuid(super().parse(option, value, errors))


@dataclass(frozen=True)
class SecretPath(ValueType):
    """The absolute path of a folder without a trailing slash, as the server stores it (server-notes#folders)."""

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = line_error(value, LONGEST_PATH)
        path = value.strip() if isinstance(value, str) else ""
        if wrong is None and not path.startswith("/"):
            wrong = f"must be an absolute path such as /aws/billing, got {quoted(path)}"
        elif wrong is None and "//" in path:
            wrong = f"must not contain two slashes in a row, got {quoted(path)}"
        elif wrong is None and {".", ".."} & set(path.split("/")):
            wrong = f"must be a path without . and .., got {quoted(path)}"
        if wrong:
            errors.append(f"{option} {wrong}")
        return path.rstrip("/") or "/"

    def from_wire(self, value: Any) -> Any:
        text(value)
        return value.rstrip("/") or "/"


@dataclass(frozen=True)
class TimeOfDay(ValueType):
    """Hours and minutes, as a dictionary or as a text such as ``03:30``. The API always needs both
    (server-notes#schedules-that-rotate-at-once)."""

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "raw"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        found = re.match(r"\s*([0-9]{1,2}):([0-9]{2})\s*\Z", value) if isinstance(value, str) else None
        if found:
            value = {"hours": found.group(1), "minutes": found.group(2)}
        if not isinstance(value, dict):
            # YAML parses 13:30 without quotes as the number 810.
            errors.append(f"{option} must be a text in quotes such as '03:30', or hours and minutes, got {got(value)}")
            return {"hours": 0, "minutes": 0}
        unknown = [key for key in value if key not in ("hours", "minutes")]
        if unknown:
            errors.append(f"{option} has no {named(unknown)}; it has hours and minutes")
        bounds = (("hours", 23), ("minutes", 59))
        return {name: whole_number(f"{option}.{name}", value.get(name), last, errors) for name, last in bounds}

    def from_wire(self, value: Any) -> Any:
        if value is None:
            return {"hours": 0, "minutes": 0}
        record({"hours": integer, "minutes": integer})(value)
        return {name: value[name] for name in ("hours", "minutes")}

    def displayed(self, value: Any) -> Any:
        return "{hours:02}:{minutes:02}".format(**value)


def whole_number(option: str, value: Any, last: int, errors: Errors) -> int:
    if value is None:
        errors.append(f"{option} is required, because the server accepts hours and minutes only together")
        return 0
    number = int(value) if isinstance(value, str) and re.match(r"\s*[0-9]{1,9}\s*\Z", value) else value
    if number_error(number, 0, last):
        errors.append(f"{option} must be a whole number from 0 to {last}, got {got(value)}")
        return 0
    return int(number)


def user_name_error(name: str) -> str | None:
    if re.match(r"[\w+=,.@-]{1,64}\Z", name, re.ASCII):
        return None
    return f"must be the name of an IAM user, at most 64 letters, digits and + = , . @ _ -, got {quoted(name)}"


def secret_name_error(name: str) -> str | None:
    return f"must not contain ':' or '/', got {quoted(name)}" if ":" in name or "/" in name else None


def mapping_errors(mapping: Mapping[str, Any]) -> list[str]:
    names = list(mapping.values())
    if len(names) == 2 and names[0] == names[1]:
        return [f"secrets_mapping must name two secrets, and access_key_id and secret_access_key are both '{names[0]}'"]
    return []


def unknown_region(desired: Mapping[str, Any]) -> list[str]:
    """Returns a warning, not an error, because AWS adds regions and the server will support them."""
    region = desired.get("parameters", {}).get("region")
    if not region or region in REGIONS:
        return []
    return [f"parameters.region {region} is not one of the regions that the server is known to accept."]


PLACED = {
    "id": identifier,
    "name": text,
    "projectId": identifier,
    "connectionId": identifier,
    "connection": record({"name": text}),
    "environment": record({"slug": text}),
    "folder": record({"path": text}),
}
STATE = {
    "activeIndex": nullable(integer),
    "rotationStatus": nullable(text),
    "lastRotatedAt": nullable(text),
    "lastRotationAttemptedAt": nullable(text),
    "lastRotationMessage": nullable(text),
    "nextRotationAt": nullable(text),
}
ROTATION = record(PLACED, {"type": text, "parameters": nullable(mapping), "secretsMapping": nullable(mapping), **STATE})
"""A rotation of any type in the answers of the server."""

AWS_ROTATION = record(
    {
        **PLACED,
        "parameters": record({"userName": text}),
        "secretsMapping": record({"accessKeyId": text, "secretAccessKey": text}),
    },
    {"type": text, **STATE},
)


def flat_rotation(wire: Wire) -> Wire:
    """Returns a rotation with its place by name, as in a create."""
    flat = dict(wire)
    if "environment" in wire:
        flat["environment"] = wire["environment"]["slug"]
    if "folder" in wire:
        flat["secretPath"] = wire["folder"]["path"]
    return flat


AWS_IAM_ROTATION = Resource(
    name="aws_iam_rotation",
    title="AWS IAM rotation",
    path="/api/v2/secret-rotations/aws-iam-user-secret",
    envelope="secretRotation",
    # Values that are not sent do not change, and sending a schedule, even unchanged, can start a rotation
    # (server-notes#schedules-that-rotate-at-once).
    merged_whole=False,
    shape=AWS_ROTATION,
    flatten=flat_rotation,
    warnings=unknown_region,
    fields=(
        Field("name", "name", Text(maximum_length=64, check=slug_error), required=True),
        Field("project_id", "projectId", Text(check=project_id_error), required=True, immutable=MOVED),
        Field(
            "environment",
            "environment",
            Text(maximum_length=64, check=slug_error),
            required=True,
            aliases=("env_slug",),
            immutable=MOVED,
        ),
        Field("secret_path", "secretPath", SecretPath(), required=True, aliases=("path",), immutable=MOVED),
        Field("connection_id", "connectionId", Identifier(check=id_error), required=True, immutable=MOVED),
        Field(
            "parameters",
            "parameters",
            nested(
                Field("user_name", "userName", Text(check=user_name_error), required=True, immutable=OTHER_USER),
                Field("region", "region", Text(cleared_by="null")),
            ),
            required=True,
        ),
        Field(
            "secrets_mapping",
            "secretsMapping",
            nested(
                Field("access_key_id", "accessKeyId", Text(check=secret_name_error), required=True),
                Field("secret_access_key", "secretAccessKey", Text(check=secret_name_error), required=True),
            ),
            required=True,
        ),
        Field("rotation_interval", "rotationInterval", Integer(1, LONGEST_INTERVAL, "days"), required=True),
        Field("rotate_at_utc", "rotateAtUtc", TimeOfDay(), default={"hours": 0, "minutes": 0}),
        Field(
            "auto_rotation_enabled",
            "isAutoRotationEnabled",
            Boolean(),
            default=True,
            aliases=("is_auto_rotation_enabled",),
        ),
        Field(
            "description", "description", Text(maximum_length=256, cleared_by="null", several_lines=True), default=""
        ),
    ),
    also_returned=(
        ("rotation_status", "rotationStatus"),
        ("last_rotated_at", "lastRotatedAt"),
        ("last_rotation_attempted_at", "lastRotationAttemptedAt"),
        ("last_rotation_message", "lastRotationMessage"),
        ("next_rotation_at", "nextRotationAt"),
    ),
)
