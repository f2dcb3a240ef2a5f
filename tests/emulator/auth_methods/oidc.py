# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of OIDC auth."""

from __future__ import annotations

from dataclasses import replace

from .. import issuer
from ..call import Call
from ..claims import check_bounds
from ..login_table import Login
from ..method_table import AuthMethod, refusals_400
from ..schema import Field, Rule, comma_list, record, required, text, url
from ..world import Row


def fields(values: Rule) -> dict[str, Field]:
    """What both releases know; `values` is the rule of a comma list of theirs."""
    return {
        "oidcDiscoveryUrl": required(url),
        "caCert": Field(text(trim=True), default="", encrypted=True),
        "boundIssuer": required(text(minimum=1)),
        "boundAudiences": Field(values, default=""),
        "boundClaims": required(record(values)),
        "boundSubject": Field(text(), default=""),
    }


def prove(call: Call, row: Row, body: Row) -> None:
    """The keys are those that the discovery document leads to."""
    outgoing, ca = call.world.outgoing, row["caCert"]
    found = outgoing.get(row["oidcDiscoveryUrl"].rstrip("/") + "/.well-known/openid-configuration", ca=ca)
    keys = issuer.keys_of(outgoing.get(found["jwks_uri"], ca=ca))
    check_bounds(row, issuer.verify(call.world.clock, body["jwt"], keys), "OIDC")


# A comma inside of braces belongs to a pattern now (server-notes#comma-lists).
VALUES = comma_list(braces=True)
CURRENT = AuthMethod(
    slug="oidc-auth",
    envelope="identityOidcAuth",
    refusals=refusals_400("OIDC Auth", "OIDC auth"),
    fields={**fields(VALUES), "claimMetadataMapping": Field(record(VALUES), default=None)},
    omitted_on_revoke=("caCert",),
    short_missing_on_revoke=True,
    login=Login("OIDC", prove, slow=True),
)

OLD = replace(CURRENT, fields=fields(comma_list()), strict_update=True)

TABLES = {"current": CURRENT, "2024-10": OLD}
