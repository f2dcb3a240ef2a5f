# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of Kubernetes auth."""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import bad_request
from ..method_table import AuthMethod, Row, refusals_400
from ..schema import Field, boolean, nullable, one_of, required, text, uuid_text

NAME, NOUN = "Kubernetes Auth", "kubernetes auth"
HOST = re.compile(r"[a-zA-Z0-9:./-]+")
host = text(
    trim=True,
    minimum=1,
    check=(
        lambda value: HOST.fullmatch(value) is not None,
        "Kubernetes host must only contain alphabets, numbers, colons, periods, hyphen, and forward slashes.",
    ),
)


def needs_host(row: Row) -> None:
    if row["tokenReviewMode"] == "api" and not row["kubernetesHost"]:
        raise bad_request("When token review mode is set to API, a Kubernetes host must be provided")


def settle(row: Row, sent: Row, stored: Row) -> None:
    """Keep the reviewer token on "", clear it on null (server-notes#kubernetes-reviewer-token); one gateway kind at a
    time (server-notes#kubernetes-gateways)."""
    if sent.get("tokenReviewerJwt") == "":
        row["tokenReviewerJwt"] = stored.get("tokenReviewerJwt", "")
    elif "tokenReviewerJwt" in sent and sent["tokenReviewerJwt"] is None:
        row["tokenReviewerJwt"] = ""
    if "gatewayId" in sent:
        row["gatewayPoolId"] = None
    if "gatewayPoolId" in sent:
        row["gatewayId"] = None


CURRENT = AuthMethod(
    slug="kubernetes-auth",
    envelope="identityKubernetesAuth",
    refusals=replace(
        refusals_400(NAME, NOUN), get=(404, "Failed to find Kubernetes Auth for identity with ID {identityId}")
    ),
    fields={
        "kubernetesHost": required(nullable(host)),
        "caCert": Field(text(trim=True), default=""),
        "verifyTlsCertificate": Field(boolean, default=False),
        "tokenReviewerJwt": Field(nullable(text(trim=True)), default=""),
        "tokenReviewMode": Field(one_of("api", "gateway"), default="api"),
        # Stored verbatim (server-notes#kubernetes-lists).
        "allowedNamespaces": required(text()),
        "allowedNames": required(text()),
        "allowedAudience": required(text()),
        "gatewayId": Field(nullable(uuid_text), default=None),
        "gatewayPoolId": Field(nullable(uuid_text), default=None),
    },
    omitted_on_revoke=("caCert", "tokenReviewerJwt"),
    check=needs_host,
    after_write=settle,
)

OLD = replace(
    CURRENT,
    refusals=refusals_400(NAME, NOUN),
    fields={
        "kubernetesHost": required(text(trim=True, minimum=1)),
        "caCert": Field(text(trim=True), default=""),
        "tokenReviewerJwt": required(text(trim=True, minimum=1)),
        "allowedNamespaces": required(text()),
        "allowedNames": required(text()),
        "allowedAudience": required(text()),
    },
    check=None,
    after_write=None,
)

TABLES = {"current": CURRENT, "2024-10": OLD}
