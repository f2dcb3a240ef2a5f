# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the client sends, and to which host: token, redirects, bodies, and answers that do not come from the API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import VERSION, Client, Server, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from tests.unit.servers import Reply, Stub, closed_port, stub

PATH = "/api/v1/thing"
WRITES = ["POST", "PATCH", "DELETE"]
REDIRECTS = [301, 302, 303, 307, 308]


def client(server: Stub, token: str | None = "the-token") -> Client:
    return Client(Server(server.url, retries=0), token)


def netrc(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a user of curl may have for the same host."""
    file = directory / "netrc"
    file.write_text("machine 127.0.0.1 login somebody password else\ndefault login any password one\n")
    monkeypatch.setenv("NETRC", str(file))


@pytest.mark.parametrize("verb", ["GET", *WRITES])
def test_the_token_is_the_bearer_whatever_netrc_says(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc(tmp_path, monkeypatch)
    with stub() as server:
        client(server).call(verb, PATH)
    assert server.requests[0].headers["Authorization"] == "Bearer the-token"


@pytest.mark.parametrize(("token", "authenticated"), [(None, True), ("the-token", False)])
def test_no_token_means_no_authorization_at_all(
    token: str | None, authenticated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc(tmp_path, monkeypatch)
    with stub() as server:
        client(server, token).call("POST", PATH, body={}, authenticated=authenticated)
    assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_to_another_host_does_not_get_the_token(status: int) -> None:
    with stub(Reply(200, {"stolen": True})) as thief:
        with stub(Reply(status, {}, {"location": f"{thief.url}{PATH}"})) as server:
            client(server).get(PATH)
        assert server.requests[0].headers["Authorization"] == "Bearer the-token"
    assert [request.path for request in thief.requests] == [PATH]
    assert "the-token" not in json.dumps(thief.requests[0].headers)


def test_a_redirect_on_the_same_host_is_followed_with_the_token() -> None:
    with stub(Reply(301, {}, {"location": f"{PATH}/"}), Reply(200, {"ok": True})) as server:
        assert client(server).get(PATH) == {"ok": True}
    assert server.requests[1].headers["Authorization"] == "Bearer the-token"


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("verb", WRITES)
def test_a_write_follows_no_redirect(verb: str, status: int) -> None:
    """A followed POST would become a GET that looks like a success, and its body could be sent to another host."""
    with stub() as thief:
        with stub(Reply(status, {}, {"location": thief.url})) as server, pytest.raises(InfisicalError) as raised:
            client(server).call(verb, PATH, body={"clientSecret": "s3cret"})
        assert not thief.requests
    assert thief.url in str(raised.value) and raised.value.status == status
    assert "s3cret" not in str(raised.value)


def test_redirects_in_a_circle_have_an_end() -> None:
    with stub(Reply(302, {}, {"location": PATH})) as server, pytest.raises(InfisicalError) as raised:
        client(server).get(PATH)
    assert raised.value.kind == "network" and len(server.requests) < 50


@pytest.mark.parametrize("verb", ["GET", *WRITES])
def test_a_page_instead_of_json_names_the_url_as_the_thing_to_check(verb: str) -> None:
    with stub(Reply(200, "<html>Sign in</html>")) as server, pytest.raises(InfisicalError) as raised:
        client(server).call(verb, PATH)
    assert raised.value.kind == "server"
    assert "text/html" in str(raised.value) and "`url`" in str(raised.value)


def test_no_content_type_without_a_body() -> None:
    """The server rejects a JSON content type without a body (server-notes#request-without-a-body)."""
    with stub() as server:
        client(server).delete(PATH)
        client(server).patch(PATH, {"a": 1})
    bare, full = (request.headers for request in server.requests)
    assert "Content-Type" not in bare
    assert full["Content-Type"] == "application/json" and server.requests[1].body == '{"a": 1}'


def test_the_user_agent_is_sent() -> None:
    with stub() as server:
        client(server).get(PATH)
    assert server.requests[0].headers["User-Agent"] == f"machineid.infisical/{VERSION}"
    assert server.requests[0].headers["Accept"] == "application/json"


def test_a_query_is_encoded_and_an_id_stays_one_segment() -> None:
    with stub() as server:
        client(server).get(f"{PATH}/{segment('a/../b?c#d')}", {"search": "web & db"})
    assert server.requests[0].path == f"{PATH}/a%2F..%2Fb%3Fc%23d?search=web+%26+db"


def test_many_requests_need_one_connection() -> None:
    with stub() as server:
        one = client(server)
        for _turn in range(5):
            one.get(PATH)
    assert len({request.peer for request in server.requests}) == 1


def test_an_unreachable_host_is_reported_without_the_library_s_innards() -> None:
    port = closed_port()
    with pytest.raises(InfisicalError) as raised:
        Client(Server(f"http://127.0.0.1:{port}", retries=0), "the-token").get(PATH)
    text = str(raised.value)
    assert f"http://127.0.0.1:{port}{PATH}" in text and "refused" in text
    assert not [word for word in ("0x", "HTTPConnection", "Max retries", "the-token", "Error(") if word in text]


def test_an_unknown_host_is_reported_as_such() -> None:
    with pytest.raises(InfisicalError) as raised:
        Client(Server("http://no-such-host.invalid", retries=0)).get(PATH)
    assert raised.value.kind == "network" and "no-such-host.invalid" in str(raised.value)


@pytest.mark.parametrize("location", ["http://[bad", "ftp://x/x", "http://"])
def test_a_redirect_to_nowhere_is_a_failure_and_no_traceback(location: str) -> None:
    with stub(Reply(302, {}, {"location": location})) as server, pytest.raises(InfisicalError) as raised:
        client(server).get(PATH)
    assert raised.value.kind == "network"


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(hang_up=True), "closed connection"),
        (Reply(late=0.3), "timed out"),
        (Reply(cut=True), "IncompleteRead"),
        (Reply(200, "no gzip", {"content-encoding": "gzip"}), "decompressing"),
    ],
    ids=["hang-up", "late", "cut", "garbled"],
)
def test_what_broke_a_connection_is_reported_in_a_sentence(reply: Reply, word: str) -> None:
    with stub(reply) as server, pytest.raises(InfisicalError) as raised:
        Client(Server(server.url, retries=0, timeout=0.1)).post(PATH, {})
    text = str(raised.value)
    assert word in text and server.url in text
    assert not [innards for innards in ("0x", "Pool(", "Error(", "((") if innards in text]


def test_the_servers_clock_is_known_from_its_answers() -> None:
    with stub(Reply(200, {}, {"date": "Fri, 01 Jan 2100 00:00:00 GMT"})) as server:
        one = client(server)
        one.get(PATH)
    assert abs(one.now() - 4102444800) < 5
