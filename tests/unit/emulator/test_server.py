# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The process, the control plane, the faults, and the limits."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from .conftest import Client

ROOT = Path(__file__).resolve().parents[3]


def test_process_prints_what_a_shell_needs_and_stops_on_a_signal() -> None:
    command = [sys.executable, "-m", "tests.emulator", "--tls", "--profile", "2024-10", "--seed", "x"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = dict(process.stdout.readline().strip().split("=", 1) for _line in range(5))
        url, prefix = lines["INFISICAL_URL"], "INFISICAL_UNIVERSAL_AUTH_CLIENT_"
        body = {"clientId": lines[f"{prefix}ID"], "clientSecret": lines[f"{prefix}SECRET"]}
        login = f"{url}/api/v1/auth/universal-auth/login"
        assert requests.post(login, json=body, verify=lines["INFISICAL_CA_PATH"]).json()["tokenType"] == "Bearer"
        with pytest.raises(requests.exceptions.SSLError):
            requests.post(login, json=body)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_requests_and_counts(current: Client) -> None:
    identity_id = current.identity()
    current.post("/api/v1/identities/search", json={"search": {}})
    current.post("/api/v1/auth/universal-auth/login", json={"clientId": "x", "clientSecret": "top secret"})
    current.get(f"/api/v1/identities/{identity_id}")
    assert current.get("/_emulator/counts").json() == {
        "GET": 1,
        "POST": 3,
        "PATCH": 0,
        "DELETE": 0,
        "logins": 1,
        "writes": 1,
        "total": 4,
    }
    listing = current.get("/_emulator/requests").json()
    assert [entry["status"] for entry in listing] == [200, 200, 401, 200]
    assert listing[3]["route"] == "/api/v1/identities/{identityId}"
    assert listing[2]["body"] == {"clientId": "x", "clientSecret": "<hidden>"}
    assert "top secret" not in current.get("/_emulator/requests").text
    current.delete("/_emulator/requests")
    assert current.get("/_emulator/counts").json()["total"] == 0


def test_state_shows_no_secret(current: Client) -> None:
    text = current.get("/_emulator/state").text
    assert current.emulator.client_id in text
    assert current.emulator.client_secret not in text


def test_reset_keeps_the_credentials(current: Client) -> None:
    current.identity(name="gone")
    current.post("/_emulator/reset")
    client = Client(current.emulator, current.emulator.admin_token())
    names = client.get(f"/api/v1/identities?orgId={current.emulator.organization_id}").json()["identities"]
    assert [row["identity"]["name"] for row in names] == ["emulator-admin"]


@pytest.mark.parametrize(("drop", "made"), [("before", 0), ("after", 1)])
def test_a_connection_that_breaks(either: Client, drop: str, made: int) -> None:
    either.post("/_emulator/faults", json={"method": "POST", "path": "/identities$", "drop": drop})
    with pytest.raises(requests.ConnectionError):
        either.identity(name="lost")
    names = either.get(f"/api/v1/identities?orgId={either.emulator.organization_id}").json()["identities"]
    assert len([row for row in names if row["identity"]["name"] == "lost"]) == made
    assert either.get("/_emulator/requests").json()[0]["status"] is None


def test_faults_are_skipped_and_counted(current: Client) -> None:
    path = f"/api/v1/identities?orgId={current.emulator.organization_id}"
    fault = {"path": "orgId", "skip": 1, "times": 2, "status": 503, "headers": {"retry-after": "1"}}
    current.post("/_emulator/faults", json=fault)
    answers = [current.get(path) for _attempt in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["retry-after"] == "1"
    current.post("/_emulator/faults", json={"html": True})
    assert current.get(path).headers["content-type"].startswith("text/html")
    current.post("/_emulator/faults", json={"method": "POST", "after": True, "status": 502})
    identity_id = current.post("/api/v1/identities", json={"name": "x", "organizationId": "x"})
    assert identity_id.status_code == 502
    assert current.post("/_emulator/faults", json={"nonsense": 1}).status_code == 400


def test_rate_limit_of_2024(emulated: Any) -> None:
    client = emulated(profile="2024-10", read_limit=2, write_limit=3)
    identity_id = client.identity()
    path = f"/api/v1/identities/{identity_id}"
    remaining = [client.get(path).headers["x-ratelimit-remaining"] for _request in range(2)]
    refused = client.get(path)
    assert (remaining, refused.status_code, refused.headers["retry-after"]) == (["1", "0"], 500, "60")
    assert refused.json() == {"statusCode": 500, "message": "Something went wrong", "error": "InternalServerError"}
    assert client.get(client.method("aws-auth", identity_id)).status_code == 400
    assert client.get(path, headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 200
    assert requests.get(client.emulator.url + path).status_code == 401
    client.emulator.advance_clock(61)
    assert client.get(path).status_code == 200


def test_rate_limit_of_today(emulated: Any) -> None:
    client = emulated(read_limit=2, write_limit=9, limit_window=5)
    path = f"/api/v1/identities/{client.identity()}"
    client.get(path)
    client.get("/api/v1/identities/details")
    refused = client.get(path)
    assert (refused.status_code, refused.json()["error"]) == (429, "RateLimitExceeded")
    seconds = refused.headers["retry-after"]
    assert refused.json()["message"] == f"Rate limit exceeded. Please try again in {seconds} seconds"
    client.emulator.advance_clock(5)
    assert client.get(path).status_code == 200


def test_what_fastify_refuses_before_any_handler(current: Client, old: Client) -> None:
    for client, status in ((current, 400), (old, 500)):
        path = client.method("aws-auth", client.identity())
        for body in (b"", b"{not json"):
            headers = {"content-type": "application/json", "content-length": str(len(body))}
            answer = client.post(path, data=body, headers=headers)
            assert answer.status_code == status
        assert client.delete(path, headers={"content-type": "application/json"}).status_code in (400, status)
        unknown = client.get("/api/v1/nope")
        assert unknown.json() == {
            "message": "Route GET:/api/v1/nope not found",
            "error": "Not Found",
            "statusCode": 404,
        }
    assert old.get("/api/v1/identities/foo").json()["error"] == "FindByOrgId"
    assert current.get("/api/v1/identities/foo").json()["error"] == "ValidationFailure"


def test_etag_head_and_options(either: Client) -> None:
    path = f"/api/v1/identities/{either.identity()}"
    first = either.get(path)
    assert either.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    head = either.head(path + "/")
    assert (head.status_code, head.content) == (200, b"")
    assert either.options(path).text == "Invalid Preflight Request"


def test_latency(emulated: Any) -> None:
    client = emulated(latency_ms=60)
    assert client.get("/api/status").elapsed.total_seconds() > 0.06
