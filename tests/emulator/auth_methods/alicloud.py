# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of Alibaba Cloud auth."""

from __future__ import annotations

from ..method_table import AuthMethod, refusals
from ..schema import comma_list, required

NAME = "Alibaba Cloud"
ARNS = comma_list(
    r"acs:ram::[0-9]{16}:(user|role)/.*",
    "Invalid ARN format. Must be in the format acs:ram::<account id>:user/<name> or acs:ram::<account id>:role/<name>.",
    drop_empty=True,
    minimum=1,
    maximum=500,
)

TABLES = {
    "current": AuthMethod(
        slug="alicloud-auth",
        envelope="identityAliCloudAuth",
        refusals=refusals(f"{NAME} Auth", f"{NAME} auth"),
        fields={"allowedArns": required(ARNS)},
        required_on_update=("allowedArns",),
        fixed={"type": "iam"},
        max_ttl_minimum=1,
        ttl_falls_back_to="accessTokenTTL",
    )
}
