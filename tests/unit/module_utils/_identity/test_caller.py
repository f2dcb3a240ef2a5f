# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The caller and its organisation, from the server or from the access token."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import (
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
