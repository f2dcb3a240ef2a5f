# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Limits of answers: total time, size and depth. No server, proxy or attacker can block a run or exhaust its memory."""

from __future__ import annotations

import gzip
import json
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import (
    InfisicalError,
    LostAnswer,
    is_lost,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.exchange import MAXIMUM_REDIRECTS
from ansible_collections.machineid.infisical.plugins.module_utils._http.limited_session import MAXIMUM_SIZE
from tests.conftest import Site, Time
from tests.unit.servers import Authority, Reply, raw_server, stub

PATH = "/api/v1/thing"
TIMEOUT = 0.4
AT_ONCE = 8.0
"""Maximum duration in seconds of a test that would otherwise never end."""

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
Talk = Callable[[socket.socket], None]


def dripping(at_once: bytes, unit: bytes) -> Talk:
    """Sends ``at_once``, then ``unit`` repeatedly, with pauses shorter than the timeout."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(at_once)
        while True:
            for byte in unit:
                connection.sendall(bytes([byte]))
                time.sleep(TIMEOUT / 10)

    return talk


def pouring(at_once: bytes, unit: bytes) -> Talk:
    """Sends ``at_once``, then ``unit`` as fast as it is received."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(at_once)
        while True:
            connection.sendall(unit)

    return talk


DRIPS = {
    "status": dripping(b"", b"HTTP/1.1 200 OK" + b"!" * 1000),
    "headers": dripping(HEAD, b"x-slow: yes\r\n"),
    "body": dripping(HEAD + b"content-length: 1000000\r\n\r\n", b" "),
    "body-without-length": dripping(HEAD + b"\r\n", b" "),
    "chunks": dripping(CHUNKED, b"1\r\n \r\n"),
    "chunk-size": dripping(CHUNKED, b"0"),
    "trailers": dripping(CHUNKED + b"2\r\n{}\r\n0\r\n", b"x: y\r\n"),
    "continue": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "rejection": dripping(b"HTTP/1.1 403 No\r\ncontent-length: 1000000\r\n\r\n", b" "),
    "redirect": dripping(b"HTTP/1.1 302 No\r\nlocation: /x\r\ncontent-length: 1000000\r\n\r\n", b" "),
}
FLOODS = {
    "chunks": pouring(CHUNKED, b"ffff\r\n" + b" " * 0xFFFF + b"\r\n"),
    "body-without-length": pouring(HEAD + b"\r\n", b" " * 65536),
    "rejection": pouring(b"HTTP/1.1 403 No\r\n\r\n", b" " * 65536),
}
SLOW_FLOODS = {
    "tiny-chunks": pouring(CHUNKED, b"1\r\n \r\n" * 10_000),
    "trailers": pouring(CHUNKED + b"2\r\n{}\r\n0\r\n", b"x: y\r\n" * 10_000),
    "continue": pouring(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 3000),
    "headers": pouring(HEAD, b"x: y\r\n" * 10_000),
    "one-header": pouring(HEAD, b"x" * 65536),
}
"""Answers that take longer to read than to send."""


@contextmanager
def at_once() -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < AT_ONCE


@contextmanager
def in_memory_of(maximum: int) -> Iterator[None]:
    """Checks that the peak memory of its block is at most ``maximum`` bytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < maximum
    finally:
        tracemalloc.stop()


def failure(url: str, verb: str = "GET", **server: Any) -> InfisicalError:
    waits = Time()
    one = Client(Server(url, **{"retries": 0, "timeout": TIMEOUT, **server}), "t", clock=waits.now, sleep=waits.sleep)
    with pytest.raises(InfisicalError) as raised:
        one.call(verb, PATH)
    return raised.value


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("drip", DRIPS)
def test_the_timeout_is_for_the_whole_answer(drip: str, verb: str) -> None:
    with raw_server(DRIPS[drip]) as url, at_once():
        error = failure(url, verb)
    assert error.kind == "network" and f"not complete after {TIMEOUT:g} s" in str(error)
    assert isinstance(error, LostAnswer) is (verb == "POST")


def test_the_timeout_is_for_the_whole_answer_by_tls_too(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.context(authority.issue("host"))
    for drip in ("headers", "body", "chunks"):
        with raw_server(DRIPS[drip], context) as url, at_once():
            error = failure(url, verify=str(authority.path))
        assert error.kind == "network" and "timed out" in str(error)


@pytest.mark.parametrize("drip", DRIPS)
def test_the_timeout_is_for_the_whole_answer_of_a_proxy_too(drip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with raw_server(DRIPS[drip]) as proxy:
        for scheme in ("http", "https"):
            monkeypatch.setenv(f"{scheme}_proxy", proxy)
            if scheme == "https" and drip in ("chunks", "chunk-size", "trailers", "body", "body-without-length"):
                continue  # From there on, it is a tunnel with TLS inside.
            with at_once():
                error = failure(f"{scheme}://infisical.invalid")
            assert error.kind == "network", error


def test_a_slow_answer_within_the_timeout_leaves_the_next_one_all_of_its_time() -> None:
    with stub(Reply(200, {"n": 1}, late=0.6), Reply(200, {"n": 2}, late=0.6)) as server:
        one = Client(Server(server.url, timeout=1.0, retries=0), "t")
        assert [one.get(PATH)["n"], one.get(PATH)["n"]] == [1, 2]
    assert len({request.peer for request in server.requests}) == 1


def test_all_redirects_of_a_request_share_its_time() -> None:
    replies = [Reply(302, {}, {"location": f"{PATH}/{turn}"}, late=TIMEOUT / 2) for turn in range(5)]
    with stub(*replies) as server:
        assert failure(server.url).kind == "network"
        time.sleep(TIMEOUT)
        assert len(server.requests) <= 3


def test_redirects_are_few() -> None:
    with stub(Reply(302, {}, {"location": PATH})) as server:
        error = failure(server.url, timeout=10)
        assert len(server.requests) == MAXIMUM_REDIRECTS + 1
    assert error.kind == "network" and "redirects" in str(error)


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_without_an_end_is_not_taken_in(flood: str, verb: str) -> None:
    with raw_server(FLOODS[flood]) as url, in_memory_of(3 * MAXIMUM_SIZE):
        error = failure(url, verb, timeout=60)
    assert error.kind == "server" and "more than 32 MiB" in str(error)
    # A write may have been carried out before this answer.
    assert is_lost(error) is (verb == "POST")


@pytest.mark.parametrize("flood", SLOW_FLOODS)
def test_what_comes_around_a_body_has_an_end_too(flood: str) -> None:
    with raw_server(SLOW_FLOODS[flood]) as url, at_once(), in_memory_of(3 * MAXIMUM_SIZE):
        assert failure(url).kind in ("network", "server")


def test_a_body_may_be_as_large_as_documented_and_no_larger() -> None:
    frame = len(b'{"a": ""}')
    for size, fits in ((MAXIMUM_SIZE, True), (MAXIMUM_SIZE + 1, False)):
        body = b'{"a": "' + b"x" * (size - frame) + b'"}'
        with stub(Reply(200, body)) as server:
            one = Client(Server(server.url, retries=0), "t")
            if fits:
                assert len(one.get(PATH)["a"]) == size - frame
            else:
                assert "more than 32 MiB" in str(failure(server.url, timeout=30))


@cache
def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b" " * 1024 * 1024) for _megabyte in range(size))
    return packed + packer.flush()


@pytest.mark.parametrize(("verb", "status"), [("GET", 200), ("GET", 302), ("PATCH", 308), ("PATCH", 500)])
def test_a_small_answer_cannot_become_a_large_one(verb: str, status: int) -> None:
    headers = {"content-encoding": "gzip", "location": "/x"}
    with stub(Reply(status, bomb(256), headers)) as server, in_memory_of(4 * MAXIMUM_SIZE):
        error = failure(server.url, verb, timeout=60)
    assert error.kind == "server" and error.status == status and "more than 32 MiB" in str(error)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,gzip", "deflate, gzip", "br", "zstd", "compress", "x"])
def test_an_encoding_that_was_not_requested_is_not_decoded(encoding: str) -> None:
    packed = gzip.compress(gzip.compress(b"{}"))
    with stub(Reply(200, packed, {"content-encoding": encoding})) as server:
        error = failure(server.url, "POST")
        assert server.requests[0].headers["Accept-Encoding"] == "gzip, deflate"
    assert error.kind == "server" and "was not requested" in str(error) and isinstance(error, LostAnswer)


def raw_deflate(plain: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZip ", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("identity", bytes),
    ],
)
def test_compressed_answers_are_read_over_one_connection(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = json.dumps({"name": "ü" * 100_000}).encode()
    with stub(Reply(200, pack(body), {"content-encoding": encoding})) as server:
        one = Client(Server(server.url, retries=0), "t")
        for _turn in range(3):
            assert one.get(PATH) == {"name": "ü" * 100_000}
    assert len({request.peer for request in server.requests}) == 1


SPOILT: list[Callable[[bytes], bytes]] = [lambda one: one[:-9], lambda one: one + b"more", lambda one: b"x" * 99]


@pytest.mark.parametrize("spoil", SPOILT, ids=["short", "long", "other"])
def test_what_does_not_decompress_is_a_broken_answer(spoil: Callable[[bytes], bytes]) -> None:
    packed = spoil(gzip.compress(json.dumps({"a": list(range(1000))}).encode()))
    with stub(Reply(200, packed, {"content-encoding": "gzip"})) as server:
        error = failure(server.url, "PATCH")
    assert error.kind == "network" and isinstance(error, LostAnswer) and "decompressing" in str(error)


NO_HTTP = {
    "no-http": b"hello\x1b[31m" + b"!" * 10_000 + b"\r\n\r\n",
    "two-lengths": HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
    "no-chunk-size": CHUNKED + b"xyz\r\n{}\r\n",
    "too-many-headers": HEAD + b"x: y\r\n" * 1000 + b"\r\n{}",
    "too-long-a-header": HEAD + b"x: " + b"y" * 100_000 + b"\r\n\r\n{}",
    "cut": HEAD + b"content-length: 99\r\n\r\n{}",
    "cut-chunk": CHUNKED + b"99\r\n{}",
}


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("what", NO_HTTP)
def test_what_is_no_http_is_a_broken_answer(what: str, verb: str) -> None:
    with raw_server(lambda connection: connection.sendall(NO_HTTP[what])) as url:
        error = failure(url, verb, timeout=30)
    assert error.kind == "network" and isinstance(error, LostAnswer) is (verb == "POST")
    assert len(str(error)) < 700 and "\x1b" not in str(error)


NOT_USABLE = {
    "deep-list": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep-object": b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
    "deeper-than-anything-of-infisical": b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}",
    "huge-integer": b'{"a": ' + b"9" * 1_000_000 + b"}",
    "long-integer": b'{"a": ' + b"9" * 41 + b"}",
    "huge-float": b'{"a": 1e999}',
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": [Infinity]}',
    "minus-infinity": b'{"a": -Infinity}',
    "no-utf-8": b'{"a": "\xff"}',
    "lone-surrogate": b'{"a": "\\ud800"}',
    "lone-surrogate-key": b'{"\\uDC00": 1}',
    "utf-8-surrogate": b'{"a": "\xed\xa0\x80"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "half": b'{"a": 1',
    "list": b"[1]",
    "null": b"null",
    "nothing": b"",
}


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("what", NOT_USABLE)
def test_json_that_cannot_be_worked_with_is_no_json(what: str, verb: str) -> None:
    with stub(Reply(200, NOT_USABLE[what])) as server, at_once():
        error = failure(server.url, verb, timeout=30)
    assert error.kind == "server" and error.status == 200 and "JSON" in str(error)
    assert len(str(error)) < 500
    assert is_lost(error) is (verb == "POST"), "a write with such an answer may have been carried out"


@pytest.mark.parametrize("what", NOT_USABLE)
def test_nor_is_it_in_a_rejection(what: str) -> None:
    with stub(Reply(404, NOT_USABLE[what])) as server:
        error = failure(server.url, timeout=30)
    assert error.kind == "server" and error.status == 404


def test_what_looks_alike_is_json() -> None:
    fine = b'\xef\xbb\xbf {"a": "\\ud83d\\ude00", "b": 9007199254740993, "c": -1.5e3, "d": "NaN", "e": [[[[]]]]}'
    with stub(Reply(200, fine)) as server:
        assert Client(Server(server.url), "t").get(PATH) == {
            "a": "😀",
            "b": 9007199254740993,
            "c": -1500.0,
            "d": "NaN",
            "e": [[[[]]]],
        }


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("message", 401),
        ("message", 404),
        ("message", 500),
        ("issues", 404),
        ("error", 500),
        ("reqId", 401),
        ("type", 404),
    ],
)
def test_ten_megabytes_of_an_error_become_a_few_kilobytes_of_a_result(part: str, status: int, current: Site) -> None:
    long = "\x1b[31m\x1b]0;title\x07very\nlong\u202e " * 200_000
    issue = {"path": ["a" * 1000] * 10, "message": long[:10_000]}
    body: dict[str, Any] = {"statusCode": status, "error": "ValidationFailure", "message": "No.", "reqId": "r"}
    headers = {}
    if part == "issues":
        body["message"] = [issue] * 500
    elif part == "type":
        headers["content-type"] = "text/" + "html" * 10_000
    else:
        body[part] = long
    with stub(Reply(status, "<html>" if part == "type" else body, headers)) as server:
        result = current.run("identity", url=server.url, retries=0, name="web")
    text = json.dumps(result)
    assert result["failed"] and len(text) < 8000
    assert not [sign for sign in ("\\u001b", "\\u0007", "\\n", "\\u202e", "title") if sign in text]
    if part == "issues":
        assert "480 more" in result["msg"]


def test_where_a_redirect_leads_to_is_cleaned() -> None:
    with raw_server(
        lambda connection: connection.sendall(
            b"HTTP/1.1 308 Over there\r\ncontent-length: 0\r\nlocation: http://x/\x1b[31m" + b"y" * 5000 + b"\r\n\r\n"
        )
    ) as url:
        error = failure(url, "POST")
    assert "was redirected to http://x/" in str(error) and "\x1b" not in str(error) and len(str(error)) < 700


ODD_NUMBERS = ["9" * 400, "1e400", "inf", "-inf", "nan", "-5", "9" * 20, "1_0", "٣", "0x10", "1,5", "+", "."]
ODD_DATES = [
    "Mon, 99999999999999999999 Jan 2026 00:00:00 GMT",
    "Mon, 01 Jan 99999999999 00:00:00 GMT",
    "Mon, 01 Jan 1900 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, 31 Dec 9999 23:59:59 -9999",
    "Mon, 01 Jan 2026 99:99:99 GMT",
    "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
    "1 2 3 4 5 6 7 8 9" * 1000,
    "",
    "\xff",
]


@pytest.mark.parametrize("date", [*ODD_DATES, *ODD_NUMBERS])
def test_a_clock_that_shows_no_time_is_not_believed(date: str) -> None:
    with stub(Reply(200, {}, {"date": date.encode().decode("latin-1")})) as server:
        one = Client(Server(server.url, retries=0), "t")
        one.get(PATH)
    assert abs(one.now() - time.time()) < 60


# The client waits up to a quarter of an hour after a 429, in many steps if the header is odd.
@pytest.mark.parametrize(
    ("verb", "status", "header"),
    [
        *((*answer, header) for header in [*ODD_DATES, *ODD_NUMBERS] for answer in (("GET", 429), ("GET", 503))),
        *((*answer, header) for header in ("nan", "-5", "9" * 400, "") for answer in (("POST", 429), ("GET", 500))),
    ],
)
def test_no_wait_is_longer_than_documented_whatever_the_server_says(verb: str, status: int, header: str) -> None:
    waits = Time()
    with stub(Reply(status, {}, {"retry-after": header.encode().decode("latin-1")})) as server:
        one = Client(Server(server.url, retries=2), "t", clock=waits.now, sleep=waits.sleep)
        with pytest.raises(InfisicalError):
            one.call(verb, PATH)
    assert all(0 < wait <= 300 for wait in waits.slept) and sum(waits.slept) <= 900
