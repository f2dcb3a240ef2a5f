# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No secret is displayed: in no result, diff or failure, not even if the server returns it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module
from tests.conftest import Result, Site, Time, task_of
from tests.unit.servers import Reply, Request, Stub, closed_port, stub
from tests.unit.specs import EVERY_OPTION, SECRET_OPTIONS, Path, accepted, options_of, with_value
from tests.unit.tables import MODULES

SENTINEL = "sentinel-7f3a9c51e2"
# Names that ansible-test's validate-modules, or a reader, may mistake for secrets.
LOOKS_SECRET = re.compile(r"pass(?!ive)|secret|token|cryptkey|jwt|private|credential", re.IGNORECASE)
every_secret = pytest.mark.parametrize(
    ("module", "path"), SECRET_OPTIONS, ids=[f"{module}-{'.'.join(path)}" for module, path in SECRET_OPTIONS]
)


def assert_hidden(result: Result, secret: str = SENTINEL) -> None:
    """Only the result of a login, which is never displayed, contains the token."""
    text = json.dumps({key: value for key, value in result.items() if key != "login_data"})
    assert secret not in text
    assert secret[3:-3] not in text, "not even in part"


def arguments_with(module: str, path: Path, value: str = SENTINEL) -> dict[str, Any]:
    """Arguments of a module that contain a secret and make the module use it."""
    arguments = with_value({**accepted(module), "retries": 0}, options_of(module), path, value)
    if path == ("jwt",):
        arguments.update(auth_method="jwt_auth", auth_identity_id="3c90c3cc-0d44-4b50-8888-8dd25736052a")
    elif path == ("ldap_password",):
        arguments.update(
            auth_method="ldap_auth", auth_identity_id="3c90c3cc-0d44-4b50-8888-8dd25736052a", ldap_username="me"
        )
    elif path == ("alicloud_access_key_secret",):
        arguments.update(
            auth_method="alicloud_auth",
            auth_identity_id="3c90c3cc-0d44-4b50-8888-8dd25736052a",
            alicloud_access_key_id="LTAI",
        )
    elif path == ("universal_auth_client_secret",):
        arguments.update(universal_auth_client_id="me")
    elif path[0] not in ("token", "login_data"):
        arguments.update(token="harmless")
    return {"token": "harmless", **arguments} if module == "logout" and path[0] != "login_data" else arguments


def is_ready(module: str, path: Path) -> bool:
    """Returns whether a login only uses a given token."""
    return module == "login" and path[0] in ("token", "login_data")


def ways_to_log_in(site: Site) -> dict[str, dict[str, Any]]:
    return {
        "token": {"token": site.token},
        "login_data": {"login_data": {"url": site.url, "access_token": site.token}},
        "client_secret": {
            "universal_auth_client_id": site.client_id,
            "universal_auth_client_secret": site.client_secret,
        },
    }


class Echo(Stub):
    """A server that quotes everything it receives."""

    def reply_to(self, request: Request) -> Reply:
        text = f"You sent {request.headers.get('Authorization')} and {request.body} to {request.path}"
        status = 400 if len(self.requests) % 2 else 403
        return Reply(status, {"message": text, "error": text[:200], "reqId": "req-1"})


@pytest.mark.parametrize("module", MODULES)
def test_what_looks_like_a_secret_says_whether_it_is_one(module: str) -> None:
    for of_module, path, spec in EVERY_OPTION:
        if of_module == module and LOOKS_SECRET.search(path[-1]) and spec.get("type") not in ("dict", "path", "bool"):
            assert "no_log" in spec or "choices" in spec, f"{'.'.join(path)} needs an explicit no_log"


@pytest.mark.parametrize("module", MODULES)
def test_every_secret_of_the_connection_is_hidden_by_every_module(module: str) -> None:
    options = options_of(module)
    for option in CONNECTION_OPTIONS:
        assert bool(options[option.name].get("no_log")) is option.secret
    assert options["login_data"]["options"]["access_token"]["no_log"] is True


@every_secret
def test_a_rejection_that_gives_the_secret_back(current: Site, waits: Time, module: str, path: Path) -> None:
    with Echo.running() as server:
        for check in (True, False):
            result = current.run(module, check=check, url=server.url, **arguments_with(module, path))
            assert result.get("failed") or is_ready(module, path)
            assert_hidden(result)


@every_secret
def test_a_host_that_is_not_there(current: Site, waits: Time, module: str, path: Path) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    result = current.run(module, url=url, **arguments_with(module, path))
    assert result.get("failed") or is_ready(module, path)
    assert_hidden(result)


@every_secret
def test_bad_options_beside_the_secret(current: Site, module: str, path: Path) -> None:
    result = current.run(module, url="nowhere", **{**arguments_with(module, path), "timeout": 0})
    assert result["failed"] and result["failure"]["kind"] == "validation"
    assert_hidden(result)


@every_secret
def test_a_page_instead_of_json(current: Site, waits: Time, module: str, path: Path) -> None:
    with stub(Reply(200, f"<html>{SENTINEL}</html>"), Reply(403, f"<html>{SENTINEL}</html>")) as server:
        assert_hidden(current.run(module, url=server.url, **arguments_with(module, path)))


@pytest.mark.parametrize("given", ["token", "login_data", "client_secret"])
def test_a_run_that_works_returns_no_secret(either: Site, given: str) -> None:
    options = ways_to_log_in(either)[given]
    for check in (True, False):
        result = either.ok("identity", check=check, name="web", metadata={"team": "x"}, **options)
        assert result["changed"] and result["diff"]["after"]
        for secret in (either.token, either.client_secret, *(client.token or "" for client in either.clients.values())):
            assert_hidden(result, secret)


def test_a_token_from_a_login_is_hidden_although_no_option_held_it(current: Site) -> None:
    """The server quotes it in an error, and Ansible does not know it."""
    token = current.token
    rejection = Reply(403, {"error": "X", "message": f"{token} may not"})
    with stub(Reply(200, {"accessToken": token}), rejection) as server:
        options: dict[str, Any] = {"universal_auth_client_id": "a", "universal_auth_client_secret": "b" * 20}
        result = current.run("identity", url=server.url, name="web", **options)
    assert result["failed"]
    assert_hidden(result, token)


@pytest.mark.parametrize("given", ["token", "login_data", "client_secret"])
def test_a_login_returns_its_token_in_one_place_and_is_never_displayed(current: Site, given: str) -> None:
    options = ways_to_log_in(current)[given]
    result = current.ok("login", **options)
    assert task_of("login").holds_a_secret(result)
    access_token = result["login_data"]["access_token"]
    assert current.ok("identity", name="web", token=access_token)["changed"]
    assert_hidden(result, access_token)
    assert_hidden(result, current.client_secret)


def test_a_failed_login_is_reported_in_full(current: Site) -> None:
    """Only a token is not displayed; the reason why there is none is displayed."""
    failed = current.run("login", universal_auth_client_id="a", universal_auth_client_secret=SENTINEL)
    assert failed["failed"] and not task_of("login").holds_a_secret(failed)
    assert_hidden(failed)


def test_options_of_a_wrong_type_are_not_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the task says of no_log: that the options do not fit the spec means that it says nothing of secrets."""
    logged: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, **_more: logged.append(str(msg)))
    for timeout in ("an hour", 1):
        options = {"_ansible_no_log": False, "url": "http://127.0.0.1:1", "token": SENTINEL, "timeout": timeout}
        with patch_module_args({**options, "retries": 0, "name": "web"}), pytest.raises(SystemExit):
            run_module(task_of("identity"))
        assert SENTINEL not in str(logged)
        assert bool(logged) == (timeout == 1), "what fits is logged, with its secrets masked"


@pytest.mark.parametrize(
    ("variable", "method"),
    [("INFISICAL_JWT", "jwt"), ("INFISICAL_JWT", "oidc"), ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", "kubernetes")],
)
def test_a_secret_from_a_variable_that_no_spec_knows(
    current: Site, waits: Time, monkeypatch: pytest.MonkeyPatch, variable: str, method: str
) -> None:
    monkeypatch.setenv(variable, SENTINEL)
    options: dict[str, Any] = {
        "auth_method": method,
        "auth_identity_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "retries": 0,
    }
    with Echo.running() as server:
        result = current.run("identity", url=server.url, name="web", **options)
    assert result["failed"] and server.requests and SENTINEL in server.requests[0].body
    assert_hidden(result)
