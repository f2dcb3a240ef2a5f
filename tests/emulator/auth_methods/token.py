# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of token auth, which has tokens but no login."""

from __future__ import annotations

from dataclasses import replace

from ..method_table import AuthMethod, refusals, refusals_400

CURRENT = AuthMethod(
    slug="token-auth",
    envelope="identityTokenAuth",
    refusals=replace(
        refusals("Token Auth", "Token Auth"),
        get=(404, "Token Auth configuration not found for identity"),
        update=(400, "The identity does not have token auth"),
    ),
    reports_period=True,
)

OLD = replace(CURRENT, refusals=refusals_400("Token Auth", "Token Auth"), reports_period=False)

TABLES = {"current": CURRENT, "2024-10": OLD}
