# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of LDAP auth, which needs a plan and drops its template link on every PATCH without it."""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from urllib.parse import urlsplit

from ..binding import binds, bound_user
from ..call import Call
from ..errors import unauthorized
from ..lockouts import LOCKOUT_FIELDS, forgive, note_failure, refuse_locked
from ..login_table import Login
from ..method_bodies import FormFields, Forms, first_that_fits
from ..method_table import AuthMethod, Condition, Contact, Template, refusals
from ..outgoing import is_loopback
from ..schema import Field, array, required, shape, text, uuid_text
from ..world import Row

SLUG = "ldap-auth"
# Every blank is removed from the value (server-notes#ldap-blanks).
ALLOWED = shape(
    {"key": required(text(trim=True)), "value": required(text(then=lambda value: re.sub(r"\s", "", value)))}
)
ITEM = re.compile(r"\([a-zA-Z0-9.;:-]+[<>~]?=[^()]*\)")
GROUP = re.compile(r"\((?:[&|]x*|!x)\)")


def is_filter(value: str) -> bool:
    """Whether a text has the form of an LDAP filter: items, joined by and, or and not; the outer brackets may lack
    (server-notes#ldap-search-filter)."""
    reduced = ITEM.sub("x", value if value.startswith("(") else f"({value})")
    while (shorter := GROUP.sub("x", reduced)) != reduced:
        reduced = shorter
    return reduced == "x"


search_filter = text(trim=True, minimum=1, check=(is_filter, "Invalid LDAP search filter"))
# POST takes empty texts here, and misses them afterwards (server-notes#ldap-forms).
MANUAL: FormFields = {
    "url": required(text(trim=True)),
    "bindDN": required(text(trim=True), encrypted=True),
    "bindPass": required(text(trim=True), secret=True),
    "searchBase": required(text(trim=True)),
}
NONEMPTY = text(trim=True, minimum=1)


def fields_of_template(name: str) -> Field:
    entry = MANUAL[name]
    return Field(NONEMPTY, required=True, secret=entry.secret, encrypted=entry.encrypted)


def prove(call: Call, row: Row, body: Row) -> None:
    """Lockouts are counted per user name, in any case (server-notes#lockouts)."""
    name = body["username"]
    counted = name.lower()
    refuse_locked(call, row["identityId"], SLUG, counted)
    user = found_user(call, row, name, body["password"])
    if user is None or not admitted(row, user):
        note_failure(call, row["identityId"], SLUG, row, counted)
        raise unauthorized("Invalid credentials")
    forgive(call, row["identityId"], SLUG, counted)


def found_user(call: Call, row: Row, name: str, password: str) -> Row | None:
    """The attributes of a user with this password: of a directory on this machine, or of the control plane's."""
    if is_loopback(urlsplit(row["url"]).hostname):
        return bound_user(row, name, password)
    user = call.world.ldap_users.get(name)
    known = user is not None and hmac.compare_digest(user["password"], password)
    return user.get("attributes", {}) if user is not None and known else None


def admitted(row: Row, attributes: Row) -> bool:
    return all(str(attributes.get(entry["key"])) in entry["value"].split(",") for entry in row["allowedFields"] or [])


NAME = "LDAP Auth"
TABLE = AuthMethod(
    slug=SLUG,
    envelope="identityLdapAuth",
    refusals=replace(
        refusals(NAME, "LDAP Auth attached"), clear_lockouts=(400, "The identity does not have ldap auth")
    ),
    fields={
        "searchFilter": Field(search_filter, default="(uid={{username}})"),
        "allowedFields": Field(array(ALLOWED), default=None),
        "ldapCaCertificate": Field(text(trim=True), encrypted=True),
        **LOCKOUT_FIELDS,
    },
    # A body that names a template is one of a template: the connection beside it is dropped
    # (server-notes#ldap-forms).
    fixed={"templateId": None},
    forms=Forms(
        {"template": {"templateId": required(text(trim=True))}, "manual": MANUAL},
        first_that_fits,
    ),
    # server-notes#ldap-certificate, server-notes#ldap-template-link
    not_on_update=("ldapCaCertificate",),
    more_on_update={
        "templateId": Field(text(trim=True), default=None),
        **{name: replace(fields_of_template(name), required=False) for name in MANUAL},
    },
    max_ttl_minimum=1,
    ttl_falls_back_to="accessTokenTTL",
    plan_feature="ldap",
    plan_texts=(
        "Failed to add LDAP Auth to identity due to plan restriction. Upgrade plan to add LDAP Auth.",
        "Failed to update LDAP Auth due to plan restriction. Upgrade plan to update LDAP Auth.",
    ),
    conditions=(
        Condition(
            lambda row: all(row.get(name) for name in MANUAL),
            "Invalid request. Missing bind DN, bind pass, search base, or URL.",
        ),
    ),
    template=Template(
        auth_method="ldap",
        fields={
            **{name: fields_of_template(name) for name in MANUAL},
            "ldapCaCertificate": Field(text(trim=True), encrypted=True),
        },
        blanks={},
    ),
    contact=Contact(
        lambda write: write.row.get("url"),
        "Failed to connect to LDAP server. Please ensure that the LDAP server is running and your credentials are "
        "correct.",
        answers=lambda write: binds(write.row),
    ),
    # The bind password is answered in clear (server-notes#ldap-bind-credentials).
    only_on_get=("bindDN", "bindPass", "ldapCaCertificate"),
    reports_period=True,
    has_lockout=True,
    called="LDAP auth",
    login=Login(
        "LDAP",
        prove,
        {
            "username": required(text(trim=True, minimum=1)),
            "password": required(text(trim=True, minimum=1), secret=True),
        },
        identity_rule=required(uuid_text),
        slow=True,
    ),
)
# Not in 2024-10 (server-notes#method-names).
TABLES = {"current": TABLE}
