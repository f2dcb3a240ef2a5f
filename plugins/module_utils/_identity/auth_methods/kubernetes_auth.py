# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Kubernetes auth: service accounts of one cluster that may log in."""

from __future__ import annotations

import re

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    ca_certificate_field,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Derived, Field, Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Boolean, Text

TEMPLATE = "template_id"
LONGEST_JWT = 16384
COLUMN = 255
"""Maximum length of a comma-joined list in characters (server-notes#column-lengths)."""


def host_error(host: str) -> str | None:
    if re.match(r"[A-Za-z0-9:./-]+\Z", host):
        return None
    return f"must be an address such as https://10.0.0.1:6443, of letters, digits and : . / -, got {quoted(host)}"


def state_errors(state: Options) -> list[str]:
    """Returns errors of the resulting state that the server would reject (server-notes#kubernetes-review-mode,
    server-notes#kubernetes-certificate-verification)."""
    if state.get(TEMPLATE):
        return []
    if state.get("token_review_mode", "api") == "gateway":
        has_gateway = state.get("gateway_id") or state.get("gateway_pool_id")
        return [] if has_gateway else ["token_review_mode gateway requires gateway_id or gateway_pool_id"]
    errors = [] if state.get("kubernetes_host") else ["kubernetes_host is required with token_review_mode api"]
    certificate, verifies = state.get("ca_certificate"), state.get("verify_tls_certificate")
    if certificate and verifies is False:
        errors.append("verify_tls_certificate must be true with a ca_certificate, or ca_certificate must be ''")
    if verifies and not certificate:
        errors.append("verify_tls_certificate requires a ca_certificate with token_review_mode api")
    return errors


def gateway_field(option: str, wire: str, displaces: str) -> Field:
    kind = Text(check=id_error, uuid=True, cleared_by="null")
    return Field(option, wire, kind, absent_means="", displaces=displaces, provided_by=TEMPLATE)


IDENTITY_KUBERNETES_AUTH = Resource(
    name="identity_kubernetes_auth",
    title="Kubernetes auth",
    slug="kubernetes-auth",
    path="/api/v1/auth/kubernetes-auth/identities/{identity_id}",
    envelope="identityKubernetesAuth",
    fields=(
        Field(
            "kubernetes_host",
            "kubernetesHost",
            Text(check=host_error, cleared_by="null", examples=("https://10.0.0.1:6443", "kubernetes.example.com")),
            default="",
            always_sent=True,
            provided_by=TEMPLATE,
        ),
        ca_certificate_field(provided_by=TEMPLATE),
        Field(
            "verify_tls_certificate",
            "verifyTlsCertificate",
            Boolean(),
            absent_means=False,
            derived=Derived(("ca_certificate",), lambda state: bool(state.get("ca_certificate"))),
            provided_by=TEMPLATE,
        ),
        Field(
            "token_reviewer_jwt",
            "tokenReviewerJwt",
            Text(maximum_length=LONGEST_JWT, cleared_by="null"),
            default="",
            secret=True,
            only_when_changed=True,
            former_required=True,
            provided_by=TEMPLATE,
        ),
        Field(
            "token_review_mode",
            "tokenReviewMode",
            Text(choices=("api", "gateway")),
            absent_means="api",
            provided_by=TEMPLATE,
        ),
        gateway_field("gateway_id", "gatewayId", displaces="gateway_pool_id"),
        gateway_field("gateway_pool_id", "gatewayPoolId", displaces="gateway_id"),
        Field(TEMPLATE, "templateId", Text(check=id_error, uuid=True, cleared_by="null"), absent_means=""),
        Field(
            "allowed_namespaces", "allowedNamespaces", CommaList(maximum_length=COLUMN), default=[], always_sent=True
        ),
        Field("allowed_names", "allowedNames", CommaList(maximum_length=COLUMN), default=[], always_sent=True),
        Field(
            "allowed_audience",
            "allowedAudience",
            Text(cleared_by="empty"),
            default="",
            always_sent=True,
            provided_by=TEMPLATE,
        ),
        *access_token_fields(minimum_max_ttl_on_create=0),
    ),
    state_errors=state_errors,
    admits_all_when_empty=("allowed_namespaces", "allowed_names", "allowed_audience"),
    everybody="every service account of the cluster",
)
