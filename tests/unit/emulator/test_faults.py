# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The faults a test can ask for, seen by a client and in the record of requests."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.emulator.faults import Fault
from tests.emulator.spoiling import spoilt

from .conftest import Client

CREATE = {"method": "POST", "path": "/identities$"}


def names(client: Client) -> set[str]:
    return {row["name"] for row in client.emulator.state()["identities"]} - {"emulator-admin", "foreign-identity"}


def record(client: Client, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(entry[field] for field in fields) for entry in client.emulator.requests()]


def raw_answer(client: Client, path: str) -> tuple[http.client.HTTPResponse, http.client.HTTPConnection]:
    """An answer as it arrives, its body unread."""
    connection = http.client.HTTPConnection(urlsplit(client.emulator.url).netloc, timeout=5)
    connection.request("GET", path)
    return connection.getresponse(), connection


@pytest.mark.parametrize(
    ("operations", "answer", "changed"),
    [
        ([{"op": "remove", "path": "/a/b"}], {"a": {}, "list": [{"x": 1}, {"x": 2}]}, True),
        (
            [{"op": "replace", "path": "/a/b", "value": [None]}],
            {"a": {"b": [None]}, "list": [{"x": 1}, {"x": 2}]},
            True,
        ),
        ([{"op": "replace", "path": "/list/*/x", "value": True}], {"a": {"b": 1}, "list": [{"x": True}] * 2}, True),
        ([{"op": "remove", "path": "/list/*"}], {"a": {"b": 1}, "list": []}, True),
        ([{"op": "add", "path": "/list/-", "value": 3}], {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}, 3]}, True),
        ([{"op": "add", "path": "/list/0", "value": 3}], {"a": {"b": 1}, "list": [3, {"x": 1}, {"x": 2}]}, True),
        ([{"op": "add", "path": "/~0~1", "value": 3}], {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}], "~/": 3}, True),
        ([{"op": "replace", "path": "", "value": None}], None, True),
        ([{"op": "replace", "path": "/a/b", "value": True}], {"a": {"b": True}, "list": [{"x": 1}, {"x": 2}]}, True),
        ([{"op": "remove", "path": "/list/7"}], {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}]}, False),
        ([{"op": "replace", "path": "/a/c/d", "value": 1}], {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}]}, False),
        (lambda real: {**real, "a": 0}, {"a": 0, "list": [{"x": 1}, {"x": 2}]}, True),
    ],
)
def test_patching_an_answer(operations: Any, answer: Any, changed: bool) -> None:
    real = {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}]}
    assert repr(spoilt(operations, real)) == repr((answer, changed))
    assert real == {"a": {"b": 1}, "list": [{"x": 1}, {"x": 2}]}


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "now"},
        {"times": 0},
        {"request": 0},
        {"request": 1, "skip": 1},
        {"late": True},
        {"late": True, "status": 502, "after": True},
        {"late_ms": 1, "drop": "after"},
        {"spoil": []},
        {"spoil": [{"op": "move", "path": "/a"}]},
        {"spoil": [{"op": "replace", "path": "/a"}]},
        {"spoil": [{"op": "remove", "path": "a"}]},
        {"before": "a text"},
    ],
)
def test_a_fault_that_is_none_is_refused_at_once(current: Client, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Fault(**fault)
    assert current.post("/_emulator/faults", json=fault).status_code == 400


def test_a_spoilt_answer_of_work_that_is_done(either: Client) -> None:
    patch = [{"op": "replace", "path": "/identity/id", "value": 7}, {"op": "remove", "path": "/identity/name"}]
    either.post("/_emulator/faults", json={**CREATE, "spoil": patch, "headers": {"Date": "tomorrow"}})
    answer = either.post("/api/v1/identities", json={"name": "a", "organizationId": either.emulator.organization_id})
    assert answer.json()["identity"]["id"] == 7 and "name" not in answer.json()["identity"]
    assert answer.headers["date"] == "tomorrow" and names(either) == {"a"}
    either.emulator.inject(path="/api/status", spoil=lambda real: b'{"a": 1, "a": ' + b"[" * 5000)
    assert either.get("/api/status").content.endswith(b"[[[")
    either.emulator.inject(path="/api/status", spoil=[{"op": "remove", "path": "/nowhere"}])
    assert either.get("/api/status").json()["message"] == "Ok"
    assert record(either, "outcome", "spoilt", "fault") == [
        (200, True, "spoil"),
        (200, True, "spoil"),
        (200, False, "spoil"),
    ]


def test_an_answer_that_leads_elsewhere(current: Client) -> None:
    fault = {"path": "/api/status", "status": 307, "body": "", "headers": {"Location": "/api/v1/nope"}}
    current.post("/_emulator/faults", json=fault)
    answer = current.get("/api/status", allow_redirects=False)
    assert (answer.status_code, answer.headers["location"], answer.content) == (307, "/api/v1/nope", b"")


def test_a_shortened_body(current: Client) -> None:
    whole = current.get("/api/status").content
    current.post("/_emulator/faults", json={"truncate": -1})
    answer = current.get("/api/status")
    assert answer.headers["content-length"] == str(len(answer.content)) == str(len(whole) - 1)
    assert answer.content.endswith(whole[-9:-1])
    current.post("/_emulator/faults", json={"cut": 20})
    answer_, connection = raw_answer(current, "/api/status")
    assert answer_.headers["content-length"] == str(len(whole))
    with pytest.raises(http.client.IncompleteRead) as caught:
        answer_.read()
    assert caught.value.partial[:9] == whole[:9] and len(caught.value.partial) == 20
    connection.close()
    assert record(current, "status", "outcome") == [(200, 200), (200, 200), (None, 200)]


def test_a_body_that_drips(current: Client) -> None:
    size = len(current.get("/api/status").content)
    current.post("/_emulator/faults", json={"drip_ms": 5, "drip_bytes": 20})
    started = time.monotonic()
    assert current.get("/api/status").json()["message"] == "Ok"
    assert time.monotonic() - started > size / 20 * 0.004


def test_a_body_without_end_ends_when_nobody_listens(current: Client) -> None:
    current.post("/_emulator/faults", json={"endless": True})
    answer, connection = raw_answer(current, "/api/status")
    assert len(answer.read(10_000_000)) == 10_000_000
    assert "content-length" not in answer.headers
    connection.close()
    assert current.get("/api/status").status_code == 200


def test_the_request_of_a_number(current: Client) -> None:
    """Two faults, each exactly where it was asked for, whatever else matches."""
    for number, status in ((2, 502), (4, 503)):
        current.post("/_emulator/faults", json={"request": number, "status": status})
    current.post("/_emulator/faults", json={"request": 1, "method": "POST", "status": 504})
    current.post("/_emulator/faults", json={"request": 6, "times": 2, "status": 500})
    got = [current.get("/api/status").status_code for _turn in range(8)]
    assert got == [200, 502, 200, 503, 200, 500, 500, 200]
    assert [entry["number"] for entry in current.emulator.requests()] == list(range(1, 9))
    assert not current.emulator.service.faults.waiting
    current.delete("/_emulator/requests")
    current.post("/_emulator/faults", json={"request": 2, "times": None, "status": 500})
    assert [current.get("/api/status").status_code for _turn in range(4)] == [200, 500, 500, 500]


def test_work_that_is_done_when_it_is_released(either: Client) -> None:
    either.post("/_emulator/faults", json={**CREATE, "drop": "before", "late": True})
    with pytest.raises(requests.ConnectionError):
        either.identity(name="lost")
    assert names(either) == set()
    either.identity(name="meanwhile")
    assert record(either, "status", "outcome", "fault")[0] == (None, None, "drop=before late=True")
    assert either.post("/_emulator/release").json() == {"statuses": [200]}
    assert names(either) == {"lost", "meanwhile"}
    (lost, meanwhile) = record(either, "status", "outcome", "carried_out")
    assert lost[:2] == (None, 200) and lost[2] > meanwhile[2]
    assert either.emulator.release() == []


def test_work_that_is_done_after_a_proxy_gave_up(current: Client) -> None:
    current.post("/_emulator/faults", json={**CREATE, "status": 504, "html": True, "late_requests": 2})
    body = {"name": "late", "organizationId": current.emulator.organization_id}
    assert current.post("/api/v1/identities", json=body).status_code == 504
    seen = []
    for _turn in range(3):
        seen.append((current.get("/api/status").status_code, names(current)))
    assert seen == [(200, set()), (200, {"late"}), (200, {"late"})]


def test_work_that_is_done_some_time_later(current: Client) -> None:
    current.post("/_emulator/faults", json={**CREATE, "drop": "before", "late_ms": 80})
    with pytest.raises(requests.ConnectionError):
        current.identity(name="late")
    assert names(current) == set()
    deadline = time.monotonic() + 5
    while not names(current) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert names(current) == {"late"}


def test_what_is_held_back_is_forgotten_by_a_reset(current: Client) -> None:
    current.emulator.inject(**CREATE, drop="before", late=True)
    with pytest.raises(requests.ConnectionError):
        current.identity(name="late")
    current.emulator.reset()
    assert current.emulator.release() == [] and names(current) == set()


def test_a_late_answer(current: Client) -> None:
    """The client gives up after the work: nobody gets the answer."""
    current.emulator.inject(**CREATE, delay_after_ms=300)
    body = {"name": "done", "organizationId": current.emulator.organization_id}
    with pytest.raises(requests.Timeout):
        current.post("/api/v1/identities", json=body, timeout=0.1)
    assert names(current) == {"done"}
    time.sleep(0.4)
    assert record(current, "status", "outcome") == [(None, 200)]


def test_what_somebody_else_does_before_and_between(current: Client) -> None:
    """Functions that send requests themselves, while the request they belong to waits."""
    seen: list[set[str]] = []
    other = Client(current.emulator, current.emulator.admin_token())

    def somebody(name: str) -> None:
        other.identity(name=name)
        seen.append(names(other))

    current.emulator.inject(**CREATE, before=lambda: somebody("first"), between=lambda: somebody("last"))
    current.identity(name="ours")
    assert seen == [{"first"}, {"first", "ours", "last"}]


def test_the_validity_of_client_secrets(either: Client) -> None:
    identity_id = either.identity()
    path = either.method("universal-auth", identity_id)
    either.post(path, json={})
    bodies: dict[str, dict[str, int]] = {"good": {}, "gone": {}, "old": {"ttl": 60}, "spent": {"numUsesLimit": 1}}
    made = {
        name: either.post(f"{path}/client-secrets", json={"description": name, **body}).json()
        for name, body in bodies.items()
    }
    either.post(f"{path}/client-secrets/{made['gone']['clientSecretData']['id']}/revoke")
    client_id = either.get(path).json()["identityUniversalAuth"]["clientId"]
    assert either.login({"clientId": client_id, "clientSecret": made["spent"]["clientSecret"]}).status_code == 200
    either.emulator.advance_clock(61)
    secrets = {row["description"]: row["invalid"] for row in either.emulator.state()["client_secrets"]}
    secrets.pop("printed at the start")
    assert secrets == {"good": None, "gone": "revoked", "old": "expired", "spent": "used up"}
