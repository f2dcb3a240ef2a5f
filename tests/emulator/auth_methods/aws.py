# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of AWS auth, whose PATCH opens the identity to every principal unless both allowlists are sent."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import Any

from ..aws import StsError, caller_identity
from ..call import Call
from ..errors import ApiError, bad_request, internal, unauthorized
from ..login_table import Login, among, listed
from ..method_table import AuthMethod, refusals, refusals_400
from ..schema import Field, comma_list, required, text
from ..world import Row

REGION = re.compile(r"[a-zA-Z0-9-]{1,20}")
SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]*)/")
CALLER = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(\d+):(user|assumed-role)/(.+)")


def prove(call: Call, row: Row, body: Row) -> None:
    try:
        headers = json.loads(base64.b64decode(body["iamRequestHeaders"]))
        data = base64.b64decode(body["iamRequestBody"])
        names = {name.lower(): value for name, value in headers.items()}
    except (ValueError, AttributeError):
        # server-notes#failures-of-the-aws-login
        raise internal() from None
    url = sts_of_today(names) if call.profile.many_auth_methods else sts_of_old(headers, row)
    try:
        answer = caller_identity(call.world.aws, url, body["iamHttpRequestMethod"], headers, data)
    except StsError as error:
        raise refusal(call, error) from None
    check(call, row, answer["Account"], answer["Arn"])


def sts_of_today(headers: dict[str, str]) -> str:
    """The region of the signature decides, the stored endpoint is not used (server-notes#aws-login-target)."""
    scope = SCOPE.search(headers.get("authorization", ""))
    if scope is None or not REGION.fullmatch(scope[1]):
        raise bad_request("Invalid AWS region")
    return f"https://sts.{scope[1]}.amazonaws.com"


def sts_of_old(headers: dict[str, str], row: Row) -> str:
    """`Host` in exactly this spelling wins over the stored endpoint (server-notes#aws-login-target)."""
    return f"https://{headers['Host']}" if "Host" in headers else str(row["stsEndpoint"])


def refusal(call: Call, error: StsError) -> ApiError:
    """2024-10 lets every failure of STS fall through (server-notes#failures-of-the-aws-login)."""
    if error.refused and call.profile.many_auth_methods:
        return unauthorized("Access denied: AWS refused the signed request.")
    return internal()


def check(call: Call, row: Row, account: str, arn: str) -> None:
    """Both lists must admit the caller; an empty one admits everybody (server-notes#matching-aws-principals)."""
    accounts, principals = listed(row["allowedAccountIds"]), listed(row["allowedPrincipalArns"])
    if accounts and account not in accounts:
        raise unauthorized("Access denied: AWS account ID not allowed.")
    if principals and not any(among(form, principals) for form in forms_of(call, arn)):
        raise unauthorized("Access denied: AWS principal ARN not allowed.")


def forms_of(call: Call, arn: str) -> list[str]:
    """What the caller's ARN is compared as: path and session dropped, the partition always `aws`
    (server-notes#matching-aws-principals)."""
    match = CALLER.fullmatch(arn)
    if match is None:
        return [arn]
    account, kind, name = match.groups()
    if kind == "user":
        return [f"arn:aws:iam::{account}:user/{name.split('/')[-1]}"]
    role = name.split("/")[0]
    forms = [f"arn:aws:iam::{account}:role/{role}"]
    if call.profile.many_auth_methods:
        forms.append(f"arn:aws:sts::{account}:assumed-role/{role}")
    return forms


FIELDS: dict[str, Any] = {
    "iamHttpRequestMethod": Field(text(), default="POST"),
    "iamRequestBody": required(text(), secret=True),
    "iamRequestHeaders": required(text(), secret=True),
}


LOGIN = Login("AWS", prove, FIELDS, slow=True)


ACCOUNT = (r"\d{12}", "Each account ID must be a 12-digit number.")
OLD_ARN = (
    r"arn:aws:iam::\d{12}:(user/[\w-]+|role/[\w-]+|\*)",
    "Each ARN must be in the format of 'arn:aws:iam::123456789012:user/UserName', "
    "'arn:aws:iam::123456789012:role/RoleName', or 'arn:aws:iam::123456789012:*'.",
)
NAME = r"[A-Za-z0-9_.@+*/-]+"
ARN = (rf"arn:aws(?:-us-gov)?:(iam|sts)::\d{{12}}:(user/{NAME}|role/{NAME}|assumed-role/{NAME}|\*)", OLD_ARN[1])

CURRENT = AuthMethod(
    slug="aws-auth",
    envelope="identityAwsAuth",
    refusals=refusals("AWS Auth", "aws auth"),
    fields={
        "stsEndpoint": Field(text(trim=True, minimum=1), default="https://sts.amazonaws.com/"),
        "allowedPrincipalArns": Field(comma_list(*ARN, maximum=4096), default=""),
        "allowedAccountIds": Field(comma_list(*ACCOUNT, maximum=4096), default=""),
    },
    # The trap the collection exists for (server-notes#aws-lists-are-reset).
    reset_on_update={"allowedPrincipalArns": "", "allowedAccountIds": ""},
    fixed={"type": "iam"},
    max_ttl_minimum=1,
    reports_period=True,
    login=LOGIN,
)

OLD = replace(
    CURRENT,
    refusals=refusals_400("AWS Auth", "aws auth"),
    fields={
        "stsEndpoint": CURRENT.fields["stsEndpoint"],
        "allowedPrincipalArns": Field(comma_list(*OLD_ARN), default=""),
        "allowedAccountIds": Field(comma_list(*ACCOUNT), default=""),
    },
    reports_period=False,
)

TABLES = {"current": CURRENT, "2024-10": OLD}
