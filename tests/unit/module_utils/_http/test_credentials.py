# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Credentials are stripped and validated where they are read: invalid ones reach neither a header nor a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import BearerAuth, Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.exchange import NoAnswer, exchange, reason_of
from ansible_collections.machineid.infisical.plugins.module_utils._http.limited_session import LimitedSession
from tests.conftest import Result, Site
from tests.unit.servers import Reply, Request, Stub, stub

IDENTITY_ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
FIRST, LAST = "sentinel-a81f", "sentinel-c07e"
BROKEN = {
    "line-end": f"{FIRST}\n{LAST}",
    "carriage-return": f"{FIRST}\r\n{LAST}",
    "header-injection": f"{FIRST}\r\nX-Evil: {LAST}",
    "nul": f"{FIRST}\0{LAST}",
    "escape": f"{FIRST}\x1b[31m{LAST}",
    "tab": f"{FIRST}\t{LAST}",
    "blank": f"{FIRST} {LAST}",
    "no-break-space": f"{FIRST}\xa0{LAST}",
    "latin-1": f"{FIRST}ä{LAST}",
    "no-latin-1": f"{FIRST}…{LAST}",
    "surrogate": f"{FIRST}\udc80{LAST}",
    "line-separator": f"{FIRST}\u2028{LAST}",
}
of_any_kind = pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))


def assert_not_displayed(result: Result) -> None:
    """``invocation`` may contain values that are not secret."""
    given = result.get("invocation", {}).get("module_args", {})
    arguments = {**given, "universal_auth_client_id": "", "ldap_username": ""}
    text = json.dumps([result["msg"], result["failure"], result.get("warnings"), arguments])
    assert FIRST not in text and LAST not in text, text


def rejected_with(site: Site, kind: str, **options: Any) -> Result:
    result = site.run("caller_info", retries=0, **options)
    assert result["failed"] and result["failure"]["kind"] == kind, result["msg"]
    assert_not_displayed(result)
    return result


OPTIONS: dict[str, dict[str, Any]] = {
    "token": {},
    "universal_auth_client_id": {"universal_auth_client_secret": "Q7-key"},
    "universal_auth_client_secret": {"universal_auth_client_id": "client-1"},
    "jwt": {"auth_method": "jwt_auth", "auth_identity_id": IDENTITY_ID},
}


@of_any_kind
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_that_no_header_can_carry_is_named_and_not_quoted(option: str, broken: str, current: Site) -> None:
    current.clear_requests()
    result = rejected_with(current, "validation", **{option: broken, **OPTIONS[option]})
    assert not current.requests()
    assert f"{option} must " in result["msg"]


ENVIRONMENT = {
    "INFISICAL_TOKEN": ("token", {"auth_method": "token_auth"}),
    "INFISICAL_ACCESS_TOKEN": ("token", {"auth_method": "token_auth"}),
    "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET": (
        "universal_auth_client_secret",
        {"universal_auth_client_id": "client-1"},
    ),
    "INFISICAL_JWT": ("jwt", {"auth_method": "oidc_auth", "auth_identity_id": IDENTITY_ID}),
    "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN": (
        "jwt",
        {"auth_method": "kubernetes_auth", "auth_identity_id": IDENTITY_ID},
    ),
}


@pytest.mark.parametrize("what", [what for what in BROKEN if what != "nul"])
@pytest.mark.parametrize("variable", ENVIRONMENT)
def test_a_variable_that_no_header_can_carry_is_named_by_its_option(
    variable: str, what: str, current: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    option, others = ENVIRONMENT[variable]
    monkeypatch.setenv(variable, BROKEN[what])
    message = rejected_with(current, "validation", **others)["msg"]
    assert f"{option} must " in message or f"{variable} must " in message


@of_any_kind
def test_login_data_that_no_header_can_carry_is_rejected(broken: str, current: Site) -> None:
    data = {"url": current.url, "access_token": broken}
    assert "login_data.access_token must" in rejected_with(current, "validation", login_data=data)["msg"]
    # The logout reads its token in a separate way.
    for options in ({"login_data": data}, {"token": broken}):
        result = current.run("logout", **options)
        assert result["failed"] and result["failure"]["kind"] == "validation"
        assert_not_displayed(result)


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_login_data_without_a_token_is_rejected(blank: str, current: Site) -> None:
    data = {"url": current.url, "access_token": blank}
    assert "must not be empty" in rejected_with(current, "validation", login_data=data)["msg"]


@of_any_kind
@pytest.mark.parametrize("method", ["universal_auth", "jwt_auth"])
def test_a_token_of_the_server_that_no_header_can_carry_is_the_servers_error(
    method: str, broken: str, current: Site
) -> None:
    by_jwt = {"auth_identity_id": IDENTITY_ID, "jwt": "e30.e30.sig"}
    by_secret = {"universal_auth_client_id": "client-1", "universal_auth_client_secret": "Q7-key"}
    with stub(Reply(200, {"accessToken": broken})) as server:
        options = by_jwt if method == "jwt_auth" else by_secret
        rejected_with(current, "server", url=server.url, auth_method=method, **options)
        assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [None, 5, "", [], {}, True])
def test_what_is_no_token_at_all_is_the_servers_error(answer: Any, current: Site) -> None:
    by_secret = {"universal_auth_client_id": "client-1", "universal_auth_client_secret": "Q7-key"}
    with stub(Reply(200, {"accessToken": answer})) as server:
        rejected_with(current, "server", url=server.url, **by_secret)
        assert len(server.requests) == 1


@of_any_kind
def test_a_token_in_a_file_that_is_none_is_not_quoted(broken: str, current: Site, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(broken.encode("utf-8", "surrogatepass"))
    options = {"auth_method": "kubernetes_auth", "auth_identity_id": IDENTITY_ID, "kubernetes_token_path": str(path)}
    rejected_with(current, "authentication", **options)


@of_any_kind
def test_a_token_of_a_metadata_service_is_not_quoted(
    broken: str, current: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stub(Reply(200, broken.encode("utf-8", "surrogatepass"))) as server:
        monkeypatch.setenv("GCE_METADATA_HOST", server.url.partition("//")[2])
        rejected_with(current, "authentication", auth_method="gcp_auth", auth_identity_id=IDENTITY_ID)
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        rejected_with(current, "authentication", auth_method="aws_auth", auth_identity_id=IDENTITY_ID)
    with stub(Reply(200, {"access_token": broken})) as server:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
        rejected_with(current, "authentication", auth_method="azure_auth", auth_identity_id=IDENTITY_ID)


@pytest.mark.parametrize("what", [what for what in BROKEN if what != "nul"])
def test_the_token_that_asks_github_is_not_quoted(what: str, current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with stub() as server:
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", server.url)
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BROKEN[what])
        result = rejected_with(current, "validation", auth_method="oidc_auth", auth_identity_id=IDENTITY_ID)
        assert "ACTIONS_ID_TOKEN_REQUEST_TOKEN" in result["msg"] and not server.requests


class Login(Stub):
    """Answers every login, and returns the identity for every read."""

    def reply_to(self, request: Request) -> Reply:
        return Reply(200, {"accessToken": "given", "identityDetails": {"organization": {"id": "o"}}})


def test_what_stands_around_a_credential_is_not_sent(
    current: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """White space from files, here-documents of a shell and copied lines."""
    path = tmp_path / "token"
    path.write_text("e30.e30.sig\n")
    machine = {"auth_identity_id": IDENTITY_ID}
    ways: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"token": " given\n"}, {}),
        ({"universal_auth_client_id": "c\n", "universal_auth_client_secret": "\ts\r\n"}, {"clientId": "c"}),
        ({"auth_method": "jwt_auth", "jwt": "e30.e30.sig\n", **machine}, {"jwt": "e30.e30.sig"}),
        ({"auth_method": "kubernetes_auth", "kubernetes_token_path": str(path), **machine}, {"jwt": "e30.e30.sig"}),
        (
            {"auth_method": "ldap_auth", "ldap_username": "me\n", "ldap_password": " a pass wörd \n", **machine},
            {"username": "me", "password": " a pass wörd "},
        ),
    ]
    for options, proof in ways:
        with Login.running() as server:
            current.run("caller_info", url=server.url, retries=0, **options)
            if proof:
                sent = json.loads(server.requests[0].body)
                assert proof.items() <= sent.items() and sent.get("clientSecret", "s") == "s"
            assert server.requests[-1 if not proof else 1].headers["Authorization"] == "Bearer given"
    with Login.running() as server:
        current.run("caller_info", login_data={"url": server.url, "access_token": "given \n"})
        assert server.requests[0].headers["Authorization"] == "Bearer given"


@pytest.mark.parametrize("option", ["ldap_username", "ldap_password"])
@pytest.mark.parametrize("broken", [f"{FIRST}\n{LAST}", f"{FIRST}\x1b{LAST}", f"{FIRST}\udc80{LAST}"])
def test_a_password_is_one_line_of_text(option: str, broken: str, current: Site) -> None:
    given = {"ldap_username": "me", "ldap_password": "Q7-key", option: broken}
    result = rejected_with(current, "validation", auth_method="ldap_auth", auth_identity_id=IDENTITY_ID, **given)
    assert f"{option} must " in result["msg"]


@of_any_kind
def test_no_client_takes_a_token_that_it_cannot_send(broken: str) -> None:
    one = Client(Server("http://127.0.0.1:9"))
    for attempt in (
        lambda: Client(Server("http://127.0.0.1:9"), broken),
        lambda: setattr(one, "token", broken),
        lambda: BearerAuth(broken),
    ):
        with pytest.raises(InfisicalError) as raised:
            attempt()
        assert raised.value.kind == "validation"
        assert FIRST not in str(raised.value) and LAST not in str(raised.value)


@of_any_kind
def test_no_reason_quotes_a_header(broken: str) -> None:
    """Neither when requests validates it, nor when http.client sends it."""

    def late(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {broken}"
        return request

    url = "http://127.0.0.1:9"
    early = requests.Request("GET", url, headers={"Authorization": f"Bearer {broken}"}, auth=BearerAuth(None))
    with stub() as server:
        for request in (early, requests.Request("GET", server.url, auth=late)):
            try:
                exchange(LimitedSession(), request, seconds=5)
            except NoAnswer as error:
                assert FIRST not in error.reason and LAST not in error.reason
    assert FIRST not in reason_of(ValueError(f"Invalid header value {broken!r}"))


def test_a_proxys_password_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    for proxy in (f"http://me:{FIRST}@proxy.invalid:80:90", f"http://me:{FIRST}@127.0.0.1:9", f"me:{FIRST}@[bad:1"):
        monkeypatch.setenv("http_proxy", proxy)
        with pytest.raises(InfisicalError) as raised:
            Client(Server("http://infisical.invalid", retries=0), "t").get("/x")
        assert raised.value.kind == "network" and FIRST not in str(raised.value)
