# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of token auth, which has tokens but no login."""

from __future__ import annotations

from dataclasses import replace

from ..method_table import AuthMethod

CURRENT = AuthMethod(
    slug="token-auth",
    envelope="identityTokenAuth",
    attach=(400, "Failed to add Token Auth to already configured identity"),
    get=(404, "Token Auth configuration not found for identity"),
    update=(400, "The identity does not have token auth"),
    revoke=(400, "The identity does not have Token Auth"),
    reports_period=True,
)

OLD = replace(
    CURRENT,
    get=(400, "The identity does not have Token Auth attached"),
    update=(400, "Failed to update Token Auth"),
    reports_period=False,
)

TABLES = {"current": CURRENT, "2024-10": OLD}
