# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of GCP auth."""

from __future__ import annotations

from dataclasses import replace

import jwt
from cryptography.x509 import load_pem_x509_certificate

from .. import issuer
from ..call import Call
from ..claims import audiences, denied
from ..login_table import Login, listed
from ..method_table import AuthMethod, refusals_400
from ..schema import Field, comma_list, one_of, required
from ..world import Row

ISSUERS = ("accounts.google.com", "https://accounts.google.com")


def prove(call: Call, row: Row, body: Row) -> None:
    """The audience is the identity; project and zone are in the metadata server's tokens alone
    (server-notes#gcp-login)."""
    claims = issuer.verify(call.world.clock, body["jwt"], keys_of_google(call, row, body["jwt"]))
    if row["type"] == "gce" and claims.get("iss") not in ISSUERS:
        raise denied("GCP issuer")
    if row["identityId"] not in audiences(claims):
        raise denied("GCP audience")
    instance = claims.get("google", {}).get("compute_engine", {})
    bounds = [("allowedServiceAccounts", claims.get("email") or claims.get("sub"), "GCP service account")]
    if row["type"] == "gce":
        bounds.append(("allowedProjects", instance.get("project_id"), "GCP project"))
        bounds.append(("allowedZones", instance.get("zone"), "GCP zone"))
    for key, value, what in bounds:
        allowed = listed(row[key])
        if allowed and value not in allowed:
            raise denied(what)


def keys_of_google(call: Call, row: Row, token: str) -> list[issuer.Key]:
    """Google's own keys for tokens of an instance, the account's for what an account signed."""
    outgoing = call.world.outgoing
    if row["type"] == "gce":
        return issuer.keys_of(outgoing.get("https://www.googleapis.com/oauth2/v3/certs"))
    try:
        account = jwt.decode(token, options={"verify_signature": False}).get("sub", "")
    except jwt.InvalidTokenError:
        raise denied("GCP token") from None
    status, found = outgoing.send("GET", f"https://www.googleapis.com/service_accounts/v1/metadata/x509/{account}")
    if status != 200:
        raise denied("GCP service account")
    return [(key_id, load_pem_x509_certificate(pem.encode()).public_key()) for key_id, pem in found.items()]


CURRENT = AuthMethod(
    slug="gcp-auth",
    envelope="identityGcpAuth",
    refusals=refusals_400("GCP Auth", "gcp auth"),
    fields={
        "type": required(one_of("iam", "gce")),
        "allowedServiceAccounts": Field(comma_list(), default=""),
        "allowedProjects": Field(comma_list(), default=""),
        "allowedZones": Field(comma_list(), default=""),
    },
    reports_period=True,
    login=Login("GCP", prove, slow=True),
)

OLD = replace(CURRENT, reports_period=False)

TABLES = {"current": CURRENT, "2024-10": OLD}
