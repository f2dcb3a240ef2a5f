# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of AWS auth, whose PATCH opens the identity to every principal unless both allowlists are sent."""

from __future__ import annotations

from dataclasses import replace

from ..method_table import AuthMethod, refusals, refusals_400
from ..schema import Field, comma_list, text

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
