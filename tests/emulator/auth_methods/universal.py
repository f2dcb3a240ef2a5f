# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of universal auth."""

from __future__ import annotations

from dataclasses import replace

from ..addresses import trusted_ips_field
from ..lockouts import LOCKOUT_FIELDS
from ..method_bodies import TEN_YEARS
from ..method_table import AuthMethod, Refusals
from ..schema import Field, number
from ..world import new_id

NONE = (400, "The identity does not have universal auth")
MISSING = "Failed to find universal auth for identity with ID {identityId}"

CURRENT = AuthMethod(
    slug="universal-auth",
    envelope="identityUniversalAuth",
    refusals=Refusals(
        attach=(400, "Failed to add universal auth to already configured identity"),
        get=(404, MISSING),
        update=(404, MISSING),
        revoke=NONE,
    ),
    fields={
        "clientSecretTrustedIps": trusted_ips_field(),
        "accessTokenPeriod": Field(number(whole=True, minimum=0, maximum=TEN_YEARS), default=0),
        **LOCKOUT_FIELDS,
    },
    # Made by the server, another one when the method is attached again (server-notes#client-ids).
    generated={"clientId": new_id},
    ip_fields=("clientSecretTrustedIps", "accessTokenTrustedIps"),
    ip_plan_noun="service token",
    has_lockout=True,
    has_client_secrets=True,
)

OLD = replace(
    CURRENT,
    # [sic] (server-notes#methods-not-attached)
    refusals=replace(CURRENT.refusals, get=NONE, update=(400, "Failed to updated universal auth")),
    fields={"clientSecretTrustedIps": trusted_ips_field()},
    has_lockout=False,
)

TABLES = {"current": CURRENT, "2024-10": OLD}
