# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of LDAP auth, which needs a plan and drops its template link on every PATCH without it."""

from __future__ import annotations

import re

from ..errors import bad_request
from ..method_table import AuthMethod, Row, refusals
from ..schema import Field, array, boolean, number, required, shape, text

LOCKOUT = {
    "lockoutEnabled": Field(boolean, default=True),
    "lockoutThreshold": Field(number(minimum=1, maximum=30), default=3),
    "lockoutDurationSeconds": Field(number(minimum=30, maximum=86_400), default=300),
    "lockoutCounterResetSeconds": Field(number(minimum=5, maximum=3_600), default=30),
}
# Every blank is removed from the value (server-notes#ldap-blanks).
ALLOWED = shape(
    {"key": required(text(trim=True)), "value": required(text(then=lambda value: re.sub(r"\s", "", value)))}
)


def needs_connection(row: Row) -> None:
    if not row["templateId"] and not all(row[name] for name in ("url", "bindDN", "bindPass", "searchBase")):
        raise bad_request("Invalid request. Missing bind DN, bind pass, search base, or URL.")


NAME = "LDAP Auth"
TABLE = AuthMethod(
    slug="ldap-auth",
    envelope="identityLdapAuth",
    refusals=refusals(NAME, "LDAP Auth attached"),
    fields={
        "templateId": Field(text(trim=True), default=None),
        "url": Field(text(trim=True, minimum=1), default=""),
        "bindDN": Field(text(trim=True, minimum=1), default=""),
        "bindPass": Field(text(trim=True, minimum=1), default=""),
        "searchBase": Field(text(trim=True, minimum=1), default=""),
        "searchFilter": Field(text(trim=True, minimum=1), default="(uid={{username}})"),
        "allowedFields": Field(array(ALLOWED), default=[]),
        "ldapCaCertificate": Field(text(trim=True), default=""),
        **LOCKOUT,
    },
    # server-notes#ldap-template-link
    reset_on_update={"templateId": None},
    not_on_update=("ldapCaCertificate",),
    only_on_get=("bindDN", "bindPass", "ldapCaCertificate"),
    max_ttl_minimum=1,
    ttl_falls_back_to="accessTokenTTL",
    reports_period=True,
    has_lockout=True,
    plan_feature="ldap",
    plan_texts=(
        "Failed to add LDAP Auth to identity due to plan restriction. Upgrade plan to add LDAP Auth.",
        "Failed to update LDAP Auth due to plan restriction. Upgrade plan to update LDAP Auth.",
    ),
    check=needs_connection,
)
TABLES = {"current": TABLE}
