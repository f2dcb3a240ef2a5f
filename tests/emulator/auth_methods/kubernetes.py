# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of Kubernetes auth: gateways that displace one another, and a reviewer token that null alone clears."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..call import Call
from ..claims import denied
from ..errors import ApiError, unauthorized
from ..login_table import Login, listed
from ..method_bodies import FormFields, Forms, chosen_by, not_beside
from ..method_table import AuthMethod, BodyRule, Condition, Contact, Reference, Template, Write, refusals_400
from ..schema import MISSING, Field, boolean, nullable, one_of, required, text, uuid_text
from ..world import Row

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
LISTS: FormFields = {
    # Stored verbatim (server-notes#kubernetes-lists).
    "allowedNamespaces": required(text()),
    "allowedNames": required(text()),
}
CONNECTION: FormFields = {
    "kubernetesHost": required(nullable(host)),
    "caCert": Field(text(trim=True), default="", encrypted=True),
    "verifyTlsCertificate": Field(boolean),
    "tokenReviewerJwt": Field(text(trim=True), secret=True),
    "tokenReviewMode": Field(one_of("api", "gateway"), default="api"),
    "allowedAudience": required(text()),
    "gatewayId": Field(nullable(uuid_text), default=None),
    "gatewayPoolId": Field(nullable(uuid_text), default=None),
}
# On PATCH null clears the reviewer token, which POST does not take.
CONNECTION_OF_UPDATE: FormFields = {
    **{name: entry.optional() for name, entry in CONNECTION.items()},
    "tokenReviewerJwt": Field(nullable(text(trim=True)), secret=True),
}
# With a template the fields that it holds have to be left out (server-notes#kubernetes-templates).
WITH_TEMPLATE: FormFields = {
    "templateId": required(uuid_text),
    **{name: not_beside(f"{name} is managed by the auth template and cannot be provided") for name in CONNECTION},
}
by_template = chosen_by(lambda body: "template" if body.get("templateId") is not None else "manual")


def has_gateway_for_mode(body: Row) -> bool:
    return body.get("tokenReviewMode") != "gateway" or bool(body.get("gatewayId") or body.get("gatewayPoolId"))


def names_one_gateway(body: Row) -> bool:
    return not (body.get("gatewayId") and body.get("gatewayPoolId"))


# server-notes#kubernetes-review-mode, server-notes#kubernetes-gateways
BODY_RULES = (
    BodyRule(
        has_gateway_for_mode,
        "When token review mode is set to Gateway, a gateway must be selected",
        at="gatewayId",
    ),
    BodyRule(names_one_gateway, "Cannot specify both a gateway and a gateway pool", at="gatewayPoolId"),
)


def in_api_mode(row: Row) -> bool:
    return bool(row["tokenReviewMode"] == "api")


CONDITIONS = (
    Condition(
        lambda row: not in_api_mode(row) or bool(row["kubernetesHost"]),
        "When token review mode is set to API, a Kubernetes host must be provided",
    ),
    Condition(
        lambda row: not (in_api_mode(row) and row["verifyTlsCertificate"] and not row["caCert"]),
        "A CA certificate is required when TLS certificate verification is enabled. "
        "Either paste the Kubernetes API server's CA certificate or disable verification.",
    ),
    Condition(
        lambda row: not (in_api_mode(row) and row["caCert"] and not row["verifyTlsCertificate"]),
        "TLS certificate verification cannot be disabled when a CA certificate is provided. "
        "Either remove the CA certificate or enable verification.",
    ),
)


def verification(sent: Row, attaching: bool) -> Any:
    """Follow the CA certificate; PATCH turns verification on with one, and never off without
    (server-notes#kubernetes-certificate-verification)."""
    if sent.get("caCert"):
        return True
    return False if attaching else MISSING


def contacted(write: Write) -> str | None:
    """The API server, unless a gateway is in between or a PATCH does not name it
    (server-notes#writes-with-live-checks)."""
    row = write.row
    direct = in_api_mode(row) and not (row["gatewayId"] or row["gatewayPoolId"])
    return row["kubernetesHost"] if direct and ("kubernetesHost" in write.sent or write.copied) else None


def answers(write: Write) -> bool:
    """Whether anybody is there; what a review of the reviewer's token comes to is left to the login."""
    try:
        reviewed(write.call, write.row, write.row.get("tokenReviewerJwt") or "none")
    except ApiError as error:
        return error.status == 401
    return True


def prove(call: Call, row: Row, body: Row) -> None:
    """The API server reviews the token, for the reviewer or, without one, for the token's own account
    (server-notes#kubernetes-login)."""
    status = reviewed(call, row, body["jwt"])
    account = re.fullmatch(r"system:serviceaccount:([^:]+):([^:]+)", status.get("user", {}).get("username", ""))
    if not status.get("authenticated") or account is None:
        raise unauthorized(f"Access denied: {status.get('error') or 'the cluster did not authenticate the token'}")
    namespace, name = account.groups()
    namespaces, names = listed(row["allowedNamespaces"]), listed(row["allowedNames"])
    if namespaces and namespace not in namespaces:
        raise denied("K8s namespace")
    if names and name not in names:
        raise denied("K8s name")
    if row["allowedAudience"] and row["allowedAudience"] not in status.get("audiences", []):
        raise denied("K8s audience")


def reviewed(call: Call, row: Row, token: str) -> Row:
    """What a TokenReview answers. A gateway asks the API server of its own cluster."""
    host = row["kubernetesHost"] or "https://kubernetes.default.svc"
    spec: Row = {"token": token}
    if row["allowedAudience"]:
        spec["audiences"] = [row["allowedAudience"]]
    status, answer = call.world.outgoing.send(
        "POST",
        f"{host if '://' in host else f'https://{host}'}/apis/authentication.k8s.io/v1/tokenreviews",
        bearer=row.get("tokenReviewerJwt") or token,
        body={"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": spec},
        ca=row["caCert"],
        verify=bool(row.get("verifyTlsCertificate", row["caCert"])),
    )
    if status not in (200, 201):
        raise unauthorized(f"Access denied: {answer.get('message') or 'the cluster rejected the review'}")
    found: Row = answer["status"]
    return found


LOGIN = Login("Kubernetes", prove, slow=True)
CURRENT = AuthMethod(
    slug="kubernetes-auth",
    envelope="identityKubernetesAuth",
    refusals=replace(
        refusals_400(NAME, NOUN), get=(404, "Failed to find Kubernetes Auth for identity with ID {identityId}")
    ),
    fields=LISTS,
    forms=Forms(
        {"template": WITH_TEMPLATE, "manual": {**CONNECTION, "templateId": Field(nullable(uuid_text), default=None)}},
        by_template,
    ),
    forms_of_update=Forms(
        {"template": WITH_TEMPLATE, "manual": {**CONNECTION_OF_UPDATE, "templateId": Field(nullable(uuid_text))}},
        by_template,
    ),
    body_rules=BODY_RULES,
    body_rules_of_update=BODY_RULES,
    # Absent and "" keep the reviewer token, null clears it (server-notes#kubernetes-reviewer-token); each kind of
    # gateway clears the other (server-notes#kubernetes-gateways).
    kept_by_empty=("tokenReviewerJwt",),
    null_stores={"tokenReviewerJwt": ""},
    displaces={"gatewayId": "gatewayPoolId", "gatewayPoolId": "gatewayId"},
    derived={"verifyTlsCertificate": verification},
    # An action of its own, which members lack (server-notes#kubernetes-rights).
    attach_action="edit-auth",
    update_action="edit-auth",
    conditions=CONDITIONS,
    references={
        "gatewayId": Reference(
            table="gateways",
            name="Gateway",
            permission=("attach-gateways", "gateway"),
            feature="gateway",
            plan_text="Your current plan does not support gateway usage with identity k8s auth. "
            "Please upgrade your plan or contact Infisical Sales for assistance.",
        ),
        "gatewayPoolId": Reference(
            table="gateway_pools",
            name="Gateway pool",
            permission=("attach-gateway-pools", "gateway-pool"),
            feature="gatewayPool",
            plan_text="Your current plan does not support gateway pools. Please upgrade to an Enterprise plan.",
            permission_first=True,
        ),
    },
    template=Template(
        auth_method="kubernetes",
        fields={
            **{name: entry.optional() for name, entry in CONNECTION.items()},
            "tokenReviewMode": CONNECTION["tokenReviewMode"],
        },
        blanks={
            "kubernetesHost": None,
            "caCert": "",
            "verifyTlsCertificate": False,
            "tokenReviewerJwt": "",
            "allowedAudience": "",
            "gatewayId": None,
            "gatewayPoolId": None,
        },
        missing="Kubernetes auth template with ID '{id}' not found",
        licensed=True,
        managed="This identity's Kubernetes auth connection settings are managed by an auth template. Update the "
        "template to change them, or unlink the template by setting templateId to null.",
        masked=("tokenReviewerJwt",),
    ),
    contact=Contact(
        contacted,
        "Failed to connect to Kubernetes host at {address}: Connection refused. Verify the host URL and ensure the "
        "kubernetes host is accessible.",
        error="KubernetesHostConnectionRefused",
        answers=answers,
    ),
    echoed_by_attach=("tokenReviewerJwt",),
    omitted_on_revoke=("caCert", "tokenReviewerJwt"),
    login=LOGIN,
)

# No gateways, no templates, and a reviewer token that is required (server-notes#kubernetes-reviewer-token).
OLD = AuthMethod(
    slug=CURRENT.slug,
    envelope=CURRENT.envelope,
    refusals=refusals_400(NAME, NOUN),
    fields={
        "kubernetesHost": required(text(trim=True, minimum=1)),
        "caCert": CONNECTION["caCert"],
        "tokenReviewerJwt": required(text(trim=True, minimum=1), secret=True),
        **LISTS,
        "allowedAudience": required(text()),
    },
    omitted_on_revoke=CURRENT.omitted_on_revoke,
    login=LOGIN,
)

TABLES = {"current": CURRENT, "2024-10": OLD}
