# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of GCP auth."""

from __future__ import annotations

from dataclasses import replace

from .. import issuer
from ..call import Call
from ..claims import audiences, denied
from ..login_table import Login, listed
from ..method_table import AuthMethod, refusals_400
from ..schema import Field, comma_list, one_of, required
from ..world import Row


def prove(call: Call, row: Row, body: Row) -> None:
    """The audience is the identity; project and zone are in the metadata server's tokens alone
    (server-notes#gcp-login)."""
    claims = issuer.verify(call.world.clock, body["jwt"])
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
    login=Login("GCP", prove),
)

OLD = replace(CURRENT, reports_period=False)

TABLES = {"current": CURRENT, "2024-10": OLD}
