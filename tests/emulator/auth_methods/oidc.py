# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of OIDC auth."""

from __future__ import annotations

from dataclasses import replace

from ..method_table import AuthMethod, refusals_400
from ..schema import Field, comma_list, record, required, text, url

CURRENT = AuthMethod(
    slug="oidc-auth",
    envelope="identityOidcAuth",
    refusals=refusals_400("OIDC Auth", "OIDC auth"),
    fields={
        "oidcDiscoveryUrl": required(url),
        "caCert": Field(text(trim=True), default=""),
        "boundIssuer": required(text(minimum=1)),
        "boundAudiences": Field(comma_list(), default=""),
        "boundClaims": required(record(comma_list())),
        "claimMetadataMapping": Field(record(comma_list()), default=None),
        "boundSubject": Field(text(), default=""),
    },
    omitted_on_revoke=("caCert",),
    short_missing_on_revoke=True,
)

OLD = replace(
    CURRENT,
    fields={name: entry for name, entry in CURRENT.fields.items() if name != "claimMetadataMapping"},
    strict_update=True,
)

TABLES = {"current": CURRENT, "2024-10": OLD}
