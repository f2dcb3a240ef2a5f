# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Messages claim only what the answers prove: about projects, callers, deletions and rate limits."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.removal import confirm_removal
from tests.conftest import Result, Site
from tests.unit.servers import Reply, Request, Stub

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
PROJECT = {"id": "9b0494f2-339f-4617-ad58-c49dcb2afdfa", "slug": "billing"}
CLAIMS = base64.urlsafe_b64encode(json.dumps({"identityId": ID}).encode()).decode().rstrip("=")
TOKEN = f"e30.{CLAIMS}.x"
ROUTE_MISSING = Reply(404, {"statusCode": 404, "message": "Route GET:/x not found", "error": "Not Found"})
UNKNOWN = Reply(404, {"statusCode": 404, "message": "Project not found", "error": "NotFound"})
FAILED = Reply(500, {"statusCode": 500, "message": "Something went wrong", "error": "InternalServerError"})
NO_TOKEN = Reply(403, {"statusCode": 403, "message": "invalid token", "error": "TokenError"})
DENIED = Reply(403, {"statusCode": 403, "message": "You are not allowed to read", "error": "PermissionDenied"})
HTML = Reply(404, "<html>not here</html>")


class Routed(Stub):
    """A server that selects the reply by the longest matching prefix of the path."""

    routes: dict[str, Reply]

    def reply_to(self, request: Request) -> Reply:
        path = request.path.partition("?")[0]
        return next((self.routes[one] for one in sorted(self.routes, reverse=True) if path.startswith(one)), HTML)


def answered(routes: dict[str, Reply], site: Site, module: str, **options: Any) -> Result:
    with Routed.running() as server:
        server.routes = routes
        return site.run(module, url=server.url, retries=0, **options)


def project_task(routes: dict[str, Reply], site: Site) -> Result:
    options = {"token": TOKEN, "identity_id": ID, "project_slug": "billing", "roles": ["member"]}
    result = answered(routes, site, "project_identity", **options)
    assert result["failed"]
    return result


BY_SLUG = "/api/v1/projects/slug/"
ALL = "/api/v1/projects"


@pytest.mark.parametrize("answer", [FAILED, DENIED])
def test_a_project_that_is_listed_is_not_said_to_be_unseen(current: Site, answer: Reply) -> None:
    result = project_task({BY_SLUG: answer, ALL: Reply(200, {"projects": [PROJECT]})}, current)
    assert result["failure"]["kind"] == {500: "server", 403: "permission"}[answer.status]
    assert "sees no project" not in result["msg"] and "is among those" in result["msg"]
    assert f"answered {answer.status}" in result["msg"]


@pytest.mark.parametrize("listed", [FAILED, DENIED, HTML, Reply(200, {}), Reply(200, {"projects": [1]})])
def test_a_list_that_could_not_be_read_is_not_empty(current: Site, listed: Reply) -> None:
    result = project_task({BY_SLUG: UNKNOWN, ALL: listed}, current)
    assert result["failure"]["kind"] == "not_found"
    assert "It sees: none" not in result["msg"] and "could not be read: " in result["msg"]


def test_a_list_that_is_empty_is_said_to_be(current: Site) -> None:
    assert "It sees: none." in project_task({BY_SLUG: UNKNOWN, ALL: Reply(200, {"projects": []})}, current)["msg"]


@pytest.mark.parametrize(("answer", "kind"), [(FAILED, "server"), (DENIED, "permission")])
def test_without_a_list_a_failure_stays_what_it_is(current: Site, answer: Reply, kind: str) -> None:
    result = project_task({BY_SLUG: answer, ALL: DENIED}, current)
    assert result["failure"]["kind"] == kind and "sees no project" not in result["msg"]


def test_a_server_without_the_routes_is_not_one_without_the_project(current: Site) -> None:
    assert project_task({"/": ROUTE_MISSING}, current)["failure"]["kind"] == "unsupported_by_server"


DETAILS = "/api/v1/identities/details"
OWN = f"/api/v1/identities/{ID}"
MEMBER = Reply(200, {"identity": {"orgId": "o", "identity": {"id": ID, "name": "web"}}})


@pytest.mark.parametrize("details", [ROUTE_MISSING, FAILED])
@pytest.mark.parametrize("own", [MEMBER, DENIED])
def test_a_caller_is_proved_by_another_read(current: Site, details: Reply, own: Reply) -> None:
    result = answered({DETAILS: details, OWN: own}, current, "caller_info", token=TOKEN)
    assert not result.get("failed") and (result["identity_id"], result["organization"]) == (ID, {})


@pytest.mark.parametrize("details", [ROUTE_MISSING, FAILED, HTML])
@pytest.mark.parametrize(
    ("own", "kind"),
    [
        (NO_TOKEN, "authentication"),
        (HTML, "server"),
        (FAILED, "server"),
        (Reply(200, {}), "server"),
        (Reply(200, {"identity": {"identity": {"id": "another"}}}), "server"),
        (ROUTE_MISSING, "unsupported_by_server"),
    ],
)
def test_a_caller_who_is_not_proved_is_none(current: Site, details: Reply, own: Reply, kind: str) -> None:
    result = answered({DETAILS: details, OWN: own}, current, "caller_info", token=TOKEN)
    assert result["failed"] and result["failure"]["kind"] == kind and "another read" in result["msg"]


def test_the_token_of_a_user_is_proved_by_the_list_of_projects(current: Site) -> None:
    listed = {DETAILS: FAILED, ALL: Reply(200, {"projects": []})}
    assert not answered(listed, current, "caller_info", token="user-token").get("failed")
    rejected = answered({DETAILS: FAILED, ALL: NO_TOKEN}, current, "caller_info", token="user-token")
    assert rejected["failure"]["kind"] == "authentication"


def test_on_an_old_server_a_wrong_token_fails(old: Site) -> None:
    assert old.ok("caller_info")["organization"] == {}
    assert old.failure("caller_info", token=old.token[:-6] + "AAAAAA")["kind"] == "authentication"


def test_a_revocation_is_believed_when_it_is_said(current: Site) -> None:
    result = answered({"/api/v1/auth/token/revoke": Reply(200, {})}, current, "logout", token="some-token")
    assert result["failed"] and result["failure"]["kind"] == "server" and "may still work" in result["msg"]


def unread() -> Any:
    raise InfisicalError("network", "No answer.")


@pytest.mark.parametrize(
    ("body", "left", "kind"),
    [
        ({"thing": {"id": "x"}}, unread, None),
        ({}, lambda: None, None),
        ({}, lambda: {"id": "x"}, "server"),
        ({"thing": None}, lambda: {"id": "x"}, "server"),
        ({"message": "ok"}, unread, "network"),
    ],
)
def test_a_removal_is_seen_in_the_answer_or_by_a_read(body: dict[str, Any], left: Any, kind: str | None) -> None:
    answer = Answer(body, "DELETE", "/x")
    if kind is None:
        confirm_removal(answer, "thing", "thing", left)
        return
    with pytest.raises(InfisicalError) as failed:
        confirm_removal(answer, "thing", "thing", left)
    assert failed.value.kind == kind and "does not contain the thing" in str(failed.value)


@pytest.mark.parametrize(
    ("status", "headers"), [(500, {"retry-after": "42", "x-ratelimit-remaining": "0"}), (429, {"retry-after": "42"})]
)
def test_a_rate_limit_says_when_to_come_again(current: Site, status: int, headers: dict[str, str]) -> None:
    body = {"statusCode": status, "message": "Something went wrong", "error": "InternalServerError"}
    result = answered({"/": Reply(status, body, headers)}, current, "caller_info", token=TOKEN)
    assert result["failure"]["kind"] == "rate_limited"
    assert "rate limit" in result["msg"] and "42 s" in result["msg"]
