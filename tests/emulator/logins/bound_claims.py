# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The logins with a token of an issuer: OIDC, JWT, Kubernetes and GCP; the emulator issues all of them."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt import PyJWKSet, PyJWTError

from .. import issuer
from ..call import Call
from ..errors import ApiError, forbidden, unauthorized
from ..login_table import Login, among, listed
from ..world import Row


def denied(what: str) -> Exception:
    return unauthorized(f"Access denied: {what} not allowed.")


def audiences(claims: Row) -> list[str]:
    audience = claims.get("aud", [])
    return [audience] if isinstance(audience, str) else list(audience)


def check_bounds(row: Row, claims: Row, name: str) -> None:
    """Issuer, subject, audience and claims, in this order; an empty bound admits everything."""
    if row["boundIssuer"] and claims.get("iss") != row["boundIssuer"]:
        raise denied(f"{name} issuer")
    if row["boundSubject"] and not among(claims.get("sub"), listed(row["boundSubject"])):
        # The subject is a 403, the others are a 401 (server-notes#rejections-of-claims).
        raise forbidden(f"Access denied: {name} subject not allowed.")
    wanted = listed(row["boundAudiences"])
    if wanted and not any(among(audience, wanted) for audience in audiences(claims)):
        raise denied(f"{name} audience")
    for claim, values in row["boundClaims"].items():
        if not among(claims.get(claim), listed(values)):
            raise denied(f"{name} claim")


def prove_oidc(call: Call, row: Row, body: Row) -> None:
    check_bounds(row, issuer.verify(call.world.clock, body["jwt"]), "OIDC")


def prove_jwt(call: Call, row: Row, body: Row) -> None:
    keys: list[Any] | None = None
    if row["configurationType"] == "static":
        keys = [load_pem_public_key(pem.encode()) for pem in row["publicKeys"] if pem]
    check_bounds(row, issuer.verify(call.world.clock, body["jwt"], keys), "JWT")


def prove_kubernetes(call: Call, row: Row, body: Row) -> None:
    claims = issuer.verify(call.world.clock, body["jwt"])
    account = claims.get("kubernetes.io", {})
    namespace, name = account.get("namespace"), account.get("serviceaccount", {}).get("name")
    namespaces, names = listed(row["allowedNamespaces"]), listed(row["allowedNames"])
    if namespaces and namespace not in namespaces:
        raise denied("K8s namespace")
    if names and name not in names:
        raise denied("K8s name")
    if row["allowedAudience"] and row["allowedAudience"] not in audiences(claims):
        raise denied("K8s audience")


def prove_gcp(call: Call, row: Row, body: Row) -> None:
    """The audience is the identity; project and zone are in the metadata server's tokens alone
    (server-notes#gcp-login)."""
    claims = issuer.verify(call.world.clock, body["jwt"])
    if row["identityId"] not in audiences(claims):
        raise denied("GCP audience")
    instance = claims.get("google", {}).get("compute_engine", {})
    bounds = [("allowedServiceAccounts", claims.get("email") or claims.get("sub"), "GCP service account")]
    if row["type"] == "gce":
        bounds.append(("allowedProjects", instance.get("project_id"), "GCP project"))
        bounds.append(("allowedZones", instance.get("zone"), "GCP zone"))
    for key, value, what in bounds:
        allowed = listed(row[key])
        if allowed and value not in allowed:
            raise denied(what)


def prove_spiffe(call: Call, row: Row, body: Row) -> None:
    """A JWT-SVID of the trust domain; every refusal is the same (server-notes#spiffe-login)."""
    keys = bundle_keys(row["trustBundleDistribution"])
    try:
        claims = issuer.verify(call.world.clock, body["jwt"], keys)
    except ApiError:
        raise unauthorized("Access denied") from None
    subject = str(claims.get("sub"))
    in_domain = subject.startswith(f"spiffe://{row['trustDomain']}/")
    wanted = listed(row["allowedAudiences"])
    if not (in_domain and among(subject, listed(row["allowedSpiffeIds"])) and set(wanted) & set(audiences(claims))):
        raise unauthorized("Access denied")


def bundle_keys(distribution: Row) -> list[Any] | None:
    """The keys of a static bundle; a bundle behind a URL is taken to be the emulator's own."""
    if distribution["profile"] != "static":
        return None
    try:
        return [key.key for key in PyJWKSet.from_json(distribution["bundle"]).keys]
    except (PyJWTError, ValueError):
        raise unauthorized("Access denied") from None


LOGINS = [
    Login("spiffe-auth", "SPIFFE", prove_spiffe),
    Login("oidc-auth", "OIDC", prove_oidc),
    Login("jwt-auth", "JWT", prove_jwt),
    Login("kubernetes-auth", "Kubernetes", prove_kubernetes),
    Login("gcp-auth", "GCP", prove_gcp),
]
