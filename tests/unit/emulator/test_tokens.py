# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client secrets, access tokens and lockouts, from login to their end."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from .conftest import Client

EXPIRED = "Your token has expired. Please re-authenticate."
GONE = "No identity access token found"


def universal(client: Client, **body: Any) -> tuple[str, dict[str, str]]:
    """Make an identity that can log in; return it with its credentials."""
    identity_id = client.identity()
    answer = client.post(client.method("universal-auth", identity_id), json=body)
    assert answer.status_code == 200, answer.text
    return identity_id, client.credentials(identity_id)


def use(client: Client, token: str, **options: Any) -> requests.Response:
    url = f"{client.emulator.url}/api/v1/identities?orgId={client.emulator.organization_id}"
    return requests.get(url, headers={"Authorization": f"Bearer {token}", **options.pop("headers", {})}, **options)


def said(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["message"]


def test_wrong_and_unknown_credentials(current: Client, old: Client) -> None:
    for client, unknown in (
        (current, (401, "Invalid credentials")),
        (old, (404, "No identity with specified client ID was found")),
    ):
        _identity_id, good = universal(client)
        assert client.login({**good, "clientSecret": f" {good['clientSecret']} "}).status_code == 200
        assert said(client.login({**good, "clientSecret": "wrong"})) == (401, "Invalid credentials")
        assert said(client.login({**good, "clientId": "foo"})) == unknown


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"ttl": 10}, "Access denied due to expired client secret"),
        ({"numUsesLimit": 1}, "Access denied due to client secret usage limit reached"),
    ],
)
def test_a_spent_secret_is_revoked_by_the_login_that_finds_it(
    either: Client, limits: dict[str, int], text: str
) -> None:
    identity_id, credentials = universal(either)
    path = f"{either.method('universal-auth', identity_id)}/client-secrets"
    made = either.post(path, json={"description": "d", **limits}).json()
    credentials["clientSecret"] = made["clientSecret"]
    assert either.login(credentials).status_code == 200
    either.emulator.advance_clock(11)
    listed = either.get(path).json()["clientSecretData"]
    assert [row["description"] for row in listed] == ["", "d"]
    assert said(either.login(credentials)) == (401, text)
    assert said(either.login(credentials)) == (401, "Invalid credentials")
    assert [row["description"] for row in either.get(path).json()["clientSecretData"]] == [""]
    by_id = either.get(f"{path}/{made['clientSecretData']['id']}").json()["clientSecretData"]
    assert by_id["isClientSecretRevoked"] is True


def test_client_secret_errors(current: Client, old: Client) -> None:
    for client, status in ((current, 404), (old, 500)):
        identity_id, _credentials = universal(client)
        path = f"{client.method('universal-auth', identity_id)}/client-secrets"
        assert client.get(f"{path}/00000000-dead-4bad-8bad-000000000000").status_code == status
        assert client.post(path, json={"ttl": 1.5}).status_code == 500
        made = client.post(path, json={}).json()["clientSecretData"]
        for _time in range(2):
            assert client.post(f"{path}/{made['id']}/revoke").json()["clientSecretData"]["isClientSecretRevoked"]
        assert client.patch(f"{path}/{made['id']}", json={}).json()["error"] == "Not Found"


def test_addresses_of_secret_and_token(either: Client) -> None:
    inside = {"headers": {"X-Forwarded-For": "10.9.9.9"}}
    identity_id, credentials = universal(either, clientSecretTrustedIps=[{"ipAddress": "10.0.0.1/8"}])
    untrusted = (403, "You are not allowed to access this resource from the current IP address")
    assert said(either.login(credentials)) == untrusted
    token = either.login(credentials, **inside).json()["accessToken"]
    assert use(either, token).json()["error"] == "PermissionDenied"
    # A change of the list reaches tokens that exist already.
    path = either.method("universal-auth", identity_id)
    either.patch(path, json={"accessTokenTrustedIps": [{"ipAddress": "10.0.0.0/8"}]})
    assert said(use(either, token)) == untrusted
    assert use(either, token, **inside).json()["error"] == "PermissionDenied"


def test_expiry(current: Client, old: Client) -> None:
    tokens = {}
    for client in (current, old):
        _identity_id, credentials = universal(client, accessTokenTTL=10, accessTokenMaxTTL=30)
        answer = client.login(credentials).json()
        assert (answer["expiresIn"], answer["accessTokenMaxTTL"]) == (10, 30)
        tokens[client] = answer["accessToken"]
        client.emulator.advance_clock(11)
    assert said(use(current, tokens[current])) == (403, EXPIRED)
    assert said(use(old, tokens[old])) == (401, "Failed to renew MI access token due to TTL expiration")
    assert said(use(old, tokens[old])) == (401, GONE)
    old.emulator.advance_clock(30)
    assert said(use(old, tokens[old])) == (403, EXPIRED)


def test_number_of_uses(either: Client) -> None:
    _identity_id, credentials = universal(either, accessTokenNumUsesLimit=2)
    token = either.login(credentials).json()["accessToken"]
    answers = [said(use(either, token))[0] for _use in range(2)]
    assert answers == [403, 403]
    over = "Unable to renew because access token number of uses limit reached"
    assert said(use(either, token)) == (401, over)
    assert said(use(either, token)) == (401, GONE)


def test_renew_and_revoke(current: Client, old: Client) -> None:
    for client in (current, old):
        _identity_id, credentials = universal(client, accessTokenTTL=100, accessTokenMaxTTL=150)
        token = client.login(credentials).json()["accessToken"]
        client.emulator.advance_clock(20)
        renewed = client.post("/api/v1/auth/token/renew", json={"accessToken": token}).json()["accessToken"]
        assert (renewed == token) is (client is old)
        client.emulator.advance_clock(90)
        assert use(client, renewed).json()["error"] == "PermissionDenied"
        past = client.post("/api/v1/auth/token/renew", json={"accessToken": renewed})
        assert said(past) == (401, "Failed to renew MI access token past its Max TTL expiration")
        assert said(use(client, renewed)) == (401, GONE)
        assert said(client.post("/api/v1/auth/token/revoke", json={"accessToken": renewed})) == (401, GONE)
        other = client.login(credentials).json()["accessToken"]
        assert client.post("/api/v1/auth/token/revoke", json={"accessToken": other}).status_code == 200
        assert said(use(client, other)) == (401, GONE)


def test_bearer_that_is_no_token(either: Client) -> None:
    malformed = "The provided access token is malformed. Please use a valid token or generate a new one and try again."
    token = either.emulator.admin_token()
    cases = {
        "Bearer garbage": malformed,
        "Bearer": "jwt must be provided",
        token: "invalid token",
        f"Bearer {token[:-3]}abc": "invalid signature",
    }
    for header, message in cases.items():
        answer = requests.get(f"{either.emulator.url}/api/v1/identities", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["error"], answer.json()["message"]) == (403, "TokenError", message)
    missing = requests.get(f"{either.emulator.url}/api/v1/identities")
    assert said(missing) == (401, "Token missing")


def test_a_token_whose_method_is_gone(current: Client, old: Client) -> None:
    for client, status in ((current, 401), (old, 500)):
        identity_id = client.identity()
        client.post(client.method("token-auth", identity_id), json={})
        made = client.post(f"{client.method('token-auth', identity_id)}/tokens", json={"name": "t"}).json()
        client.delete(client.method("token-auth", identity_id))
        assert use(client, made["accessToken"]).status_code == status


def test_lockout(current: Client) -> None:
    identity_id, credentials = universal(current, lockoutDurationSeconds=60)
    wrong = {**credentials, "clientSecret": "wrong"}
    locked = (401, "This identity auth method is temporarily locked, please try again later")
    for _attempt in range(3):
        assert current.login(wrong).json()["message"] == "Invalid credentials"
    assert said(current.login(credentials)) == locked
    found = current.get(f"/api/v1/identities/{identity_id}").json()["identity"]["identity"]
    assert found["activeLockoutAuthMethods"] == ["universal-auth"]
    clear = f"{current.method('universal-auth', identity_id)}/clear-lockouts"
    assert current.post(clear, json={}).json() == {"deleted": 1}
    assert current.login(credentials).status_code == 200
    for _attempt in range(3):
        current.login(wrong)
    current.emulator.advance_clock(61)
    assert current.login(credentials).status_code == 200


def test_failures_far_apart_do_not_lock(current: Client) -> None:
    _identity_id, credentials = universal(current)
    for _attempt in range(5):
        current.login({**credentials, "clientSecret": "wrong"})
        current.emulator.advance_clock(31)
    assert current.login(credentials).status_code == 200


def test_periodic_token(current: Client) -> None:
    _identity_id, credentials = universal(current, accessTokenPeriod=60)
    answer = current.login(credentials).json()
    assert (answer["expiresIn"], answer["accessTokenMaxTTL"]) == (60, 1000000000)


def test_tokens_of_token_auth(either: Client) -> None:
    identity_id = either.identity()
    base = f"{either.method('token-auth', identity_id)}/tokens"
    assert said(either.post(base, json={})) == (400, "The identity does not have Token Auth")
    either.post(either.method("token-auth", identity_id), json={})
    made = either.post(base, json={"name": "a"}).json()
    assert either.get(f"{base}?limit=101").json()["error"] == "ValidationFailure"
    row = either.get(base).json()["tokens"][0]
    path = f"/api/v1/auth/token-auth/tokens/{row['id']}"
    assert either.patch(path, json={"name": "b"}).json()["token"]["name"] == "b"
    assert either.post(f"{path}/revoke").json() == {"message": "Successfully revoked access token"}
    assert said(use(either, made["accessToken"])) == (401, GONE)
