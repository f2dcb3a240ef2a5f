# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TLS according to the options, whatever the environment of the machine is."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer
from tests.conftest import Time
from tests.unit.servers import Authority, Pair, Reply, stub

PATH = "/api/v1/thing"


def directory(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("theirs"))


@pytest.fixture(scope="module")
def host(authority: Authority) -> Pair:
    return authority.issue("host")


def call(url: str, waits: Time | None = None, verb: str = "GET", **options: Any) -> Any:
    time = waits or Time()
    return Client(Server(url, **options), "the-token", clock=time.now, sleep=time.sleep).call(verb, PATH)


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_an_untrusted_server_gets_nothing_and_is_not_tried_again(authority: Authority, host: Pair, verb: str) -> None:
    waits = Time()
    with stub(context=authority.context(host)) as server, pytest.raises(InfisicalError) as raised:
        call(server.url, waits, verb)
    assert raised.value.kind == "tls" and not isinstance(raised.value, LostAnswer)
    assert "ca_path" in str(raised.value) and server.url in str(raised.value)
    assert not waits.slept and not server.requests


def test_an_authority_given_as_file_or_directory_is_trusted(authority: Authority, host: Pair, tmp_path: Path) -> None:
    # OpenSSL looks up certificates in a directory by hash. A file is the common case.
    with stub(Reply(200, {"ok": True}), context=authority.context(host)) as server:
        assert call(server.url, verify=str(authority.path)) == {"ok": True}
        with pytest.raises(InfisicalError):
            call(server.url, verify=str(directory(tmp_path / "empty")))


def test_without_validation_anybody_is_trusted_even_when_the_environment_names_authorities(
    authority: Authority, host: Pair, stranger: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger.path))
    with stub(Reply(200, {"ok": True}), context=authority.context(host)) as server:
        assert call(server.url, verify=False) == {"ok": True}


def test_whoever_turns_validation_off_is_not_reminded_at_each_request(authority: Authority, host: Pair) -> None:
    with stub(context=authority.context(host)) as server, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(server.url, verify=False)
    assert [str(one.message) for one in caught] == []


def test_the_option_wins_over_the_environment(
    authority: Authority, host: Pair, stranger: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger.path))
    with stub(Reply(200, {"ok": True}), context=authority.context(host)) as server:
        assert call(server.url, verify=str(authority.path)) == {"ok": True}
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
        with pytest.raises(InfisicalError) as raised:
            call(server.url, verify=str(stranger.path))
        assert raised.value.kind == "tls"


def test_the_environment_is_good_enough_where_no_option_is_given(
    authority: Authority, host: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
    with stub(Reply(200, {"ok": True}), context=authority.context(host)) as server:
        assert call(server.url) == {"ok": True}


def test_a_certificate_for_another_address_is_rejected(authority: Authority) -> None:
    elsewhere = authority.issue("elsewhere", "127.0.0.2")
    with stub(context=authority.context(elsewhere)) as server, pytest.raises(InfisicalError) as raised:
        call(server.url, verify=str(authority.path))
    assert raised.value.kind == "tls" and not server.requests


def test_a_client_certificate_in_one_file_or_two(authority: Authority, host: Pair) -> None:
    mine = authority.issue("mine")
    with stub(Reply(200, {"ok": True}), context=authority.context(host, clients=True)) as server:
        for cert in ((str(mine.both), None), (str(mine.cert), str(mine.key))):
            assert call(server.url, verify=str(authority.path), cert=cert) == {"ok": True}
        with pytest.raises(InfisicalError) as raised:
            call(server.url, retries=0, verify=str(authority.path))
    assert raised.value.kind in ("tls", "network")


@pytest.mark.parametrize("options", [{"verify": "/no/such/ca.pem"}, {"cert": ("/no/such/cert.pem", None)}])
def test_files_that_are_not_there_are_a_failure_and_no_traceback(
    authority: Authority, host: Pair, options: dict[str, Any]
) -> None:
    with stub(context=authority.context(host)) as server, pytest.raises(InfisicalError) as raised:
        call(server.url, **{"verify": False, **options})
    assert raised.value.kind == "tls" and "/no/such/" in str(raised.value)


@pytest.mark.parametrize("content", ["", "no certificate"], ids=["empty", "text"])
def test_files_that_hold_no_certificate_are_a_failure_and_no_traceback(
    authority: Authority, host: Pair, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "file.pem"
    file.write_text(content)
    with stub(context=authority.context(host)) as server:
        for options in ({"verify": str(file)}, {"verify": False, "cert": (str(file), None)}):
            with pytest.raises(InfisicalError) as raised:
                call(server.url, retries=0, **options)
            assert raised.value.kind == "tls"


def test_an_answer_lost_on_an_encrypted_connection_is_a_lost_answer(authority: Authority, host: Pair) -> None:
    with stub(Reply(hang_up=True), context=authority.context(host)) as server:
        with pytest.raises(LostAnswer) as raised:
            call(server.url, verb="POST", verify=str(authority.path))
        assert len(server.requests) == 1
    assert raised.value.kind == "network"


def test_plain_http_where_the_server_speaks_tls_is_a_network_failure(authority: Authority, host: Pair) -> None:
    with stub(context=authority.context(host)) as server, pytest.raises(InfisicalError) as raised:
        call(server.url.replace("https", "http"), retries=0)
    assert raised.value.kind == "network"


def test_tls_where_the_server_speaks_plain_http_is_a_tls_failure() -> None:
    with stub() as server, pytest.raises(InfisicalError) as raised:
        call(server.url.replace("http", "https"), retries=0)
    assert raised.value.kind == "tls"
