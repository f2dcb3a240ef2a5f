# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of Azure auth."""

from __future__ import annotations

from dataclasses import replace

from ..method_table import AuthMethod, refusals_400
from ..schema import Field, comma_list, required, text

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
)

OLD = replace(CURRENT, reports_period=False)

TABLES = {"current": CURRENT, "2024-10": OLD}
