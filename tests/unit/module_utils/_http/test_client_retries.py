# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which requests are repeated after which failures, and how long the client waits, on a scripted server."""

from __future__ import annotations

import threading
import time
from email.utils import formatdate

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import RateGate
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import (
    LONGEST_RATE_LIMIT_WAIT,
    LONGEST_SINGLE_WAIT,
    Client,
    Server,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer
from tests.conftest import Time
from tests.unit.servers import Reply, closed_port, stub

PATH = "/api/v1/thing"
VERBS = ["GET", "POST", "PATCH", "DELETE"]
ERROR = {"error": "InternalServerError", "message": "Something went wrong"}

FAILURES = {
    "429": Reply(429, ERROR, {"retry-after": "7"}),
    "429-bare": Reply(429, ERROR),
    "500-rate-limit-2024-10": Reply(500, ERROR, {"retry-after": "7", "x-ratelimit-remaining": "0"}),
    "503-retry-after": Reply(503, ERROR, {"retry-after": "7"}),
    "500-retry-after": Reply(500, ERROR, {"retry-after": "7"}),
    "502": Reply(502, "<html>bad gateway</html>"),
    "503": Reply(503, ERROR),
    "504": Reply(504, ERROR),
    "hang-up": Reply(hang_up=True),
    "cut-short": Reply(200, {"id": "1"}, cut=True),
    "garbled": Reply(200, "no gzip", {"content-encoding": "gzip"}),
    "500": Reply(500, ERROR),
    "400": Reply(400, ERROR),
    "404": Reply(404, ERROR),
    "401": Reply(401, ERROR),
    "403": Reply(403, ERROR),
    "422": Reply(422, ERROR),
    "html": Reply(200, "<html>log in</html>"),
}
NOT_BEGUN = {"429", "429-bare", "500-rate-limit-2024-10"}
PERHAPS_DONE = {"500-retry-after", "503-retry-after", "502", "503", "504", "hang-up", "cut-short", "garbled"}


def client(url: str, waits: Time, **server: float) -> Client:
    return Client(Server(url, **server), "token", clock=waits.now, sleep=waits.sleep)  # type: ignore[arg-type]


def repeated(verb: str, failure: str) -> bool:
    """A POST only if it cannot have been carried out, all others even if they may have been
    (server-notes#no-preconditions)."""
    return failure in NOT_BEGUN or (failure in PERHAPS_DONE and verb != "POST")


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_repeated(verb: str, failure: str) -> None:
    waits = Time()
    with stub(FAILURES[failure], Reply(200, {"ok": True})) as server:
        if repeated(verb, failure):
            assert client(server.url, waits).call(verb, PATH) == {"ok": True}
            assert len(server.requests) == 2 and len(waits.slept) == 1
        else:
            with pytest.raises(InfisicalError):
                client(server.url, waits).call(verb, PATH)
            assert len(server.requests) == 1 and not waits.slept


@pytest.mark.parametrize("verb", VERBS)
def test_a_refused_connection_is_tried_again_by_every_verb(verb: str) -> None:
    """Nothing was sent, so not even a POST can be carried out twice."""
    waits = Time()
    with pytest.raises(InfisicalError) as raised:
        client(f"http://127.0.0.1:{closed_port()}", waits, retries=3).call(verb, PATH)
    assert raised.value.kind == "network" and not isinstance(raised.value, LostAnswer)
    assert len(waits.slept) == 3


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("failure", ["hang-up", "cut-short", "garbled"])
def test_a_lost_answer_of_a_write_is_reported_as_such(verb: str, failure: str) -> None:
    with stub(FAILURES[failure]) as server, pytest.raises(InfisicalError) as raised:
        client(server.url, Time(), retries=2).call(verb, PATH)
    assert raised.value.kind == "network"
    assert isinstance(raised.value, LostAnswer) is (verb != "GET")
    assert len(server.requests) == (1 if verb == "POST" else 3)


@pytest.mark.parametrize("verb", VERBS)
def test_no_answer_in_time_is_a_lost_answer_too(verb: str) -> None:
    with stub(Reply(late=0.4)) as server, pytest.raises(InfisicalError) as raised:
        client(server.url, Time(), retries=0, timeout=0.1).call(verb, PATH)
    assert raised.value.kind == "network"
    assert isinstance(raised.value, LostAnswer) is (verb != "GET")
    assert len(server.requests) == 1


def test_one_request_may_be_given_longer() -> None:
    with stub(Reply(200, {"ok": True}, late=0.3)) as server:
        assert client(server.url, Time(), retries=0, timeout=0.1).post(PATH, {}, timeout=5) == {"ok": True}


def test_a_lost_write_counts_although_a_later_attempt_is_rejected() -> None:
    with stub(Reply(hang_up=True), Reply(404, ERROR)) as server, pytest.raises(InfisicalError) as raised:
        (one := client(server.url, Time())).delete(PATH)
    assert raised.value.status == 404 and one.writes


def test_only_as_many_times_as_asked_for_with_growing_pauses() -> None:
    waits = Time()
    with stub(Reply(502, ERROR)) as server, pytest.raises(InfisicalError):
        client(server.url, waits, retries=8).get(PATH)
    assert len(server.requests) == 9
    assert all(0.25 <= one <= 8 for one in waits.slept)
    assert waits.slept[4] > waits.slept[0] and waits.slept[7] > waits.slept[3]


@pytest.mark.parametrize("failure", sorted(NOT_BEGUN | PERHAPS_DONE))
def test_no_retries_means_one_request_and_no_wait(failure: str) -> None:
    waits = Time()
    with stub(FAILURES[failure]) as server, pytest.raises(InfisicalError):
        client(server.url, waits, retries=0).get(PATH)
    assert len(server.requests) == 1 and not waits.slept


@pytest.mark.parametrize("failure", ["429", "500-rate-limit-2024-10", "503-retry-after", "500-retry-after"])
def test_a_client_waits_exactly_as_long_as_requested(failure: str) -> None:
    waits = Time()
    with stub(FAILURES[failure], FAILURES[failure], Reply()) as server:
        client(server.url, waits).get(PATH)
    assert waits.slept == [7, 7]


def test_a_wait_may_be_reported_as_a_date() -> None:
    waits = Time()
    date = formatdate(time.time() + 30, usegmt=True)
    with stub(Reply(429, ERROR, {"retry-after": date}), Reply()) as server:
        client(server.url, waits).get(PATH)
    assert 28 <= sum(waits.slept) <= 30


@pytest.mark.parametrize("header", ["0", "-1", formatdate(0, usegmt=True), "soon", ""])
def test_a_server_that_says_to_come_at_once_is_not_stormed(header: str) -> None:
    waits = Time()
    limit = 3000
    with stub(*[Reply(429, ERROR, {"retry-after": header})] * limit, Reply()) as server:
        with pytest.raises(InfisicalError) as raised:
            client(server.url, waits).get(PATH)
        assert raised.value.kind == "rate_limited"
        assert sum(waits.slept) <= LONGEST_RATE_LIMIT_WAIT
        assert len(server.requests) <= 200


def test_a_wait_that_nobody_wants_is_not_begun() -> None:
    waits = Time()
    with stub(Reply(429, ERROR, {"retry-after": str(LONGEST_SINGLE_WAIT + 1)})) as server:
        with pytest.raises(InfisicalError) as raised:
            client(server.url, waits).get(PATH)
        assert len(server.requests) == 1
    assert not waits.slept and raised.value.retry_after == LONGEST_SINGLE_WAIT + 1


def test_the_waits_of_one_request_have_an_end() -> None:
    waits = Time()
    with stub(Reply(429, ERROR, {"retry-after": "200"})) as server, pytest.raises(InfisicalError):
        client(server.url, waits).get(PATH)
    assert sum(waits.slept) <= LONGEST_RATE_LIMIT_WAIT < sum(waits.slept) + 200


def test_waiting_for_a_rate_limit_costs_no_retries() -> None:
    waits = Time()
    with stub(*[FAILURES["429"]] * 10, Reply(200, {"ok": True})) as server:
        assert client(server.url, waits, retries=1).get(PATH) == {"ok": True}
    assert waits.slept == [7] * 10


def test_one_thread_asked_to_wait_holds_the_others() -> None:
    waits = Time()
    gate = RateGate(waits.now, waits.sleep)
    gate.hold(5)
    gate.hold(2)
    assert gate.wait() == 5
    assert gate.wait() == 0


def test_threads_share_the_gate_and_not_the_connection() -> None:
    waits = Time()
    with stub(FAILURES["429"], Reply(200, {"ok": True})) as server:
        one = client(server.url, waits)
        one.get(PATH)
        other = threading.Thread(target=one.get, args=(PATH,))
        other.start()
        other.join()
        peers = [request.peer for request in server.requests]
    assert peers[0] == peers[1] != peers[2] and waits.slept == [7]
