# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client secrets: one valid one by its description, renewed in time, told once, and never lost on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Result, Site, Time, method_path, task_of

MODULE = "identity_client_secret"
HOUR = 3600
LOSSES: dict[str, dict[str, Any]] = {
    "connection": {"drop": "after"},
    "bad-gateway": {"status": 502, "html": True, "after": True},
    "gateway-timeout": {"status": 504, "after": True},
    "page": {"status": 200, "html": True, "after": True},
}


@pytest.fixture
def owner(either: Site) -> str:
    """An identity with universal auth."""
    identity_id = either.identity()
    either.attach("universal-auth", identity_id)
    return identity_id


def listed(site: Site, identity_id: str) -> list[dict[str, Any]]:
    """The secrets that are not revoked, oldest first."""
    answer = site.api("GET", f"{method_path('universal-auth', identity_id)}/client-secrets")
    found: list[dict[str, Any]] = sorted(answer["clientSecretData"], key=lambda one: one["createdAt"])
    return found


def made(site: Site, identity_id: str, **wire: Any) -> str:
    """Makes a secret by the API; answers its id."""
    answer = site.api("POST", f"{method_path('universal-auth', identity_id)}/client-secrets", wire)
    return str(answer["clientSecretData"]["id"])


def logs_in(site: Site, result: Result) -> bool:
    body = {"clientId": result["client_id"], "clientSecret": result["client_secret"]}
    return site.http.post(f"{site.url}/api/v1/auth/universal-auth/login", json=body).status_code == 200


def unchanged(site: Site, **options: Any) -> Result:
    site.clear_requests()
    result = site.ok(MODULE, **options)
    assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})
    assert site.counts()["writes"] == 0 and "client_secret" not in result
    return result


def test_a_secret_is_made_once_and_told_once(either: Site, owner: str) -> None:
    options = {"identity_id": owner, "description": "app", "ttl": HOUR, "num_uses_limit": 5}
    checked = either.ok(MODULE, check=True, **options)
    assert checked["changed"] and not listed(either, owner)
    assert not {"client_secret", "client_secret_id"} & checked.keys()
    result = either.ok(MODULE, **options)
    assert (result["changed"], result["diff"]) == (checked["changed"], checked["diff"])
    assert task_of(MODULE).holds_a_secret(result) and not task_of(MODULE).holds_a_secret(checked)
    (only,) = listed(either, owner)
    assert only["id"] == result["client_secret_id"]
    assert (only["clientSecretTTL"], only["clientSecretNumUsesLimit"]) == (HOUR, 5)
    assert logs_in(either, result)
    again = unchanged(either, **options)
    assert (again["client_secret_id"], again["client_id"]) == (result["client_secret_id"], result["client_id"])
    assert result["client_secret"] not in json.dumps([again, either.state()["client_secrets"]])


def test_others_descriptions_are_none_of_its_business(either: Site, owner: str) -> None:
    others = {made(either, owner, description=text) for text in ("App", "app 2", "", "ap")}
    ours = either.ok(MODULE, identity_id=owner, description=" app ")["client_secret_id"]
    assert {one["id"] for one in listed(either, owner)} == others | {ours}
    assert either.ok(MODULE, identity_id=owner, description="app", state="absent")["changed"]
    assert {one["id"] for one in listed(either, owner)} == others
    unchanged(either, identity_id=owner, description="app", state="absent")


def test_a_secret_is_renewed_before_it_ends_and_the_old_one_goes_after_the_overlap(either: Site, owner: str) -> None:
    options = {"identity_id": owner, "description": "app", "ttl": 10 * HOUR, "renew_before": HOUR, "overlap": 2 * HOUR}
    first = either.ok(MODULE, **options)
    either.advance_clock(8.9 * HOUR)
    unchanged(either, **options)
    either.advance_clock(0.2 * HOUR)
    assert either.ok(MODULE, check=True, **options)["changed"]
    second = either.ok(MODULE, **options)
    assert second["changed"] and second["client_secret_id"] != first["client_secret_id"]
    assert len(listed(either, owner)) == 2 and logs_in(either, first) and logs_in(either, second)
    assert unchanged(either, **options)["client_secret_id"] == second["client_secret_id"]
    either.advance_clock(2.1 * HOUR)
    third = either.ok(MODULE, **options)
    assert third["changed"] and third["client_secret_id"] == second["client_secret_id"]
    assert [one["id"] for one in listed(either, owner)] == [second["client_secret_id"]]
    unchanged(either, **options)


def test_without_an_overlap_the_old_one_ends_by_itself(either: Site, owner: str) -> None:
    options = {"identity_id": owner, "description": "app", "ttl": 2 * HOUR, "renew_before": HOUR}
    either.ok(MODULE, **options)
    either.advance_clock(1.5 * HOUR)
    either.ok(MODULE, **options)
    assert len(listed(either, owner)) == 2
    unchanged(either, **options)


@pytest.mark.parametrize("end", ["expired", "used-up"])
def test_what_no_longer_works_is_replaced_and_revoked(either: Site, owner: str, end: str) -> None:
    """The server lists it as if it were alive until somebody tries it (quirks.md §10)."""
    options = {"identity_id": owner, "description": "app", "ttl": HOUR, "num_uses_limit": 1}
    first = either.ok(MODULE, **options)
    if end == "expired":
        either.advance_clock(HOUR + 2)
    else:
        assert logs_in(either, first)
    second = either.ok(MODULE, **options)
    assert second["changed"] and second["client_secret_id"] != first["client_secret_id"]
    assert [one["id"] for one in listed(either, owner)] == [second["client_secret_id"]]
    assert logs_in(either, second)


def test_the_newest_of_several_is_the_one(either: Site, owner: str) -> None:
    made(either, owner, description="app")
    either.advance_clock(1)
    newest = made(either, owner, description="app")
    assert unchanged(either, identity_id=owner, description="app")["client_secret_id"] == newest
    result = either.ok(MODULE, identity_id=owner, description="app", state="absent")
    assert len(result["diff"]["before"]["app"]) == 2 and not listed(either, owner)


def test_another_lifetime_than_declared_is_warned_of_and_waits_for_the_renewal(either: Site, owner: str) -> None:
    assert logs_in(either, either.ok(MODULE, identity_id=owner, description="app", ttl=HOUR))
    result = unchanged(either, identity_id=owner, description="app", ttl=2 * HOUR, num_uses_limit=3)
    (warning,) = result["warnings"]
    assert "another ttl and num_uses_limit than declared" in warning and "renew: now" in warning


@pytest.mark.parametrize("check", [True, False])
def test_without_universal_auth_there_is_none(either: Site, check: bool) -> None:
    options = {"identity_id": either.identity(), "description": "app", "check": check}
    failure = either.failure(MODULE, **options)
    assert failure["kind"] == "not_found" and "identity_universal_auth" in failure["msg"]
    unchanged(either, state="absent", **options)


def test_of_an_unknown_identity_there_is_none(either: Site) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for state in ("present", "absent"):
        assert either.failure(MODULE, identity_id=nobody, description="app", state=state)["kind"] == "not_found"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"description": " "}, "description must not be empty"),
        ({"description": "x" * 256}, "description must be at most 255 characters, got 256"),
        ({"ttl": -1}, "ttl must be 0 to 315360000 seconds, got -1"),
        ({"num_uses_limit": -1}, "num_uses_limit must be 0 to 9007199254740991 uses, got -1"),
        ({"ttl": 60, "renew_before": 60}, "renew_before 60 must be below ttl 60"),
        ({"overlap": -5}, "overlap must be 0 to 315360000 seconds, got -5"),
    ],
)
def test_bad_options(either: Site, options: dict[str, Any], words: str) -> None:
    failure = either.failure(MODULE, identity_id="x", **{"description": "app", **options})
    assert failure["kind"] == "validation" and words in failure["msg"] and "identity_id must be" in failure["msg"]
    assert not either.requests()


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_secret_whose_answer_was_lost_is_revoked_and_another_is_told(
    either: Site, owner: str, waits: Time, loss: str, times: int
) -> None:
    """It would be taken for the valid one at every later run, and nobody would know it."""
    either.inject(method="POST", path="client-secrets$", times=times, **LOSSES[loss])
    result = either.run(MODULE, identity_id=owner, description="app")
    if times == 1:
        assert not result.get("failed"), result["msg"]
        assert [one["id"] for one in listed(either, owner)] == [result["client_secret_id"]]
        assert logs_in(either, result)
    else:
        assert result["failed"] and not listed(either, owner)
        assert either.ok(MODULE, identity_id=owner, description="app")["client_secret"]


def test_a_secret_that_was_never_made_is_a_failure(either: Site, owner: str, waits: Time) -> None:
    either.inject(method="POST", path="client-secrets$", drop="before")
    assert either.failure(MODULE, identity_id=owner, description="app")["kind"] == "network"
    assert not listed(either, owner) and sum(waits.slept) <= 5


def test_a_secret_that_may_not_be_made_is_a_failure_without_a_second_look(either: Site, owner: str) -> None:
    either.inject(
        method="POST", path="client-secrets$", status=403, body={"error": "PermissionDenied", "message": "No"}
    )
    either.clear_requests()
    assert either.failure(MODULE, identity_id=owner, description="app")["kind"] == "permission"
    assert [request["method"] for request in either.requests()][-1] == "POST"


def test_a_revocation_whose_answer_was_lost_is_repeated(either: Site, owner: str, waits: Time) -> None:
    made(either, owner, description="app")
    either.inject(method="POST", path="/revoke", drop="after")
    assert either.ok(MODULE, identity_id=owner, description="app", state="absent")["changed"]
    assert not listed(either, owner)


def test_a_revocation_that_fails_does_not_cost_the_new_secret(either: Site, owner: str, waits: Time) -> None:
    options = {"identity_id": owner, "description": "app", "ttl": HOUR}
    either.ok(MODULE, **options)
    either.advance_clock(HOUR + 2)
    refusal = {"error": "PermissionDenied", "message": "No."}
    either.inject(method="POST", path="/revoke", times=9, status=403, body=refusal)
    result = either.ok(MODULE, **options)
    assert logs_in(either, result) and "could not be revoked" in result["warnings"][0]
