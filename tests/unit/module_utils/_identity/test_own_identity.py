# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A task must not delete the identity it is logged in as, nor revoke the method it is logged in with
(server-notes#tokens-die-with-their-method)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site, method_path

ADMIN = "emulator-admin"


def credentials(site: Site) -> dict[str, str]:
    return {"universal_auth_client_id": site.client_id, "universal_auth_client_secret": site.client_secret}


def own_id(site: Site) -> str:
    return str(site.ok("caller_info")["identity_id"])


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("by", ["login", "token"])
def test_the_identity_it_is_logged_in_as(either: Site, by: str, check: bool) -> None:
    login: dict[str, Any] = credentials(either) if by == "login" else {}
    failure = either.failure("identity", name=ADMIN, state="absent", check=check, **login)
    assert failure["kind"] == "conflict" and "logged in as" in failure["msg"]
    assert own_id(either)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("by", ["login", "token"])
def test_the_method_it_is_logged_in_by(either: Site, by: str, check: bool) -> None:
    login: dict[str, Any] = credentials(either) if by == "login" else {}
    options = {"identity_id": own_id(either), "state": "absent", "check": check}
    failure = either.failure("identity_universal_auth", **options, **login)
    assert failure["kind"] == "conflict" and "universal auth would end the session" in failure["msg"]
    assert either.method("universal-auth", str(options["identity_id"]))


def test_another_method_of_its_own_may_go_when_it_is_known_by_which_it_came(current: Site) -> None:
    options = {"identity_id": own_id(current), "state": "absent"}
    current.attach("aws-auth", options["identity_id"])
    assert current.failure("identity_aws_auth", **options)["kind"] == "conflict", (
        "the method of a given token is unknown"
    )
    assert current.ok("identity_aws_auth", **options, **credentials(current))["changed"]


def test_what_was_never_there_is_no_conflict(current: Site) -> None:
    assert not current.ok("identity_azure_auth", identity_id=own_id(current), state="absent")["changed"]


def test_changing_it_is_allowed(either: Site) -> None:
    options = {"identity_id": own_id(either), "access_token_ttl": 3600}
    assert either.ok("identity_universal_auth", **options)["changed"]
    assert either.method("universal-auth", str(options["identity_id"]))["accessTokenTTL"] == 3600


def test_another_s_may_be_revoked(either: Site) -> None:
    identity_id = either.identity()
    either.attach("universal-auth", identity_id)
    assert either.ok("identity_universal_auth", identity_id=identity_id, state="absent")["changed"]
    answer = either.http.get(
        either.url + method_path("universal-auth", identity_id), headers={"Authorization": f"Bearer {either.token}"}
    )
    assert answer.status_code in (400, 404)
