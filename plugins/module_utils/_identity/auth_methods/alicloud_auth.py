# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Alibaba Cloud auth: RAM users and roles that may log in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource


def arn_error(arn: str) -> str | None:
    if re.match(r"acs:ram::[0-9]{16}:(user|role)/[^\s,]+\Z", arn):
        return None
    return "must be an ARN such as acs:ram::1234567890123456:user/NAME or acs:ram::1234567890123456:role/NAME"


def never_matching_arns(desired: Mapping[str, Any]) -> list[str]:
    """Returns a warning for each ARN with a wildcard: the server compares the text
    (server-notes#alibaba-cloud-principals)."""
    return [
        f"allowed_arns[{index}] {arn} can never match a caller: Infisical compares it as is. Name each user and role."
        for index, arn in enumerate(desired.get("allowed_arns") or [])
        if "*" in arn
    ]


IDENTITY_ALICLOUD_AUTH = Resource(
    name="identity_alicloud_auth",
    title="Alibaba Cloud auth",
    slug="alicloud-auth",
    path="/api/v1/auth/alicloud-auth/identities/{identity_id}",
    envelope="identityAliCloudAuth",
    fields=(
        Field(
            "allowed_arns",
            "allowedArns",
            CommaList(
                arn_error,
                examples=("acs:ram::1234567890123456:user/billing", "acs:ram::1234567890123456:role/web"),
                maximum_length=500,
                never_empty=True,
            ),
            required=True,
        ),
        *access_token_fields(minimum_max_ttl_on_create=1),
    ),
    warnings=never_matching_arns,
)
