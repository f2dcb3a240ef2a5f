# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of Azure auth."""

from __future__ import annotations

from dataclasses import replace

import jwt

from .. import issuer
from ..call import Call
from ..errors import internal, unauthorized
from ..login_table import Login, listed
from ..method_table import AuthMethod, refusals_400
from ..schema import Field, comma_list, required, text
from ..world import Row


def prove(call: Call, row: Row, body: Row) -> None:
    if not has_header(body["jwt"]):
        # The header is used before anything is checked (server-notes#azure-tokens).
        raise internal()
    claims = issuer.verify(call.world.clock, body["jwt"])
    if claims.get("tid") != row["tenantId"]:
        raise unauthorized("Tenant ID mismatch")
    if claims.get("iss") != f"https://sts.windows.net/{row['tenantId']}/":
        raise unauthorized("Access denied: Azure issuer not allowed.")
    if claims.get("aud") != expected_audience(row["resource"], str(claims.get("aud"))):
        raise unauthorized("Access denied: Azure audience not allowed.")
    allowed = listed(row["allowedServicePrincipalIds"])
    if allowed and claims.get("oid") not in allowed:
        raise unauthorized(f"Service principal '{claims.get('oid')}' not allowed")


def has_header(token: str) -> bool:
    """Whether it has the form of a JWT, with a header that can be read."""
    try:
        jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        return False
    return True


def expected_audience(resource: str, audience: str) -> str:
    """Only a slash the token lacks is forgiven, not one the configuration lacks (server-notes#azure-tokens)."""
    return resource if audience.endswith("/") else resource.removesuffix("/")


LOGIN = Login("Azure", prove, configured="Azure Auth")


CURRENT = AuthMethod(
    slug="azure-auth",
    envelope="identityAzureAuth",
    refusals=refusals_400("Azure Auth", "azure auth"),
    fields={
        "tenantId": required(text(trim=True)),
        "resource": required(text(trim=True)),
        "allowedServicePrincipalIds": Field(comma_list(), default=""),
    },
    reports_period=True,
    login=LOGIN,
)

OLD = replace(CURRENT, reports_period=False)

TABLES = {"current": CURRENT, "2024-10": OLD}
