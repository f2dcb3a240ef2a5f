# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every way in which a server rejects a request or does not answer: the kind, the instruction, and no secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import ADVICE
from tests.conftest import Result, Site, Time
from tests.unit.servers import Authority, Reply, closed_port, stub

NOBODY = "00000000-0000-4000-8000-000000000000"
WRONG = "wr0ng-s3cret"
AWS = "identity_aws_auth"


def message_of(failure: Result, kind: str, *secrets: str) -> str:
    """Checks what all failures have in common, and returns the message."""
    text = json.dumps(failure)
    assert failure["kind"] == kind, failure["msg"]
    assert not [secret for secret in secrets if secret in text]
    assert failure["msg"].endswith(".") and len(failure["msg"]) > len(ADVICE[kind]) // 2
    assert set(failure) == {"msg", "kind", "status", "error", "message", "request_id"}
    return str(failure["msg"])


def login(site: Site, **options: Any) -> dict[str, Any]:
    credentials = {"universal_auth_client_id": site.client_id, "universal_auth_client_secret": site.client_secret}
    return {**credentials, **options}


def test_nothing_to_log_in_with(either: Site) -> None:
    message = message_of(either.failure(AWS, identity_id=NOBODY, auth_method="universal_auth"), "authentication")
    assert "universal_auth_client_id and universal_auth_client_secret" in message
    assert not either.requests()


@pytest.mark.parametrize(
    "options", [{"universal_auth_client_secret": WRONG}, {"universal_auth_client_id": NOBODY}], ids=["secret", "id"]
)
def test_wrong_credentials(either: Site, options: dict[str, str]) -> None:
    """An unknown client id causes a 404 on 2024-10 (server-notes#rejected-logins), and is nevertheless a failed
    login."""
    failure = either.failure(AWS, identity_id=NOBODY, **login(either, **options))
    message = message_of(failure, "authentication", either.client_secret, WRONG)
    assert "universal_auth_client_id" in message and "universal_auth_client_secret" in message
    assert either.counts()["total"] == 1


def test_a_login_that_is_locked(current: Site) -> None:
    for _turn in range(4):
        failure = current.failure(AWS, identity_id=NOBODY, **login(current, universal_auth_client_secret=WRONG))
    assert "temporarily locked" in message_of(failure, "authentication", WRONG)


@pytest.mark.parametrize("token", ["no-jwt-at-all", "a.b.c"])
def test_a_token_that_is_none(either: Site, token: str) -> None:
    message = message_of(either.failure(AWS, identity_id=NOBODY, token=token), "authentication", token)
    assert "log in again" in message


def test_a_token_that_has_expired(either: Site) -> None:
    """Answered with 401 or 403, depending on the release and on what has expired (server-notes#ended-tokens,
    server-notes#rejected-tokens)."""
    identity_id = either.identity()
    token = either.caller("admin", accessTokenTTL=60, accessTokenMaxTTL=120)
    either.advance_clock(90)
    assert "log in again" in message_of(
        either.failure(AWS, identity_id=identity_id, token=token), "authentication", token
    )
    either.advance_clock(90)
    assert "log in again" in message_of(
        either.failure(AWS, identity_id=identity_id, token=token), "authentication", token
    )


def test_a_token_that_is_used_up(either: Site) -> None:
    token = either.caller("admin", accessTokenNumUsesLimit=1)
    identity_id = either.identity()
    assert either.ok(AWS, check=True, identity_id=identity_id, token=token, state="absent")
    message_of(either.failure(AWS, identity_id=identity_id, token=token), "authentication", token)


@pytest.mark.parametrize("module", [AWS, "identity"])
@pytest.mark.parametrize("check", [True, False])
def test_no_permission(either: Site, module: str, check: bool) -> None:
    identity_id = either.identity()
    token = either.caller("no-access")
    options = {"role": "member"} if module == "identity" else {}
    failure = either.failure(module, check=check, identity_id=identity_id, token=token, **options)
    # An unprivileged caller sees that a method is not attached before it sees a 403 (server-notes#order-of-the-checks).
    assert "role that allows this" in message_of(failure, "permission", token)


def test_no_permission_to_write(either: Site) -> None:
    identity_id = either.identity()
    either.attach("aws-auth", identity_id)
    # A member is allowed to do that, so this needs a role that can only read.
    rules = [{"action": "read", "subject": "identity"}]
    either.http.post(f"{either.url}/_emulator/roles", json={"slug": "reader", "permissions": rules})
    token = either.caller("reader")
    before = either.method("aws-auth", identity_id)
    failure = either.failure(AWS, identity_id=identity_id, token=token, access_token_ttl=60)
    message_of(failure, "permission", token)
    assert (failure["status"], failure["error"]) == (403, "PermissionDenied")
    assert either.method("aws-auth", identity_id) == before


@pytest.mark.parametrize("options", [{"name": "web", "role": "admin"}, {"name": "mighty", "state": "absent"}], ids=str)
def test_what_is_above_the_rights_of_the_caller(either: Site, options: dict[str, Any]) -> None:
    """A member can create and delete identities, but none with more permissions than itself."""
    either.identity("mighty", role="admin")
    token = either.caller("member")
    failure = either.failure("identity", token=token, **options)
    message_of(failure, "permission", token)
    assert failure["status"] == 403 and failure["error"] in ("ForbiddenError", "PermissionBoundaryError")
    names = {one["name"] for one in either.state()["identities"]}
    assert "mighty" in names and "web" not in names
    assert either.ok("identity", token=token, name="web")["changed"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_identity_that_is_not_there(either: Site, state: str, check: bool) -> None:
    message = message_of(either.failure(AWS, check=check, identity_id=NOBODY, state=state), "not_found")
    assert f"Identity {NOBODY} does not exist." in message and either.counts()["writes"] == 0


def test_an_id_without_an_identity_cannot_be_created(either: Site) -> None:
    for options in ({"name": "web"}, {"role": "member"}, {}):
        message = message_of(either.failure("identity", identity_id=NOBODY, **options), "not_found")
        assert f"Identity {NOBODY} does not exist." in message and "omit identity_id" in message
    assert not either.ok("identity", identity_id=NOBODY, state="absent")["changed"]


def test_an_identity_of_another_organisation(either: Site) -> None:
    foreign = next(one["id"] for one in either.state()["identities"] if one["name"] == "foreign-identity")
    message_of(either.failure("identity", identity_id=foreign, role="member"), "permission")


def test_a_role_that_is_not_there(either: Site) -> None:
    message = message_of(either.failure("identity", name="web", role="nobody-has-this"), "not_found")
    assert "role" in message.lower()
    assert "web" not in [one["name"] for one in either.state()["identities"]]


def test_a_protected_identity(current: Site) -> None:
    current.ok("identity", name="web", delete_protection=True)
    for check in (True, False):
        message = message_of(current.failure("identity", name="web", state="absent", check=check), "conflict")
        assert "delete_protection: false" in message
    current.ok("identity", name="web", delete_protection=False)
    assert current.ok("identity", name="web", state="absent")["changed"]


def test_a_field_the_release_does_not_have(old: Site) -> None:
    message = message_of(old.failure("identity", name="web", delete_protection=True), "unsupported_by_server")
    assert "delete_protection" in message and "removed again" in message
    assert "web" not in [one["name"] for one in old.state()["identities"]]
    assert old.ok("identity", name="web", delete_protection=False)["changed"]
    identity_id = old.identity("other")
    failure = old.failure("identity_universal_auth", identity_id=identity_id, lockout_enabled=True)
    assert "lockout_enabled" in message_of(failure, "unsupported_by_server")
    assert old.method("universal-auth", identity_id) is None


def test_a_plan_without_custom_roles(free: Site) -> None:
    free.http.post(f"{free.url}/_emulator/roles", json={"slug": "deployer"})
    assert "Upgrade" in message_of(free.failure("identity", name="web", role="deployer"), "plan")


def test_a_host_that_does_not_answer(current: Site, waits: Time) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    message = message_of(current.failure(AWS, identity_id=NOBODY, url=url, retries=2), "network", current.token)
    assert url in message and "firewalls" in message and len(waits.slept) == 2


def test_a_certificate_nobody_trusts(current: Site, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with stub(context=authority.context(authority.issue("host"))) as server:
        failure = current.failure(AWS, identity_id=NOBODY, url=server.url)
        message = message_of(failure, "tls", current.token)
        assert "ca_path" in message and not server.requests
        other = current.failure(AWS, identity_id=NOBODY, url=server.url, ca_path=str(authority.path))
        assert other["kind"] != "tls" and server.requests


@pytest.mark.parametrize("status", [200, 403, 404, 500, 502])
def test_a_page_instead_of_json(current: Site, waits: Time, status: int) -> None:
    with stub(Reply(status, "<html>Please sign in</html>")) as server:
        failure = current.failure(AWS, identity_id=NOBODY, url=server.url)
    message = message_of(failure, failure["kind"], current.token)
    assert "text/html instead of JSON" in message and "Please sign in" not in message
    assert failure["kind"] == ("permission" if status == 403 else "server")
    if status in (200, 404):
        assert "`url`" in message


@pytest.mark.parametrize("reply", [Reply(404, "<html></html>"), Reply(404, {"detail": "Not Found"}), Reply(400, "")])
@pytest.mark.parametrize("module", [AWS, "identity"])
def test_a_404_of_another_server_is_not_absence(current: Site, module: str, reply: Reply) -> None:
    with stub(reply) as server:
        failure = current.failure(module, url=server.url, identity_id=NOBODY, state="absent")
    assert "`url`" in message_of(failure, "server", current.token)


@pytest.mark.parametrize("body", [{}, {"ok": True}, [], None, 5], ids=json.dumps)
@pytest.mark.parametrize(
    ("module", "options"),
    [
        pytest.param(AWS, {"identity_id": NOBODY}, id="method"),
        pytest.param(AWS, {"identity_name": "web"}, id="method-by-name"),
        pytest.param("identity", {"name": "web"}, id="identity"),
        pytest.param("identity", {"identity_id": NOBODY}, id="identity-by-id"),
        pytest.param("login", {"universal_auth_client_id": "a", "universal_auth_client_secret": "b"}, id="login"),
    ],
)
def test_json_of_another_server(current: Site, waits: Time, body: Any, module: str, options: dict[str, Any]) -> None:
    """Another service answers at this address: a failure, not a traceback."""
    with stub(Reply(200, body)) as server:
        failure = current.failure(module, url=server.url, **options)
    assert failure["kind"] == "server" and "`url`" in message_of(failure, "server", current.token)


def test_a_release_that_hides_its_rate_limit_in_a_500(sites: Callable[..., Site], waits: Time) -> None:
    site = sites(profile="2024-10", read_limit=3)
    identity_id = site.identity()
    site.attach("aws-auth", identity_id)
    waits.meanwhile = site.advance_clock
    for _turn in range(9):
        assert not site.ok(AWS, identity_id=identity_id)["changed"]
    assert len(waits.slept) == 2 and all(0 < one <= 60 for one in waits.slept)


def test_a_rate_limit_is_waited_for_and_no_longer(sites: Callable[..., Site], waits: Time) -> None:
    site = sites(profile="current", write_limit=2, limit_window=30)
    identity_id = site.identity()
    waits.meanwhile = site.advance_clock
    for ttl in range(60, 65):
        assert site.ok(AWS, identity_id=identity_id, access_token_ttl=ttl)["changed"]
    assert site.method("aws-auth", identity_id)["accessTokenTTL"] == 64
    assert waits.slept and sum(waits.slept) <= 30 * 3


def test_a_rate_limit_without_retries(sites: Callable[..., Site], waits: Time) -> None:
    site = sites(profile="current", read_limit=1)
    identity_id = site.identity()
    site.ok(AWS, identity_id=identity_id, state="absent")
    failure = site.failure(AWS, identity_id=identity_id, retries=0)
    assert "later" in message_of(failure, "rate_limited") and failure["status"] == 429 and not waits.slept


ESCAPES = "\x1b[31m\x1b]0;owned\x07\x9b2J\u202e\r\n"


def test_control_characters_of_a_server_do_not_reach_messages_warnings_or_headers(current: Site) -> None:
    """They would move the cursor, change colours or overwrite text in the terminal."""
    name = f"web{ESCAPES}x"
    world = current.service.world
    identity_id = current.identity("web")
    world.identities[identity_id].name = name
    current.attach("aws-auth", identity_id)
    texts: list[str] = []
    declared = {"identity_id": identity_id, "aws_auth": {"access_token_ttl": 60}}
    result = current.ok("identities", identities=[declared])
    texts += result.get("warnings", []) + [result["diff"][0]["before_header"], result["diff"][0]["after_header"]]
    world.identities[identity_id].name = "web"
    current.inject(
        method="GET", path="aws-auth", status=403, body={"error": ESCAPES, "message": ESCAPES, "reqId": ESCAPES}
    )
    failure = current.failure(AWS, identity_id=identity_id)
    texts += [failure["msg"], str(failure["message"]), str(failure["error"]), str(failure["request_id"])]
    assert any("web" in one for one in texts) and all(one.isprintable() for one in texts)
