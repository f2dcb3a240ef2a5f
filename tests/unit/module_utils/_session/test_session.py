# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tasks of a session, and the two execution paths: as a module and in process, a task returns the same."""

from __future__ import annotations

import json
import re
import sys
from importlib import import_module
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.machineid.infisical.plugins.module_utils._runner import run
from tests.conftest import MODULES, Result, Site
from tests.unit.servers import Reply, stub

NOT_COMPARED = ("invocation", "exception", "warnings")


def as_module(site: Site, capsys: pytest.CaptureFixture[str], module: str, *, check: bool, **options: Any) -> Result:
    """Returns the result that the module prints, without what core adds or keeps between runs in one process."""
    arguments = {**site.arguments(options), "_ansible_check_mode": check, "_ansible_diff": True}
    with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
        import_module(f"{MODULES}.{module}").main()
    result: Result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert ended.value.code == (1 if result.get("failed") else 0)
    return {key: value for key, value in result.items() if key not in NOT_COMPARED}


def in_process(site: Site, module: str, *, check: bool, **options: Any) -> Result:
    result = site.run(module, check=check, **options)
    return {key: value for key, value in result.items() if key not in NOT_COMPARED}


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "unchanged": ("identity", {"name": "there"}),
    "attached": ("identity_aws_auth", {"identity_name": "there", "allowed_principal_arns": []}),
    "changed": ("identity", {"name": "there", "role": "member", "metadata": {"a": "b"}}),
    "absent": ("identity_azure_auth", {"identity_name": "there", "state": "absent"}),
    "rejected": ("identity", {"name": "there", "role": "nobody"}),
    "faulty": ("identity_oci_auth", {"identity_name": "there", "tenancy_ocid": "x", "timeout": 0}),
    "faulty-login-data": (
        "identity",
        {"name": "there", "login_data": {"access_token": "x", "connection": {"retries": -1}}},
    ),
    "not-found": ("identity_oci_auth", {"identity_name": "nowhere"}),
    "secret": ("login", {"universal_auth_client_id": "a", "universal_auth_client_secret": "not-this-one"}),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("case", CASES)
def test_both_execution_paths_answer_the_same(
    current: Site, capsys: pytest.CaptureFixture[str], case: str, check: bool
) -> None:
    module, options = CASES[case]
    results = []
    for execution_path in ("module", "process"):
        current.reset()
        current.identity("there")
        if execution_path == "module":
            answer = as_module(current, capsys, module, check=check, **options)
        else:
            answer = in_process(current, module, check=check, **options)
        text = json.dumps(answer, sort_keys=True)
        for one in current.state()["identities"]:
            text = text.replace(one["id"], f"<{one['name']}>")
        results.append(re.sub(r"req-\w+", "<request>", text))
    assert results[0] == results[1]


def test_a_module_without_requests_says_which_library_is_missing(
    current: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "HAS_REQUESTS", False)
    result = as_module(current, capsys, "identity", check=False, name="web")
    assert result["failed"] and "Python library (requests)" in result["msg"]
    assert not current.requests()


def test_the_client_can_be_imported_without_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise, the message above could not be reported."""
    name = "ansible_collections.machineid.infisical.plugins.module_utils._http.client"
    for missing in ("requests", "urllib3", "urllib3.exceptions"):
        monkeypatch.setitem(sys.modules, missing, None)
    real = sys.modules.pop(name)
    try:
        assert import_module(name).HAS_REQUESTS is False
    finally:
        sys.modules[name] = real


@pytest.mark.parametrize("diff", [True, False])
def test_a_diff_is_made_only_for_those_who_want_one(current: Site, diff: bool) -> None:
    assert ("diff" in current.ok("identity", diff=diff, name="web")) is diff


def test_login_and_logout(either: Site) -> None:
    credentials = {
        "universal_auth_client_id": either.client_id,
        "universal_auth_client_secret": either.client_secret,
    }
    login = either.ok("login", **credentials)
    assert not login["changed"] and login["logged_in"] and login["login_data"]["url"] == either.url
    data = {"login_data": login["login_data"]}
    assert either.ok("identity", name="web", **data)["changed"]
    # Also in check mode: the following tasks must be able to read, and the session has to be closed.
    assert not either.ok("logout", check=True, **data)["changed"]
    assert either.failure("identity", name="web", **data)["kind"] == "authentication"
    assert not either.ok("logout", **data)["changed"], "an expired token is no failure"


def test_login_data_alone_says_how_to_talk_to_the_server_on_both_execution_paths(
    current: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = current.ok("login", token=current.token, timeout=7, retries=1)["login_data"]
    assert json.loads(made["connection"]) == {"retries": 1, "timeout": 7, "validate_certs": True}
    monkeypatch.setenv("INFISICAL_TIMEOUT", "9")
    monkeypatch.setenv("INFISICAL_VALIDATE_CERTS", "false")
    for options in ({}, {"url": "https://other.example.com", "retries": 2}):
        results = [
            as_module(current, capsys, "login", check=False, login_data=made, **options),
            in_process(current, "login", check=False, login_data=made, **options),
        ]
        held = {"retries": 1, "timeout": 7, "validate_certs": True, **options}
        held.pop("url", None)
        assert results[0] == results[1]
        assert results[0]["login_data"] == {**made, "connection": json.dumps(held, sort_keys=True)}


def test_a_task_that_would_not_check_a_certificate_that_the_login_checked_is_warned(current: Site) -> None:
    made = current.ok("login", token=current.token)["login_data"]
    (warning,) = current.ok("identity", name="web", login_data=made, validate_certs=False)["warnings"]
    assert "validate_certs: false has no effect" in warning
    assert "warnings" not in current.ok("identity", name="web", login_data=made)


def test_a_login_in_check_mode_is_a_login(current: Site) -> None:
    options = {"universal_auth_client_id": current.client_id, "universal_auth_client_secret": current.client_secret}
    result = current.ok("login", check=True, **options)
    assert current.ok("identity", check=True, name="web", login_data=result["login_data"])["changed"]


def test_logout_revokes_the_token_it_is_given_whatever_the_environment_offers(
    either: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", either.client_id)
    monkeypatch.setenv("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", either.client_secret)
    token = either.caller("admin")
    either.clear_requests()
    either.ok("logout", token=token)
    assert [request["path"] for request in either.requests()] == ["/api/v1/auth/token/revoke"]
    assert either.failure("identity", name="web", token=token, auth_method="token")["kind"] == "authentication"


def test_a_blank_token_cannot_be_revoked(current: Site) -> None:
    assert "token must not be empty" in current.failure("logout", token="\t\t\t")["msg"]


def test_a_revocation_that_fails_is_reported(current: Site) -> None:
    with stub(Reply(400, {"error": "X", "message": "No."})) as server:
        assert current.failure("logout", url=server.url, token="some-token")["kind"] == "validation"


def test_the_caller_is_reported_and_its_session_ended(either: Site) -> None:
    credentials = {
        "universal_auth_client_id": either.client_id,
        "universal_auth_client_secret": either.client_secret,
    }
    by_login = either.ok("caller_info", **credentials)
    assert by_login["identity_id"] == either.ok("caller_info", token=either.token)["identity_id"]
    revoked = [one["path"] for one in either.requests() if one["path"].endswith("/token/revoke")]
    assert len(revoked) == 1, "the login's token, not the given one"
    assert either.ok("identity", name="web")["changed"]


def test_a_session_ends_also_after_a_failure_which_is_what_is_reported(current: Site) -> None:
    login = Reply(200, {"accessToken": "a-token", "expiresIn": 60, "accessTokenMaxTTL": 60, "tokenType": "Bearer"})
    rejected = Reply(400, {"error": "BadRequest", "message": "Not that."})
    credentials = {"universal_auth_client_id": "id", "universal_auth_client_secret": "secret"}
    with stub(login, rejected, Reply(500, {"error": "X", "message": "Nor that."})) as server:
        failure = current.failure("caller_info", url=server.url, retries=0, **credentials)
    assert "Not that." in failure["msg"] and "Nor that." not in failure["msg"]
    assert server.requests[-1].path == "/api/v1/auth/token/revoke"
