# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The organisation of the caller, identities by name, and the failures if there is none or more than one."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity import lookup
from ansible_collections.machineid.infisical.plugins.module_utils._identity.lookup import (
    identity_id_of,
    memberships,
    only_identity_named,
    organization_of_caller,
    own_identity_id,
    token_payload,
)
from tests.conftest import Site, Time
from tests.unit.servers import Reply, stub


def client(site: Site) -> Client:
    time = Time()
    return Client(Server(site.url, retries=0), site.token, clock=time.now, sleep=time.sleep)


def jwt(**claims: Any) -> str:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"x.{part}.x"


def test_the_organisation_is_the_callers_own(either: Site) -> None:
    """2024-10 has no route for it, so it is read from the caller's own identity
    (server-notes#organization-of-the-caller)."""
    assert organization_of_caller(client(either)) == either.organization_id


def test_a_user_s_token_reports_its_organisation_itself() -> None:
    rejection = Reply(403, {"error": "ForbiddenError", "message": "Invalid auth token type"})
    with stub(rejection) as server:
        token = jwt(userId="u", organizationId="o-1")
        assert organization_of_caller(Client(Server(server.url), token)) == "o-1"


@pytest.mark.parametrize("token", ["no-jwt", "a.b.c", "", jwt(userId="u"), "x.W10.x"])
def test_an_organisation_that_nothing_reports_is_asked_for(token: str) -> None:
    rejection = Reply(403, {"error": "ForbiddenError", "message": "Invalid auth token type", "reqId": "req-9"})
    with stub(rejection) as server, pytest.raises(InfisicalError) as raised:
        organization_of_caller(Client(Server(server.url), token))
    assert raised.value.kind == "permission" and raised.value.request_id == "req-9"
    assert "Give organization_id" in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(401, {"error": "UnauthorizedError", "message": "Token missing"}), "authentication"),
        (Reply(429, {"error": "RateLimitExceeded", "message": "Wait"}), "rate_limited"),
        (Reply(hang_up=True), "network"),
    ],
)
def test_a_failure_that_has_nothing_to_do_with_the_organisation_stays_what_it_is(reply: Reply, kind: str) -> None:
    with stub(reply) as server, pytest.raises(InfisicalError) as raised:
        organization_of_caller(Client(Server(server.url, retries=0), jwt(identityId="i")))
    assert raised.value.kind == kind and len(server.requests) == 1


@pytest.mark.parametrize(
    ("token", "claims"),
    [(jwt(identityId="i"), {"identityId": "i"}), ("st.1.2", {}), ("a.b", {}), ("a.é.c", {}), ("x.bnVsbA.x", {})],
)
def test_what_a_token_says_of_itself(token: str, claims: dict[str, Any]) -> None:
    assert token_payload(token) == claims


def test_the_caller_is_known_from_the_token(either: Site) -> None:
    own = own_identity_id(client(either))
    assert own and either.api("GET", f"/api/v1/identities/{own}")["identity"]["identity"]["name"] == "emulator-admin"
    assert own_identity_id(Client(Server(either.url))) is None


def test_a_name_is_matched_whole_and_by_case(either: Site) -> None:
    wanted = either.identity("web")
    for other in ("Web", "web-2", "my web", "we"):
        either.identity(other)
    found = only_identity_named(client(either), either.organization_id, "web")
    assert found is not None and found["identity"]["id"] == wanted
    assert only_identity_named(client(either), either.organization_id, "eb") is None


@pytest.mark.parametrize("name", ["a&b=c", "50%", "a/b", "ü ß", "a+b", "#1", "a_b", "x'y\"z"])
def test_any_character_can_be_part_of_a_name(either: Site, name: str) -> None:
    wanted = either.identity(name)
    assert identity_id_of(client(either), None, name) == wanted


def test_several_of_one_name_are_listed_and_none_is_guessed(either: Site) -> None:
    ids = sorted(either.identity("web") for _turn in range(3))
    with pytest.raises(InfisicalError) as raised:
        only_identity_named(client(either), either.organization_id, "web")
    assert raised.value.kind == "conflict"
    assert f"3 identities are named 'web': {', '.join(ids)}." in str(raised.value)
    assert "identity_id" in str(raised.value)


def test_duplicates_get_a_moment_to_agree_on_one_of_them(either: Site) -> None:
    """It is common that ten hosts of a play create the same identity at the same time."""
    ids = [either.identity("web") for _turn in range(2)]
    one = client(either)

    def agree(seconds: float) -> None:
        assert 0 < seconds < 1
        either.api("DELETE", f"/api/v1/identities/{ids[1]}")

    one.sleep = agree
    assert identity_id_of(one, either.organization_id, "web") == ids[0]


def test_a_name_nobody_has_is_reported_with_what_is_near(either: Site) -> None:
    either.identity("billing-api")
    either.identity("unrelated")
    with pytest.raises(InfisicalError) as raised:
        identity_id_of(client(either), either.organization_id, "biling-api")
    text = str(raised.value)
    assert raised.value.kind == "not_found"
    assert "'biling-api'" in text and "There is 'billing-api'." in text and "unrelated" not in text


def test_a_name_like_no_other_gets_no_hint(either: Site) -> None:
    with pytest.raises(InfisicalError) as raised:
        identity_id_of(client(either), either.organization_id, "zzz")
    assert "There is" not in str(raised.value)


def test_all_pages_are_read(either: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "PAGE", 2)
    for number in range(5):
        either.identity(f"one-{number}")
    either.clear_requests()
    found = memberships(client(either), either.organization_id, "one-")
    assert [one["identity"]["name"] for one in found] == [f"one-{number}" for number in range(5)]
    assert either.counts()["GET"] == 3


def test_a_list_that_ends_early_does_not_go_on_for_ever() -> None:
    """If identities are deleted while the pages are read, the total is never reached."""
    found = {"identityMemberships": [{"identity": {"id": "1", "name": "a"}}], "totalCount": 9}
    with stub(Reply(200, found), Reply(200, {"identityMemberships": [], "totalCount": 9})) as server:
        assert len(memberships(Client(Server(server.url)), "o")) == 1
    assert len(server.requests) == 2
