# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client secrets: one valid secret per description, renewed in time, returned only once, and never lost."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.file import (
    CLIENT_ID,
    CLIENT_SECRET,
    URL,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import Result, Site, Time, method_path, task_of

MODULE = "identity_client_secret"
HOUR = 3600
NOBODY = "00000000-0000-4000-8000-000000000000"
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
    """Returns the secrets that are not revoked, oldest first."""
    answer = site.api("GET", f"{method_path('universal-auth', identity_id)}/client-secrets")
    found: list[dict[str, Any]] = sorted(answer["clientSecretData"], key=lambda one: one["createdAt"])
    return found


def made(site: Site, identity_id: str, **wire: Any) -> str:
    """Creates a secret with the API. Returns its id."""
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


def test_a_secret_is_made_once_and_returned_once(either: Site, owner: str) -> None:
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
    """The server lists it as if it worked until somebody uses it (server-notes#dead-client-secrets)."""
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
    assert "cannot change its ttl and num_uses_limit" in warning and "renew: now" in warning


@pytest.mark.parametrize("check", [True, False])
def test_without_universal_auth_there_is_none(either: Site, check: bool) -> None:
    options = {"identity_id": either.identity(), "description": "app", "check": check}
    failure = either.failure(MODULE, **options)
    assert failure["kind"] == "not_found" and "identity_universal_auth" in failure["msg"]
    unchanged(either, state="absent", **options)


def test_of_an_unknown_identity_there_is_none(either: Site) -> None:
    for state in ("present", "absent"):
        assert either.failure(MODULE, identity_id=NOBODY, description="app", state=state)["kind"] == "not_found"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"description": " "}, "description must not be empty"),
        ({"description": "x" * 256}, "description must be at most 255 characters, got 256"),
        ({"ttl": -1}, "ttl must be 0 to 315360000 seconds, got -1"),
        ({"num_uses_limit": -1}, "num_uses_limit must be 0 to 9007199254740991 uses, got -1"),
        ({"ttl": 60, "renew_before": 60}, "renew_before 60 must be less than ttl 60"),
        ({"overlap": -5}, "overlap must be 0 to 315360000 seconds, got -5"),
    ],
)
def test_bad_options(either: Site, options: dict[str, Any], words: str) -> None:
    failure = either.failure(MODULE, identity_id="x", **{"description": "app", **options})
    assert failure["kind"] == "validation" and words in failure["msg"] and "identity_id must be" in failure["msg"]
    assert not either.requests()


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_secret_whose_answer_was_lost_is_revoked_and_another_is_reported(
    either: Site, owner: str, waits: Time, loss: str, times: int
) -> None:
    """Later runs would accept it as the valid one, but nobody would have it."""
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
    rejection = {"error": "PermissionDenied", "message": "No."}
    either.inject(method="POST", path="/revoke", times=9, status=403, body=rejection)
    result = either.ok(MODULE, **options)
    assert logs_in(either, result) and "could not be revoked" in result["warnings"][0]


def in_file(dest: Path) -> Result:
    """Returns what a workload reads from the file, in the form of a result."""
    lines = dict(line.split("=", 1) for line in dest.read_text().splitlines())
    assert list(lines) == [URL, CLIENT_ID, CLIENT_SECRET]
    return {"url": lines[URL], "client_id": lines[CLIENT_ID], "client_secret": lines[CLIENT_SECRET]}


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "app.env"


def test_a_secret_is_delivered_to_its_file_and_is_in_no_result(either: Site, owner: str, dest: Path) -> None:
    options = {"identity_id": owner, "description": "app", "dest": str(dest)}
    checked = either.ok(MODULE, check=True, **options)
    assert checked["changed"] and checked["created"] and not list(dest.parent.iterdir())
    result = either.ok(MODULE, registered=False, **options)
    assert (result["changed"], result["created"]) == (True, True)
    assert not task_of(MODULE).holds_a_secret(result) and result["diff"] == checked["diff"]
    assert logs_in(either, in_file(dest)) and stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert in_file(dest)["url"] == either.url and in_file(dest)["client_secret"] not in json.dumps(result)
    assert [one["id"] for one in listed(either, owner)] == [result["client_secret_id"]]
    before = dest.stat()
    again = unchanged(either, registered=False, **options)
    assert dest.stat() == before and "warnings" not in again and not again["created"]
    assert again["client_secret_id"] == result["client_secret_id"]


@pytest.mark.parametrize("loss", ["deleted", "other", "emptied", "other-client"])
def test_what_its_file_does_not_hold_is_made_again(either: Site, owner: str, dest: Path, loss: str) -> None:
    options = {"identity_id": owner, "description": "app", "dest": str(dest), "overlap": 60}
    first = either.ok(MODULE, **options)
    if loss == "deleted":
        dest.unlink()
    elif loss == "emptied":
        dest.write_text("")
    else:
        held = in_file(dest)["client_id" if loss == "other-client" else "client_secret"]
        dest.write_text(dest.read_text().replace(held, f"0{held[:-1]}"))
    checked = either.ok(MODULE, check=True, **options)
    assert checked["created"] and first["client_secret_id"] in checked["warnings"][0]
    second = either.ok(MODULE, **options)
    assert second["changed"] and logs_in(either, in_file(dest))
    assert len(listed(either, owner)) == 2, "the old one works until the overlap is over"
    unchanged(either, **options)
    either.advance_clock(61)
    assert either.ok(MODULE, **options)["changed"]
    assert [one["id"] for one in listed(either, owner)] == [second["client_secret_id"]]


def test_a_secret_in_a_file_is_renewed_and_the_old_one_goes_after_the_overlap(
    either: Site, owner: str, dest: Path
) -> None:
    options = {"identity_id": owner, "description": "app", "dest": str(dest), "ttl": 1000, "renew_before": 100}
    first = either.ok(MODULE, overlap=50, **options)
    either.advance_clock(910)
    second = either.ok(MODULE, overlap=50, **options)
    assert second["created"] and len(listed(either, owner)) == 2 and logs_in(either, in_file(dest))
    unchanged(either, overlap=50, **options)
    either.advance_clock(51)
    assert either.ok(MODULE, overlap=50, **options)["diff"]["after"] == {"app": [second["client_secret_id"]]}
    third = either.ok(MODULE, overlap=0, renew="now", **options)
    assert third["created"] and [one["id"] for one in listed(either, owner)] == [third["client_secret_id"]]
    assert first["client_secret_id"] != third["client_secret_id"] and logs_in(either, in_file(dest))


def test_a_file_that_others_can_read_is_warned_of_and_left(either: Site, owner: str, dest: Path) -> None:
    options = {"identity_id": owner, "description": "app", "dest": str(dest)}
    either.ok(MODULE, **options)
    dest.chmod(0o644)
    (warning,) = unchanged(either, **options)["warnings"]
    assert f"chmod 600 {dest}" in warning and stat.S_IMODE(dest.stat().st_mode) == 0o644
    either.ok(MODULE, renew="now", **options)
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600


def test_a_file_that_names_another_server_is_warned_of(either: Site, owner: str, dest: Path) -> None:
    options = {"identity_id": owner, "description": "app", "dest": str(dest)}
    either.ok(MODULE, **options)
    dest.write_text(dest.read_text().replace(either.url, "https://elsewhere.example.com"))
    (warning,) = unchanged(either, **options)["warnings"]
    assert "https://elsewhere.example.com" in warning and either.url in warning


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("module", [MODULE, "identities"])
def test_a_file_that_cannot_be_written_is_rejected_before_the_first_request(
    either: Site, owner: str, dest: Path, module: str, check: bool
) -> None:
    dest.mkdir()
    either.clear_requests()
    secret = {"description": "app", "dest": str(dest)}
    options: dict[str, Any] = {"identity_id": owner, **secret}
    if module == "identities":
        options = {"identities": [{"identity_id": owner, "client_secrets": [secret, {**secret, "description": "b"}]}]}
    failure = either.failure(module, check=check, **options)
    assert failure["kind"] == "validation" and f"dest '{dest}' is a directory" in failure["msg"]
    assert not either.requests()
    assert either.ok(MODULE, check=check, identity_id=owner, state="absent", **secret)


def test_one_file_for_two_secrets_is_rejected(either: Site, dest: Path) -> None:
    (dest.parent / "link").symlink_to(dest.parent)
    identities = [
        {"name": "a", "client_secrets": [{"description": "a", "dest": str(dest)}]},
        {"name": "b", "client_secrets": [{"description": "b", "dest": str(dest.parent / "link" / dest.name)}]},
    ]
    failure = either.failure("identities", identities=identities)
    assert failure["kind"] == "validation" and not either.requests()
    assert (
        "identities[0].client_secrets[0].dest and identities[1].client_secrets[0].dest are the same" in failure["msg"]
    )


def test_an_address_that_no_environment_file_can_hold_is_rejected(either: Site, owner: str, dest: Path) -> None:
    failure = either.failure(
        MODULE, identity_id=owner, description="a", dest=str(dest), url="https://a.example.com/$(id)"
    )
    assert failure["kind"] == "validation" and "plain ASCII without spaces and quotes" in failure["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_a_secret_that_nobody_could_read_is_not_made(either: Site, owner: str, check: bool) -> None:
    options = {"identity_id": owner, "description": "app"}
    failure = either.failure(MODULE, check=check, registered=False, **options)
    assert failure["kind"] == "validation" and "dest" in failure["msg"] and "register" in failure["msg"]
    assert not listed(either, owner)
    either.ok(MODULE, **options)
    unchanged(either, registered=False, check=check, **options)
    assert either.failure(MODULE, registered=False, renew="now", **options)["kind"] == "validation"
    assert either.ok(MODULE, registered=False, state="absent", **options)["changed"]


def test_of_a_fleet_the_one_that_nobody_could_read_is_rejected_before_it_is_made(either: Site, dest: Path) -> None:
    secrets = [{"description": "app", "dest": str(dest)}, {"description": "ci"}]
    desired = {"name": "web", "universal_auth": {}, "client_secrets": secrets}
    result = either.run("identities", identities=[desired], registered=False)
    assert result["failure"]["kind"] == "validation" and "client_secrets[1].dest" in result["msg"]
    assert not [one for one in either.state()["identities"] if one["name"] == "web"]
    desired["client_secrets"] = secrets[:1]
    assert either.ok("identities", identities=[desired], registered=False)["changed"] and logs_in(either, in_file(dest))


def test_one_is_renewed_on_demand(either: Site, owner: str) -> None:
    options = {"identity_id": owner, "description": "app"}
    first = either.ok(MODULE, **options)
    assert either.ok(MODULE, check=True, renew="now", **options)["created"]
    second = either.ok(MODULE, renew="now", **options)
    assert logs_in(either, first) and logs_in(either, second)
    assert second["client_secret_id"] != first["client_secret_id"]
    again = unchanged(either, **options)
    assert again["client_secret_id"] == second["client_secret_id"]
    assert first["client_secret_id"] in again["warnings"][0], "without an overlap it is never revoked"


def test_one_is_revoked_by_its_id(either: Site, owner: str) -> None:
    by_hand = made(either, owner)
    stays = made(either, owner, description="app")
    options = {"identity_id": owner, "state": "absent", "client_secret_id": by_hand.upper()}
    assert either.ok(MODULE, check=True, **options)["changed"] and len(listed(either, owner)) == 2
    result = either.ok(MODULE, **options)
    assert result["changed"] and result["client_secret_id"] == by_hand
    assert [one["id"] for one in listed(either, owner)] == [stays]
    assert unchanged(either, **options)["client_secret_id"] == by_hand
    desired = {"identity_id": owner, "client_secrets": [{"client_secret_id": stays, "state": "absent"}]}
    done = either.ok("identities", identities=[desired])
    assert done["changed"] and not listed(either, owner)
    assert not either.ok("identities", identities=[desired])["changed"]


def test_a_secret_of_another_identity_is_never_revoked(either: Site, owner: str) -> None:
    """The server would allow it (server-notes#client-secrets-of-other-identities)."""
    other = either.identity("other")
    either.attach("universal-auth", other)
    theirs = made(either, other, description="app")
    unchanged(either, identity_id=owner, state="absent", client_secret_id=theirs)
    assert [one["id"] for one in listed(either, other)] == [theirs]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"state": "present", "client_secret_id": NOBODY},
        {"state": "absent", "client_secret_id": NOBODY, "description": "app"},
        {"state": "absent", "client_secret_id": NOBODY, "dest": "/tmp/x"},
    ],
)
def test_options_that_do_not_go_together_are_rejected_by_core(either: Site, options: dict[str, Any]) -> None:
    arguments = either.arguments({"identity_id": NOBODY, **options})
    assert run_in_process(task_of(MODULE), arguments, {}, check_mode=False, diff=False) is None
    fleet = either.arguments({"identities": [{"name": "web", "client_secrets": [options]}]})
    assert run_in_process(task_of("identities"), fleet, {}, check_mode=False, diff=False) is None


def test_a_secret_that_was_never_used_is_warned_of_without_a_file(either: Site, owner: str) -> None:
    options = {"identity_id": owner, "description": "app"}
    result = either.ok(MODULE, **options)
    (warning,) = unchanged(either, **options)["warnings"]
    assert result["client_secret_id"] in warning and "never used" in warning and "renew: now" in warning
    assert logs_in(either, result)
    assert "warnings" not in unchanged(either, **options)


TEXTS = ["", "a1b2\nEVIL=1", "a1b2 c", "a1b2$(id)", "a1b2`id`", "a1b2ä", "a1b2\x1b[31m", "zzzz" * 16, 5, None, ["a1b2"]]


@pytest.mark.parametrize("text", TEXTS, ids=repr)
@pytest.mark.parametrize("filed", [True, False])
def test_a_secret_that_is_none_is_revoked_again(
    either: Site, owner: str, dest: Path, waits: Time, text: Any, filed: bool
) -> None:
    """It would add lines to the file, or be executed by a shell that reads the file."""

    def spoilt(answer: dict[str, Any]) -> dict[str, Any]:
        prefix = answer["clientSecretData"]["clientSecretPrefix"]
        return {**answer, "clientSecret": text.replace("a1b2", prefix) if isinstance(text, str) else text}

    either.inject(method="POST", path="client-secrets$", times=None, spoil=spoilt)
    failure = either.failure(MODULE, identity_id=owner, description="app", **({"dest": str(dest)} if filed else {}))
    assert failure["kind"] == "server" and "clientSecret" in failure["msg"] and "revoked again" in failure["msg"]
    either.service.faults.clear()
    assert not listed(either, owner) and not list(dest.parent.iterdir())


@pytest.mark.parametrize("client_id", ["x\nEVIL=1", "$(id)", "", None, 5], ids=repr)
def test_a_client_id_that_is_none_is_noticed_before_a_secret_is_made(
    either: Site, owner: str, dest: Path, client_id: Any
) -> None:
    def spoilt(answer: dict[str, Any]) -> dict[str, Any]:
        return {"identityUniversalAuth": {**answer["identityUniversalAuth"], "clientId": client_id}}

    desired = {
        "identity_id": owner,
        "universal_auth": {},
        "client_secrets": [{"description": "app", "dest": str(dest)}],
    }
    either.inject(method="GET", path="universal-auth/identities/[^/]+$", times=None, spoil=spoilt)
    failure = either.failure(MODULE, identity_id=owner, description="app", dest=str(dest))
    fleet = either.run("identities", identities=[desired])
    assert failure["kind"] == fleet["failure"]["kind"] == "server" and "clientId" in failure["msg"]
    assert not listed(either, owner) and not list(dest.parent.iterdir())


@pytest.mark.parametrize("given", [None, {}, "x", 5, [None], [[]], [{"id": 1}]], ids=repr)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_list_that_is_none_is_a_failure_and_nothing_is_written(
    either: Site, owner: str, given: Any, state: str
) -> None:
    either.clear_requests()
    either.inject(method="GET", path="client-secrets$", times=None, spoil=lambda _answer: {"clientSecretData": given})
    failure = either.failure(MODULE, identity_id=owner, description="app", state=state)
    assert failure["kind"] == "server" and re.search(
        "GET .*client-secrets answered .* clientSecretData", failure["msg"]
    )
    assert either.counts()["writes"] == 0
