# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""LDAP logins, which are never repeated: each wrong one counts towards a lockout."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site

from .conftest import Neighbour
from .proving import NOBODY, logins, proof, rejection, who

DIRECTORY = {"url": "ldap://directory.example", "bindDN": "cn=reader", "bindPass": "p", "searchBase": "dc=example"}
WRONG = "wrong-password"


@pytest.fixture
def identity_id(current: Site) -> str:
    """An identity that the user `web` may log in as."""
    current.api("POST", "/_emulator/ldap-users", {"username": "web", "password": "right-password"})
    made = current.identity()
    current.attach("ldap-auth", made, **DIRECTORY)
    return made


def test_a_user_logs_in_and_a_stranger_does_not(
    current: Site, identity_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFISICAL_LDAP_USERNAME", "web")
    monkeypatch.setenv("INFISICAL_LDAP_PASSWORD", "right-password")
    monkeypatch.setenv("INFISICAL_LDAP_AUTH_IDENTITY_ID", identity_id)
    assert who(current, "ldap") == identity_id
    current.clear_requests()
    failure = rejection(current, "ldap", ldap_password=WRONG, secrets=(WRONG,))
    assert "Check auth_identity_id, ldap_username and ldap_password." in failure["msg"]
    assert logins(current) == 1


def test_a_lockout_is_reported_and_nothing_is_tried_again(current: Site, identity_id: str) -> None:
    options: dict[str, Any] = {"auth_identity_id": identity_id, "ldap_username": "web"}
    for _attempt in range(3):
        rejection(current, "ldap", ldap_password=WRONG, **options)
    current.clear_requests()
    failure = rejection(current, "ldap", ldap_password="right-password", secrets=("right-password",), **options)
    assert "temporarily locked" in failure["msg"]
    assert logins(current) == 1


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 502, "html": True}, {"status": 500}])
def test_an_answer_that_is_lost_is_not_asked_for_again(
    current: Site, identity_id: str, fault: dict[str, object]
) -> None:
    current.inject(path="ldap-auth/login", **fault)
    failure = current.failure(
        "login", auth_method="ldap", auth_identity_id=identity_id, ldap_username="web", ldap_password=WRONG
    )
    assert failure["msg"].startswith("The login by ldap_auth failed: ")
    assert failure["kind"] in ("network", "server")
    assert logins(current) == 1


def test_what_is_sent(current: Site, recorder: Neighbour) -> None:
    options: dict[str, Any] = {"auth_identity_id": f" {NOBODY}\n", "ldap_username": "web", "ldap_password": "p w "}
    body = proof(current, recorder, "ldap", secrets=("p w ",), **options)
    assert body == {"identityId": NOBODY, "username": "web", "password": "p w "}
