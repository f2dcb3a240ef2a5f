# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SPIFFE auth: workloads of one trust domain that may log in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    LONGEST_CERTIFICATE,
    certificate_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.public_keys import KeySet
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import LARGEST_COUNT, quoted
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import https_url_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.nested import nested
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text

STATIC = ("profile", "static")
WEB = ("profile", "https_web_bundle")


def trust_domain_error(domain: str) -> str | None:
    if re.match(r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?\Z", domain):
        return None
    return f"must be a trust domain such as example.org, without spiffe://, got {quoted(domain)}"


def spiffe_id_error(pattern: str) -> str | None:
    """Rejects a comma too, at which the server splits inside braces (server-notes#spiffe-required-lists)."""
    if re.match(r"spiffe://[^\s,]+\Z", pattern):
        return None
    return "must be a SPIFFE id or a pattern such as spiffe://example.org/ns/billing/*, without commas in braces"


def audience_error(audience: str) -> str | None:
    return "must not contain a comma, at which the server splits" if "," in audience else None


def ids_of_other_domains(desired: Mapping[str, Any]) -> list[str]:
    """Returns a warning for each id that no workload of the trust domain can have."""
    domain = desired.get("trust_domain")
    return [
        f"allowed_spiffe_ids[{index}] {one} can never match: its trust domain is not {domain}."
        for index, one in enumerate(desired.get("allowed_spiffe_ids") or [])
        if domain and re.match(r"spiffe://[a-zA-Z0-9.-]+(/|\Z)", one) and one.split("/")[2] != domain
    ]


IDENTITY_SPIFFE_AUTH = Resource(
    name="identity_spiffe_auth",
    title="SPIFFE auth",
    slug="spiffe-auth",
    path="/api/v1/auth/spiffe-auth/identities/{identity_id}",
    envelope="identitySpiffeAuth",
    fields=(
        Field(
            "trust_domain",
            "trustDomain",
            Text(check=trust_domain_error, examples=("example.org", "prod.example.com")),
            required=True,
        ),
        Field(
            "allowed_spiffe_ids",
            "allowedSpiffeIds",
            CommaList(
                spiffe_id_error,
                examples=("spiffe://example.org/ns/billing/sa/api", "spiffe://example.org/ns/ledger/*"),
                never_empty=True,
            ),
            required=True,
        ),
        Field(
            "allowed_audiences",
            "allowedAudiences",
            CommaList(audience_error, examples=("infisical", "https://infisical.example.com"), never_empty=True),
            required=True,
        ),
        # Replaced as a whole when it is sent (server-notes#spiffe-bundle).
        Field(
            "trust_bundle_distribution",
            "trustBundleDistribution",
            nested(
                Field("profile", "profile", Text(choices=("static", "https_web_bundle")), required=True),
                Field("bundle", "bundle", KeySet(), required=True, variant=STATIC),
                Field(
                    "endpoint_url",
                    "endpointUrl",
                    Text(check=https_url_error, examples=("https://spire.example.org/bundle", "https://b.example.org")),
                    required=True,
                    variant=WEB,
                ),
                Field(
                    "ca_cert",
                    "caCert",
                    Text(
                        maximum_length=LONGEST_CERTIFICATE,
                        check=certificate_error,
                        cleared_by="omitted",
                        several_lines=True,
                    ),
                    variant=WEB,
                ),
                # 0 is stored as 300 on attach.
                Field(
                    "refresh_hint_seconds",
                    "refreshHintSeconds",
                    Integer(1, LARGEST_COUNT, "seconds"),
                    default=3600,
                    variant=WEB,
                ),
            ),
            required=True,
        ),
        *access_token_fields(minimum_max_ttl_on_create=0),
    ),
    warnings=ids_of_other_domains,
)
