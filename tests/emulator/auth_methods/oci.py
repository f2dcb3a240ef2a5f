# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of OCI auth, whose PATCH needs the tenancy and drops a user allowlist that is left out."""

from __future__ import annotations

from ..method_table import AuthMethod, refusals
from ..schema import Field, comma_list, nullable, required, text

TENANCY = "ocid1.tenancy.oc1."
USERNAMES = comma_list(
    r"[a-zA-Z0-9._@-]+",
    "Usernames may only contain letters, digits, dots, underscores, at signs and hyphens.",
    drop_empty=True,
    maximum=500,
    empty=None,
)


def is_tenancy(value: str) -> bool:
    return value.startswith(TENANCY) and len(value) > len(TENANCY)


# Not in 2024-10 (server-notes#method-names).
TABLES = {
    "current": AuthMethod(
        slug="oci-auth",
        envelope="identityOciAuth",
        refusals=refusals("OCI Auth", "OCI auth"),
        fields={
            "tenancyOcid": required(
                text(trim=True, minimum=1, check=(is_tenancy, "Invalid Tenancy OCID format. Must start with ocid1."))
            ),
            "allowedUsernames": Field(nullable(USERNAMES), default=None),
        },
        required_on_update=("tenancyOcid",),
        # server-notes#oci-users-are-reset
        reset_on_update={"allowedUsernames": None},
        fixed={"type": "iam"},
        max_ttl_minimum=1,
        # One of those that compare with the stored TTL (server-notes#lowering-the-maximum).
        ttl_falls_back_to="accessTokenTTL",
        reports_period=True,
    )
}
