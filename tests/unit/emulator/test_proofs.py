# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator believes nobody: whoever issued a proof verifies it, and a forged, expired or foreign one is refused."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from tests.emulator.services.agent import Agent
from tests.emulator.services.cluster import Cluster
from tests.emulator.services.directory import Directory, Person, kinds
from tests.emulator.services.issuer import Issuer
from tests.emulator.services.signing import SigningKey
from tests.emulator.services.web import Asked, WebService

from .conftest import Client, log_in
from .test_logins import alicloud_proof

UNSIGNED = "Access denied: token has no valid signature."
EXPIRED = "Access denied: token is expired or not yet valid."


@pytest.fixture(scope="module", params=[False, True], ids=["http", "https"])
def issuer(request: pytest.FixtureRequest) -> Iterator[Issuer]:
    with Issuer(encrypted=request.param) as running:
        yield running


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(encrypted=True) as running:
        yield running


@pytest.fixture(scope="module", params=kinds())
def directory(request: pytest.FixtureRequest) -> Iterator[Directory]:
    web = Person("web", "right", {"employeeType": "service"})
    with Directory(web, Person("jane", "hers", {"employeeType": "person"}), kind=request.param) as running:
        yield running


def attached(client: Client, slug: str, **body: Any) -> str:
    identity_id = client.identity()
    answer = client.post(client.method(slug, identity_id), json=body)
    assert answer.status_code == 200, answer.text
    return identity_id


def refusal(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("message", "")


def oidc(issuer: Issuer) -> dict[str, Any]:
    bounds = {"boundIssuer": issuer.url, "boundAudiences": "infisical", "boundClaims": {"env": "prod"}}
    return {"oidcDiscoveryUrl": issuer.url, "caCert": issuer.ca, "boundSubject": "repo:a/*", **bounds}


def by_jwks(issuer: Issuer) -> dict[str, Any]:
    bounds = {name: value for name, value in oidc(issuer).items() if name.startswith("bound")}
    return {"configurationType": "jwks", "jwksUrl": issuer.jwks_url, "jwksCaCert": issuer.ca, **bounds}


GOOD: dict[str, Any] = {"aud": ["infisical"], "sub": "repo:a/b", "env": "prod"}


@pytest.mark.parametrize(("slug", "name"), [("oidc-auth", "OIDC"), ("jwt-auth", "JWT")])
def test_tokens_of_an_issuer_that_publishes_its_keys(current: Client, issuer: Issuer, slug: str, name: str) -> None:
    identity_id = attached(current, slug, **(oidc(issuer) if slug == "oidc-auth" else by_jwks(issuer)))
    assert log_in(current, slug, identity_id, jwt=issuer.token(**GOOD)).status_code == 200
    foreign, elsewhere = SigningKey(issuer.key.id), {**GOOD, "iss": "https://elsewhere.example"}
    symmetric = jwt.encode({"iss": issuer.url, **GOOD}, "x" * 32, "HS256", headers={"kid": issuer.key.id})
    unsigned = jwt.encode({"iss": issuer.url, **GOOD}, "", "none", headers={"kid": issuer.key.id})
    for token, refused in (
        (foreign.sign({"iss": issuer.url, **GOOD}), (401, UNSIGNED)),
        (SigningKey().sign({"iss": issuer.url, **GOOD}), (401, UNSIGNED)),
        (symmetric, (401, UNSIGNED)),
        (unsigned, (401, UNSIGNED)),
        ("no.token.atall", (401, UNSIGNED)),
        (issuer.token(**GOOD, expires_in=-1), (401, EXPIRED)),
        (
            issuer.token(**elsewhere),
            (401, f"Access denied: {name} issuer not allowed."),
        ),
        (issuer.token(**{**GOOD, "aud": "vault"}), (401, f"Access denied: {name} audience not allowed.")),
        (issuer.token(**{**GOOD, "env": "dev"}), (401, f"Access denied: {name} claim not allowed.")),
        (issuer.token(**{**GOOD, "sub": "repo:c/d"}), (403, f"Access denied: {name} subject not allowed.")),
    ):
        assert refusal(log_in(current, slug, identity_id, jwt=token)) == refused


def test_an_issuer_with_the_certificate_of_another_authority(current: Client) -> None:
    with Issuer(encrypted=True) as issuer, Issuer(encrypted=True) as other:
        identity_id = attached(current, "oidc-auth", **{**oidc(issuer), "caCert": other.ca})
        assert log_in(current, "oidc-auth", identity_id, jwt=issuer.token(**GOOD)).status_code == 401


def test_an_issuer_that_is_gone(current: Client) -> None:
    with Issuer() as issuer:
        identity_id = attached(current, "jwt-auth", **by_jwks(issuer))
        token = issuer.token(**GOOD)
    assert log_in(current, "jwt-auth", identity_id, jwt=token).status_code == 500


def kubernetes(cluster: Cluster, **changes: str) -> dict[str, Any]:
    connection = {"kubernetesHost": cluster.url, "caCert": cluster.ca, "tokenReviewerJwt": cluster.reviewer}
    bounds = {"allowedNamespaces": "prod", "allowedNames": "web, api", "allowedAudience": "infisical"}
    return {**connection, **bounds, **changes}


def test_service_accounts_that_the_cluster_reviews(either: Client, cluster: Cluster) -> None:
    identity_id = attached(either, "kubernetes-auth", **kubernetes(cluster))
    cluster.asked.clear()
    assert log_in(either, "kubernetes-auth", identity_id, jwt=cluster.token("prod", "api", audience="infisical")).ok
    (asked,) = cluster.asked
    reviewer = jwt.decode(asked.headers["authorization"].split()[1], options={"verify_signature": False})
    assert reviewer["sub"] == "system:serviceaccount:kube-system:reviewer"
    assert asked.json()["spec"]["audiences"] == ["infisical"]
    with Cluster() as foreign:
        strangers = {
            cluster.token("test", "api", audience="infisical"): "Access denied: K8s namespace not allowed.",
            cluster.token("prod", "db", audience="infisical"): "Access denied: K8s name not allowed.",
            cluster.token("prod", "api"): "",
            cluster.token("prod", "api", audience="infisical", expires_in=-1): "",
            foreign.token("prod", "api", audience="infisical"): "",
        }
    for token, text in strangers.items():
        status, message = refusal(log_in(either, "kubernetes-auth", identity_id, jwt=token))
        assert (status, text in message) == (401, True), message


def test_a_reviewer_without_the_right_to_review(either: Client, cluster: Cluster) -> None:
    identity_id = attached(
        either, "kubernetes-auth", **kubernetes(cluster, tokenReviewerJwt=cluster.token("prod", "web"))
    )
    token = cluster.token("prod", "web", audience="infisical")
    status, message = refusal(log_in(either, "kubernetes-auth", identity_id, jwt=token))
    assert (status, 'cannot create resource "tokenreviews"' in message) == (401, True)


def test_a_cluster_that_is_not_there(current: Client, cluster: Cluster) -> None:
    with Cluster() as gone:
        body = kubernetes(gone)
    answer = current.post(current.method("kubernetes-auth", current.identity()), json=body)
    assert refusal(answer)[0] == 400
    assert f"Failed to connect to Kubernetes host at {body['kubernetesHost']}" in answer.json()["message"]


def test_people_of_a_directory(current: Client, directory: Directory) -> None:
    allowed = [{"key": "employeeType", "value": "service,robot"}]
    identity_id = attached(current, "ldap-auth", **directory.connection, allowedFields=allowed)
    assert log_in(current, "ldap-auth", identity_id, username="web", password="right").ok
    wrong = [("web", "wrong"), ("jane", "hers"), ("nobody", "right"), ("*", "right"), ("w*", "right")]
    for username, password in wrong:
        refused = log_in(current, "ldap-auth", identity_id, username=username, password=password)
        assert refusal(refused) == (401, "Invalid credentials")


def test_a_filter_that_finds_fewer(current: Client, directory: Directory) -> None:
    criteria = "(&(uid={{username}})(employeeType=service))"
    identity_id = attached(current, "ldap-auth", **directory.connection, searchFilter=criteria)
    assert log_in(current, "ldap-auth", identity_id, username="web", password="right").ok
    assert log_in(current, "ldap-auth", identity_id, username="jane", password="hers").status_code == 401


def test_a_directory_that_does_not_take_the_reader(current: Client, directory: Directory) -> None:
    identity_id = current.identity()
    path = current.method("ldap-auth", identity_id)
    wrong = {**directory.connection, "bindPass": "wrong"}
    assert "Failed to connect to LDAP server." in current.post(path, json=wrong).json()["message"]
    assert current.post(path, json=directory.connection).ok
    assert current.patch(path, json={"bindPass": "wrong"}).status_code == 400
    assert current.patch(path, json={"accessTokenTTL": 60}).ok


class BundleEndpoint(WebService):
    """Publishes the trust bundle of an agent."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        super().__init__(encrypted=True)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        return 200, json.loads(self.agent.bundle)


def test_a_trust_bundle_behind_an_endpoint(current: Client) -> None:
    with Agent("example.org") as agent, Agent("example.org") as foreign, BundleEndpoint(agent) as endpoint:
        distribution = {"profile": "https_web_bundle", "endpointUrl": endpoint.url, "caCert": endpoint.ca}
        identity_id = attached(
            current,
            "spiffe-auth",
            trustDomain="example.org",
            allowedSpiffeIds="spiffe://example.org/*",
            allowedAudiences="infisical",
            trustBundleDistribution=distribution,
        )
        assert log_in(current, "spiffe-auth", identity_id, jwt=agent.svid("/web", "infisical")).ok
        for stranger in (foreign.svid("/web", "infisical"), agent.svid("/web", "vault")):
            refused = log_in(current, "spiffe-auth", identity_id, jwt=stranger)
            assert refusal(refused) == (401, "Access denied")


def test_accounts_of_google(either: Client) -> None:
    """Each account has keys of its own; those of Google itself sign for none."""
    email = f"web@{uuid.uuid4().hex}.iam.gserviceaccount.com"
    identity_id = attached(either, "gcp-auth", type="iam", allowedServiceAccounts=email)
    key, claims = SigningKey("k1"), {"sub": email, "aud": identity_id}
    assert log_in(either, "gcp-auth", identity_id, jwt=key.sign(claims)).status_code == 401
    either.post("/_emulator/gcp-accounts", json={"email": email, "key_id": "k1", "public_key_pem": key.public_pem()})
    assert log_in(either, "gcp-auth", identity_id, jwt=key.sign(claims)).ok
    of_google = either.post("/_emulator/jwt", json={"claims": claims}).json()["jwt"]
    for stranger in (SigningKey("k1").sign(claims), key.sign({**claims, "aud": "other"}), of_google, "no token"):
        assert log_in(either, "gcp-auth", identity_id, jwt=stranger).status_code == 401


def test_a_signed_request_of_alibaba_cloud_works_once_and_not_for_long(current: Client) -> None:
    arn = "acs:ram::1234567890123456:user/web"
    current.post("/_emulator/alicloud-keys", json={"access_key_id": "LTAI", "access_key_secret": "s", "arn": arn})
    identity_id = attached(current, "alicloud-auth", allowedArns=arn)
    proof = alicloud_proof("s")
    assert log_in(current, "alicloud-auth", identity_id, **proof).ok
    assert log_in(current, "alicloud-auth", identity_id, **proof).status_code == 401
    late = alicloud_proof("s")
    current.emulator.advance_clock(1000)
    assert log_in(current, "alicloud-auth", identity_id, **late).status_code == 401
