# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""LDAP auth: users of a directory that may log in."""

from __future__ import annotations

import re

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    LONGEST_CERTIFICATE,
    certificate_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.lockout import lockout_fields
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists_by_key import KeyedLists
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

TEMPLATE = "template_id"


def ldap_url_error(url: str) -> str | None:
    if re.match(r"ldaps?://[^\s/]+\S*\Z", url, re.IGNORECASE):
        return None
    return f"must be an address such as ldaps://ldap.example.com, got {quoted(url)}"


def search_filter_error(text: str) -> str | None:
    """Checks only for a comparison in balanced brackets; the server parses the complete filter."""
    if "=" in text and text.count("(") == text.count(")"):
        return None
    return f"must be an LDAP filter such as (uid={{{{username}}}}), got {quoted(text)}"


IDENTITY_LDAP_AUTH = Resource(
    name="identity_ldap_auth",
    title="LDAP auth",
    slug="ldap-auth",
    path="/api/v1/auth/ldap-auth/identities/{identity_id}",
    envelope="identityLdapAuth",
    fields=(
        # Not `url`, the server's name, because that is a connection option.
        Field(
            "ldap_url",
            "url",
            Text(check=ldap_url_error, examples=("ldaps://ldap.example.com", "ldap://10.0.0.1:389")),
            required=True,
            provided_by=TEMPLATE,
        ),
        # Returned by reads, but not by writes (server-notes#ldap-bind-credentials).
        Field("bind_dn", "bindDN", Text(maximum_length=1024), required=True, unanswered=True, provided_by=TEMPLATE),
        Field(
            "bind_pass",
            "bindPass",
            Text(maximum_length=1024),
            required=True,
            secret=True,
            only_when_changed=True,
            unanswered=True,
            provided_by=TEMPLATE,
        ),
        Field("search_base", "searchBase", Text(), required=True, provided_by=TEMPLATE),
        Field(
            "ldap_ca_certificate",
            "ldapCaCertificate",
            Text(maximum_length=LONGEST_CERTIFICATE, check=certificate_error, cleared_by="omitted", several_lines=True),
            default="",
            unanswered=True,
            omitted_when_none=True,
            # server-notes#ldap-certificate
            immutable="the server cannot change it. Revoke the method and attach it again, or use an auth template.",
            provided_by=TEMPLATE,
        ),
        # Every update without it removes the link to the template (server-notes#ldap-template-link).
        Field(TEMPLATE, "templateId", Text(check=id_error, uuid=True, cleared_by="omitted"), default=""),
        Field(
            "search_filter",
            "searchFilter",
            Text(check=search_filter_error, examples=("(uid={{username}})", "(&(cn={{username}})(ou=people))")),
            default="(uid={{username}})",
        ),
        Field("allowed_fields", "allowedFields", KeyedLists(), default=[]),
        *access_token_fields(minimum_max_ttl_on_create=1),
        *lockout_fields(),
    ),
    admits_all_when_empty=("allowed_fields",),
    everybody="every user that the search filter finds",
)
