# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""AWS auth: IAM principals and accounts that may log in."""

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
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

ARN = re.compile(
    r"arn:(?P<partition>aws|aws-us-gov):(?P<service>iam|sts)::(?P<account>[0-9]{12}):"
    r"(?:(?P<type>user|role|assumed-role)/(?P<name>[A-Za-z0-9_.@+*/-]+)|\*)\Z"
)


def arn_error(arn: str) -> str | None:
    if ARN.match(arn):
        return None
    return (
        "must be an ARN such as arn:aws:iam::123456789012:role/NAME, arn:aws:iam::123456789012:user/NAME,"
        " arn:aws:sts::123456789012:assumed-role/NAME or arn:aws:iam::123456789012:*"
    )


def account_error(account: str) -> str | None:
    return None if re.match(r"[0-9]{12}\Z", account) else "must be an AWS account id of 12 digits"


def matching_arn(arn: str) -> str | None:
    """Returns the ARN that matches the intended callers of ``arn``. None if ``arn`` itself can match a caller.

    The server compares it with the caller's ARN without path and session name, and always in partition ``aws``
    (server-notes#matching-aws-principals).
    """
    found = ARN.match(arn)
    if not found:
        return None
    service, account, kind, name = found.group("service", "account", "type", "name")
    if kind is None:
        form = f"arn:aws:{service}::{account}:*"
    elif kind == "assumed-role" and service == "sts" and "/" not in name:
        form = f"arn:aws:sts::{account}:assumed-role/{name}"
    else:
        parts = name.split("/")
        last = parts[0] if kind == "assumed-role" else parts[-1]
        # A * after a path must not become a * for the complete account.
        bare = "NAME" if last == "*" and len(parts) > 1 else last
        form = f"arn:aws:iam::{account}:{'user' if kind == 'user' else 'role'}/{bare}"
    return None if form == arn else form


def never_matching_arns(desired: Mapping[str, Any]) -> list[str]:
    """Returns a warning for each well-formed ARN that can never match a caller."""
    warnings = []
    for index, arn in enumerate(desired.get("allowed_principal_arns") or []):
        form = matching_arn(arn)
        if form:
            warnings.append(
                f"allowed_principal_arns[{index}] {arn} can never match a caller: Infisical ignores path,"
                f" session name and partition. Use {form}."
            )
    return warnings


IDENTITY_AWS_AUTH = Resource(
    name="identity_aws_auth",
    title="AWS auth",
    slug="aws-auth",
    path="/api/v1/auth/aws-auth/identities/{identity_id}",
    envelope="identityAwsAuth",
    fields=(
        Field("sts_endpoint", "stsEndpoint", Text(), default="https://sts.amazonaws.com/"),
        Field("allowed_principal_arns", "allowedPrincipalArns", CommaList(arn_error, maximum_length=4096), default=[]),
        Field("allowed_account_ids", "allowedAccountIds", CommaList(account_error, maximum_length=4096), default=[]),
        *access_token_fields(minimum_max_ttl_on_create=1),
    ),
    admits_all_when_empty=("allowed_principal_arns", "allowed_account_ids"),
    everybody="every principal of every AWS account",
    warnings=never_matching_arns,
)
