# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The bodies of rotations."""

from __future__ import annotations

from ..routing import Routes
from ..schema import Field, boolean, coerced_number, nullable, number, one_of, required, shape, slug, text, uuid_text

# This module serves nothing itself.
routes = Routes()

# server-notes#regions-of-a-rotation
REGIONS = (
    "us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 af-south-1 ap-east-1 ap-south-1 ap-south-2 "
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 "
    "ca-central-1 eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-south-1 eu-south-2 eu-north-1 "
    "me-south-1 me-central-1 sa-east-1"
).split()

secret_name = text(
    trim=True,
    minimum=1,
    check=(lambda value: not set(":/") & set(value), "Secret name must not contain colons or slashes"),
)
interval = coerced_number(minimum=1)
time_of_day = shape(
    {"hours": required(number(minimum=0, maximum=23)), "minutes": required(number(minimum=0, maximum=59))}
)
PARAMETERS = required(shape({"userName": required(text(trim=True, minimum=1)), "region": Field(one_of(*REGIONS))}))
MAPPING = required(shape({"accessKeyId": required(secret_name), "secretAccessKey": required(secret_name)}))
FIELDS = {
    "name": required(slug()),
    "description": Field(nullable(text(trim=True, maximum=256)), default=None),
    "isAutoRotationEnabled": Field(boolean, default=True),
    "rotationInterval": required(interval),
    "rotateAtUtc": Field(time_of_day, default={"hours": 0, "minutes": 0}),
    "parameters": PARAMETERS,
    "secretsMapping": MAPPING,
}
CREATE = shape(
    {
        **FIELDS,
        "projectId": required(text(trim=True, minimum=1)),
        "connectionId": required(uuid_text),
        "environment": required(slug()),
        "secretPath": required(text(trim=True, minimum=1)),
    }
)
# Project, connection, environment and path are not among them (server-notes#place-of-a-rotation).
UPDATE = shape({name: entry.optional() for name, entry in FIELDS.items()})
