# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Attach, read, update and revoke keep the traps of the real server."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client

ARN = "arn:aws:iam::123456789012:role/deploy"
TENANCY = "ocid1.tenancy.oc1..aaaa"
BODIES: dict[str, dict[str, Any]] = {
    "universal-auth": {},
    "token-auth": {},
    "aws-auth": {},
    "azure-auth": {"tenantId": "t", "resource": "https://management.azure.com/"},
    "gcp-auth": {"type": "gce"},
    "oci-auth": {"tenancyOcid": TENANCY},
    "oidc-auth": {"oidcDiscoveryUrl": "https://o.example", "boundIssuer": "https://o.example", "boundClaims": {}},
    "kubernetes-auth": {
        "kubernetesHost": "https://k",
        "tokenReviewerJwt": "x",
        "allowedNamespaces": "",
        "allowedNames": "",
        "allowedAudience": "",
    },
}
BODIES |= {
    "jwt-auth": {"configurationType": "jwks", "jwksUrl": "https://i.example/jwks", "boundClaims": {}},
    "ldap-auth": {"url": "ldap://x", "bindDN": "cn=x", "bindPass": "p", "searchBase": "dc=x"},
    "alicloud-auth": {"allowedArns": "acs:ram::1234567890123456:user/web"},
    "spiffe-auth": {
        "trustDomain": "x.example",
        "allowedSpiffeIds": "spiffe://x.example/*",
        "allowedAudiences": "infisical",
        "trustBundleDistribution": {"profile": "https_web_bundle", "endpointUrl": "https://x.example/bundle"},
    },
}
ENVELOPES = {slug: "identity" + "".join(part.title() for part in slug.split("-")) for slug in BODIES}
ENVELOPES["alicloud-auth"] = "identityAliCloudAuth"


def attach(client: Client, slug: str, **body: Any) -> str:
    identity_id = client.identity()
    answer = client.post(client.method(slug, identity_id), json={**BODIES[slug], **body})
    assert answer.status_code == 200, answer.text
    return client.method(slug, identity_id)


@pytest.mark.parametrize("slug", BODIES)
def test_life_of_a_method(current: Client, slug: str) -> None:
    path = attach(current, slug)
    stored = current.get(path).json()[ENVELOPES[slug]]
    assert stored["accessTokenTTL"] == stored["accessTokenMaxTTL"] == 2592000
    assert stored["accessTokenTrustedIps"][0] == {"type": "ipv4", "ipAddress": "0.0.0.0", "prefix": 0}
    assert current.post(path, json=BODIES[slug]).status_code == 400
    answer = current.patch(path, json={**BODIES[slug], "accessTokenTTL": 60})
    assert answer.json()[ENVELOPES[slug]]["accessTokenTTL"] == 60
    assert current.delete(path).status_code == 200
    assert current.delete(path).status_code == 400
    assert current.patch(path, json=BODIES[slug]).status_code in (400, 404)


def test_jwt_variants_empty_each_other(current: Client) -> None:
    path = attach(current, "jwt-auth", jwksCaCert="PEM")
    assert current.get(path).json()["identityJwtAuth"]["publicKeys"] == [""]
    static = {"configurationType": "static", "publicKeys": ["K1", "K2"]}
    patched = current.patch(path, json=static).json()["identityJwtAuth"]
    assert (patched["jwksUrl"], patched["jwksCaCert"], patched["publicKeys"]) == ("", "", ["K1", "K2"])
    assert "publicKeys" not in current.delete(path).json()["identityJwtAuth"]


def test_kubernetes_reviewer_token(current: Client) -> None:
    path = attach(current, "kubernetes-auth")
    for sent, kept in (("", "x"), ("y", "y"), (None, "")):
        patched = current.patch(path, json={"tokenReviewerJwt": sent}).json()["identityKubernetesAuth"]
        assert patched["tokenReviewerJwt"] == kept
    assert current.patch(path, json={"kubernetesHost": None}).status_code == 400


def test_several_methods_now_one_method_then(current: Client, old: Client) -> None:
    for client, status, key in ((current, 200, "authMethods"), (old, 400, "authMethod")):
        identity_id = client.identity()
        client.post(client.method("aws-auth", identity_id), json={})
        answer = client.post(client.method("azure-auth", identity_id), json=BODIES["azure-auth"])
        assert answer.status_code == status
        listed = client.get(f"/api/v1/identities/{identity_id}").json()["identity"]["identity"][key]
        assert listed == (["aws-auth", "azure-auth"] if client is current else "aws-auth")


def test_aws_patch_empties_the_allowlists(either: Client) -> None:
    path = attach(either, "aws-auth", allowedPrincipalArns=ARN, allowedAccountIds="123456789012,210987654321")
    assert either.get(path).json()["identityAwsAuth"]["allowedAccountIds"] == "123456789012, 210987654321"
    patched = either.patch(path, json={"accessTokenTTL": 3600}).json()["identityAwsAuth"]
    assert (patched["allowedPrincipalArns"], patched["allowedAccountIds"]) == ("", "")
    assert patched["stsEndpoint"] == "https://sts.amazonaws.com/"


def test_oci_patch_wants_the_tenancy_and_drops_the_users(current: Client) -> None:
    path = attach(current, "oci-auth", allowedUsernames=" a , ,b,")
    assert current.get(path).json()["identityOciAuth"]["allowedUsernames"] == "a, b"
    assert current.patch(path, json={"accessTokenTTL": 60}).status_code == 422
    patched = current.patch(path, json={"tenancyOcid": TENANCY}).json()["identityOciAuth"]
    assert patched["allowedUsernames"] is None


def test_azure_patch_keeps_what_is_left_out(either: Client) -> None:
    path = attach(either, "azure-auth", allowedServicePrincipalIds="a,,b")
    patched = either.patch(path, json={"accessTokenTTL": 60}).json()["identityAzureAuth"]
    assert patched["allowedServicePrincipalIds"] == "a, , b"


@pytest.mark.parametrize("slug", ["aws-auth", "azure-auth", "universal-auth"])
def test_lowering_only_the_max_ttl_is_refused(either: Client, slug: str) -> None:
    path = attach(either, slug, accessTokenTTL=100, accessTokenMaxTTL=1000)
    refused = either.patch(path, json={"accessTokenMaxTTL": 500})
    assert (refused.status_code, refused.json()["message"]) == (400, "Access token TTL cannot be greater than max TTL")
    assert either.patch(path, json={"accessTokenMaxTTL": 500, "accessTokenTTL": 100}).status_code == 200


def test_oci_compares_the_stored_ttl(current: Client) -> None:
    path = attach(current, "oci-auth", accessTokenTTL=100, accessTokenMaxTTL=1000)
    assert current.patch(path, json={"tenancyOcid": TENANCY, "accessTokenMaxTTL": 500}).status_code == 200
    answer = current.patch(path, json={"tenancyOcid": TENANCY, "accessTokenMaxTTL": 50, "accessTokenTTL": 0})
    assert answer.status_code == 400


def test_ttl_bounds_of_attach(current: Client, old: Client) -> None:
    cases = [
        (current, "universal-auth", {"accessTokenTTL": 0, "accessTokenMaxTTL": 0}, 200),
        (current, "aws-auth", {"accessTokenTTL": 0, "accessTokenMaxTTL": 0}, 422),
        (current, "azure-auth", {"accessTokenTTL": 1, "accessTokenMaxTTL": 0}, 422),
        (current, "azure-auth", {"accessTokenTTL": -1}, 422),
        (old, "universal-auth", {"accessTokenTTL": 0}, 401),
        (old, "universal-auth", {"accessTokenMaxTTL": -1}, 200),
        (old, "universal-auth", {"accessTokenTTL": 2, "accessTokenMaxTTL": 1}, 400),
    ]
    for client, slug, body, status in cases:
        answer = client.post(client.method(slug, client.identity()), json={**BODIES[slug], **body})
        assert answer.status_code == status, (slug, body, answer.text)


def test_validation_issues_are_those_of_the_server(old: Client) -> None:
    answer = old.post(old.method("universal-auth", old.identity()), json={"accessTokenTTL": "abc"})
    assert answer.status_code == 401
    assert answer.json() == {
        "statusCode": 401,
        "error": "ValidationFailure",
        "message": [
            {
                "code": "invalid_type",
                "expected": "number",
                "received": "string",
                "path": ["accessTokenTTL"],
                "message": "Expected number, received string",
            }
        ],
    }


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("10.0.0.1/8", {"type": "ipv4", "prefix": 8, "ipAddress": "10.0.0.1"}),
        (" 10.0.0.0/8abc ", {"type": "ipv4", "prefix": 8, "ipAddress": "10.0.0.0"}),
        ("192.168.1.1", {"type": "ipv4", "ipAddress": "192.168.1.1"}),
        ("2001:DB8::/32", {"type": "ipv6", "prefix": 32, "ipAddress": "2001:DB8::"}),
        ("fe80::1%eth0/64", {"type": "ipv6", "prefix": 64, "ipAddress": "fe80::1%eth0"}),
        ("10.0.0.0/33", None),
        ("010.0.0.1", None),
        ("10.0.0.0/", None),
        ("host", None),
    ],
)
def test_trusted_ips_are_stored_without_normalising(either: Client, sent: str, stored: dict[str, Any] | None) -> None:
    path = attach(either, "aws-auth")
    answer = either.patch(path, json={"accessTokenTrustedIps": [{"ipAddress": sent}]})
    if stored is None:
        assert (answer.status_code, answer.json()["message"]) == (
            400,
            "The IP is not a valid IPv4, IPv6, or CIDR block",
        )
    else:
        assert answer.json()["identityAwsAuth"]["accessTokenTrustedIps"] == [stored]


def test_free_plan_refuses_trusted_ips_before_reading_them(emulated: Any) -> None:
    client = emulated(plan="free")
    for slug, noun in (("universal-auth", "service token"), ("aws-auth", "access token")):
        body = {"accessTokenTrustedIps": [{"ipAddress": "nonsense"}]}
        answer = client.post(client.method(slug, client.identity()), json=body)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(f"Failed to add IP access range to {noun} due to plan restriction.")


def test_empty_patch(current: Client, old: Client) -> None:
    assert old.patch(attach(old, "azure-auth"), json={}).json()["error"] == "Update by id"
    assert old.patch(attach(old, "aws-auth"), json={}).status_code == 200
    assert current.patch(attach(current, "azure-auth"), json={"nonsense": 1}).status_code == 200


def test_universal_client_id_changes_on_attaching_again(either: Client) -> None:
    path = attach(either, "universal-auth")
    first = either.get(path).json()["identityUniversalAuth"]["clientId"]
    either.post(f"{path}/client-secrets", json={})
    either.delete(path)
    second = either.post(path, json={}).json()["identityUniversalAuth"]["clientId"]
    assert first != second
    assert either.get(f"{path}/client-secrets").json() == {"clientSecretData": []}


def test_order_of_checks(either: Client) -> None:
    nobody = either.as_role("no-access")
    path = attach(either, "aws-auth")
    missing = either.method("aws-auth", "00000000-dead-4bad-8bad-000000000000")
    assert nobody.get(missing).status_code == 404
    assert nobody.post(path, json={}).status_code == 400
    denied = nobody.get(path)
    assert (denied.status_code, denied.json()["error"]) == (403, "PermissionDenied")
    assert denied.json()["message"] == "You are not allowed to read on identity"
