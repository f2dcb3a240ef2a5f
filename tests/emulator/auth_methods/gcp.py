# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of GCP auth."""

from __future__ import annotations

from dataclasses import replace

from ..method_table import AuthMethod, refusals_400
from ..schema import Field, comma_list, one_of, required

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
)

OLD = replace(CURRENT, reports_period=False)

TABLES = {"current": CURRENT, "2024-10": OLD}
