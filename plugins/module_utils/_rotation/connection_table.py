# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of an app connection to AWS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import identifier, record, text
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import project_id_error, slug_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.nested import nested
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

ROLE_ARN = re.compile(r"arn:aws(-[a-z]+)*:iam::\d{12}:role/[\w+=,.@/-]+\Z")

CREDENTIALS_OF_METHOD = {
    "assume-role": ("role_arn", "sts_endpoint"),
    "access-key": ("access_key_id", "secret_access_key"),
}
NEEDED = ("role_arn", "access_key_id", "secret_access_key")
"""The required credentials of each method. They are always sent completely (server-notes#method-of-a-connection)."""


def role_arn_error(arn: str) -> str | None:
    if ROLE_ARN.match(arn):
        return None
    return f"must be the ARN of a role, such as arn:aws:iam::123456789012:role/NAME, got {quoted(arn)}"


def https_error(url: str) -> str | None:
    try:
        address = urlsplit(url)
        fine = address.scheme == "https" and bool(address.hostname) and not re.search(r"\s", url)
    except ValueError:
        fine = False
    if fine:
        return None
    return f"must be an https address such as https://sts.eu-central-1.amazonaws.com, got {quoted(url)}"


def credentials_errors(credentials: Mapping[str, Any], method: str | None) -> list[str]:
    """Returns the validation errors of the credentials. Without ``method``, the credentials determine it."""
    meant = method or next((one for one, names in CREDENTIALS_OF_METHOD.items() if set(names) & set(credentials)), None)
    if meant is None:
        return []
    names = CREDENTIALS_OF_METHOD[meant]
    errors = [
        f"credentials.{name} cannot be used with method {meant}, which takes {' and '.join(names)}"
        for name in credentials
        if name not in names
    ]
    missing = [name for name in names if name in NEEDED and name not in credentials]
    return errors + [f"credentials.{name} is required with method {meant}" for name in missing]


AWS_CONNECTION = Resource(
    name="aws_connection",
    title="AWS connection",
    path="/api/v1/app-connections/aws",
    envelope="appConnection",
    merged_whole=False,
    shape=record({"id": identifier, "name": text}, {"app": text}),
    fields=(
        Field("name", "name", Text(maximum_length=64, check=slug_error), required=True),
        Field(
            "project_id",
            "projectId",
            Text(check=project_id_error, cleared_by="null"),
            immutable="a connection stays in the project or organisation where it was created. Create another one.",
        ),
        Field(
            "description", "description", Text(maximum_length=256, cleared_by="null", several_lines=True), default=""
        ),
        Field(
            "method",
            "method",
            Text(spec={"type": "str", "choices": list(CREDENTIALS_OF_METHOD)}),
            required=True,
            immutable="the server cannot change it. Delete the connection (state: absent) and recreate it, or create"
            " another one with another name and let the rotations use that.",
        ),
        Field(
            "credentials",
            "credentials",
            nested(
                Field("role_arn", "roleArn", Text(maximum_length=2048, check=role_arn_error), write_only=True),
                Field("sts_endpoint", "stsEndpoint", Text(check=https_error), write_only=True),
                Field("access_key_id", "accessKeyId", Text()),
                Field("secret_access_key", "secretAccessKey", Text(), write_only=True, secret=True),
            ),
            required=True,
        ),
    ),
)
