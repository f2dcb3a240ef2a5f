# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Issued credentials of each type: one valid one per name, renewed in time, returned only once, and never lost."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import Result, Site, Time, task_of
from tests.credentials import CLIENT_SECRETS, KINDS, TOKENS, Kind

HOUR = 3600
NOBODY = "00000000-0000-4000-8000-000000000000"
LOSSES: dict[str, dict[str, Any]] = {
    "connection": {"drop": "after"},
    "bad-gateway": {"status": 502, "html": True, "after": True},
    "gateway-timeout": {"status": 504, "after": True},
    "page": {"status": 200, "html": True, "after": True},
}


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def owner(either: Site, kind: Kind) -> str:
    """An identity with the auth method."""
    return kind.owner(either)


def unchanged(site: Site, kind: Kind, **options: Any) -> Result:
    site.clear_requests()
    result = site.ok(kind.module, **options)
    assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})
    assert site.counts()["writes"] == 0 and kind.key not in result
    return result


def test_a_secret_is_made_once_and_returned_once(either: Site, kind: Kind, owner: str) -> None:
    options = {"identity_id": owner, **kind.named("app"), **kind.lasting(either, owner, HOUR, 5)}
    checked = either.ok(kind.module, check=True, **options)
    assert checked["changed"] and not kind.listed(either, owner)
    assert not {kind.key, kind.id} & checked.keys()
    result = either.ok(kind.module, **options)
    assert (result["changed"], result["diff"]) == (checked["changed"], checked["diff"])
    assert task_of(kind.module).holds_a_secret(result) and not task_of(kind.module).holds_a_secret(checked)
    (only,) = kind.rows(either, owner)
    assert only["id"] == result[kind.id]
    if kind is CLIENT_SECRETS:
        assert (only["clientSecretTTL"], only["clientSecretNumUsesLimit"]) == (HOUR, 5)
    assert kind.works(either, result)
    again = unchanged(either, kind, **options)
    assert (again[kind.id], again.get("client_id")) == (result[kind.id], result.get("client_id"))
    assert result[kind.key] not in json.dumps([again, either.state()["client_secrets"]])


def test_other_names_are_none_of_its_business(either: Site, kind: Kind, owner: str) -> None:
    others = {kind.made(either, owner, name) for name in ("App", "app 2", "", "ap", None)}
    ours = either.ok(kind.module, identity_id=owner, **kind.named(" app "))[kind.id]
    assert set(kind.listed(either, owner)) == others | {ours}
    assert either.ok(kind.module, identity_id=owner, **kind.named("app"), state="absent")["changed"]
    assert set(kind.listed(either, owner)) == others
    unchanged(either, kind, identity_id=owner, **kind.named("app"), state="absent")


def test_a_secret_is_renewed_before_it_ends_and_the_old_one_goes_after_the_overlap(
    either: Site, kind: Kind, owner: str
) -> None:
    options = {"identity_id": owner, **kind.named("app"), "renew_before": HOUR, "overlap": 2 * HOUR}
    options |= kind.lasting(either, owner, 10 * HOUR)
    first = either.ok(kind.module, **options)
    either.advance_clock(8.9 * HOUR)
    unchanged(either, kind, **options)
    either.advance_clock(0.2 * HOUR)
    assert either.ok(kind.module, check=True, **options)["changed"]
    second = either.ok(kind.module, **options)
    assert second["changed"] and second[kind.id] != first[kind.id]
    assert len(kind.listed(either, owner)) == 2 and kind.works(either, first) and kind.works(either, second)
    assert unchanged(either, kind, **options)[kind.id] == second[kind.id]
    either.advance_clock(2.1 * HOUR)
    third = either.ok(kind.module, **options)
    assert third["changed"] and third[kind.id] == second[kind.id]
    assert kind.listed(either, owner) == [second[kind.id]]
    unchanged(either, kind, **options)


def test_without_an_overlap_the_old_one_ends_by_itself(either: Site, kind: Kind, owner: str) -> None:
    options = {"identity_id": owner, **kind.named("app"), "renew_before": HOUR, **kind.lasting(either, owner, 2 * HOUR)}
    either.ok(kind.module, **options)
    either.advance_clock(1.5 * HOUR)
    either.ok(kind.module, **options)
    assert len(kind.listed(either, owner)) == 2
    unchanged(either, kind, **options)


@pytest.mark.parametrize("end", ["expired", "used-up"])
def test_what_no_longer_works_is_replaced_and_revoked(either: Site, kind: Kind, owner: str, end: str) -> None:
    """The server lists it as if it worked until somebody uses it (server-notes#dead-client-secrets)."""
    options = {"identity_id": owner, **kind.named("app"), **kind.lasting(either, owner, HOUR, 1)}
    first = either.ok(kind.module, **options)
    if end == "expired":
        either.advance_clock(HOUR + 2)
    elif kind is TOKENS and either.service.world.profile.name == "2024-10":
        pytest.skip("2024-10 counts the uses of a token late")
    else:
        assert kind.works(either, first)
    second = either.ok(kind.module, **options)
    assert second["changed"] and second[kind.id] != first[kind.id]
    assert kind.listed(either, owner) == [second[kind.id]]
    assert kind.works(either, second)


def test_the_newest_of_several_is_the_one(either: Site, kind: Kind, owner: str) -> None:
    kind.made(either, owner)
    either.advance_clock(1)
    newest = kind.made(either, owner)
    assert unchanged(either, kind, identity_id=owner, **kind.named("app"))[kind.id] == newest
    result = either.ok(kind.module, identity_id=owner, **kind.named("app"), state="absent")
    assert len(result["diff"]["before"]["app"]) == 2 and not kind.listed(either, owner)


def test_another_lifetime_than_declared_is_warned_of_and_waits_for_the_renewal(either: Site) -> None:
    kind = CLIENT_SECRETS
    owner = kind.owner(either)
    assert kind.works(either, either.ok(kind.module, identity_id=owner, **kind.named("app"), ttl=HOUR))
    result = unchanged(either, kind, identity_id=owner, **kind.named("app"), ttl=2 * HOUR, num_uses_limit=3)
    (warning,) = result["warnings"]
    assert "cannot change its ttl and num_uses_limit" in warning and "renew: now" in warning


@pytest.mark.parametrize("check", [True, False])
def test_without_its_auth_method_there_is_none(either: Site, kind: Kind, check: bool) -> None:
    options = {"identity_id": either.identity(), **kind.named("app"), "check": check}
    failure = either.failure(kind.module, **options)
    assert failure["kind"] == "not_found" and kind.type.module in failure["msg"]
    unchanged(either, kind, state="absent", **options)


def test_of_an_unknown_identity_there_is_none(either: Site, kind: Kind) -> None:
    for state in ("present", "absent"):
        failure = either.failure(kind.module, identity_id=NOBODY, **kind.named("app"), state=state)
        assert failure["kind"] == "not_found"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"NAME": " "}, "NAME must not be empty"),
        ({"NAME": "x" * 256}, "NAME must be at most 255 characters, got 256"),
        ({"ttl": -1}, "ttl must be 0 to 315360000 seconds, got -1"),
        ({"num_uses_limit": -1}, "num_uses_limit must be 0 to 9007199254740991 uses, got -1"),
        ({"ttl": 60, "renew_before": 60}, "renew_before 60 must be less than ttl 60"),
        ({"overlap": -5}, "overlap must be 0 to 315360000 seconds, got -5"),
    ],
)
def test_bad_options(either: Site, kind: Kind, options: dict[str, Any], words: str) -> None:
    if options.keys() & {"ttl", "num_uses_limit"} and kind is TOKENS:
        pytest.skip("these are settings of token auth")
    given = {kind.type.name_option if option == "NAME" else option: value for option, value in options.items()}
    failure = either.failure(kind.module, identity_id="x", **{**kind.named("app"), **given})
    words = words.replace("NAME", kind.type.name_option)
    assert failure["kind"] == "validation" and words in failure["msg"] and "identity_id must be" in failure["msg"]
    assert not either.requests()


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_secret_whose_answer_was_lost_is_revoked_and_another_is_reported(
    either: Site, kind: Kind, owner: str, waits: Time, loss: str, times: int
) -> None:
    """Later runs would accept it as the valid one, but nobody would have it."""
    either.inject(**kind.creates, times=times, **LOSSES[loss])
    result = either.run(kind.module, identity_id=owner, **kind.named("app"))
    if times == 1:
        assert not result.get("failed"), result["msg"]
        assert kind.listed(either, owner) == [result[kind.id]]
        assert kind.works(either, result)
    else:
        assert result["failed"] and not kind.listed(either, owner)
        assert either.ok(kind.module, identity_id=owner, **kind.named("app"))[kind.key]


def test_a_secret_that_was_never_made_is_a_failure(either: Site, kind: Kind, owner: str, waits: Time) -> None:
    either.inject(**kind.creates, drop="before")
    assert either.failure(kind.module, identity_id=owner, **kind.named("app"))["kind"] == "network"
    assert not kind.listed(either, owner) and sum(waits.slept) <= 5


def test_a_secret_that_may_not_be_made_is_a_failure_without_a_second_look(either: Site, kind: Kind, owner: str) -> None:
    either.inject(**kind.creates, status=403, body={"error": "PermissionDenied", "message": "No"})
    either.clear_requests()
    assert either.failure(kind.module, identity_id=owner, **kind.named("app"))["kind"] == "permission"
    assert [request["method"] for request in either.requests()][-1] == "POST"


def test_a_revocation_whose_answer_was_lost_is_repeated(either: Site, kind: Kind, owner: str, waits: Time) -> None:
    kind.made(either, owner)
    either.inject(method="POST", path="/revoke", drop="after")
    assert either.ok(kind.module, identity_id=owner, **kind.named("app"), state="absent")["changed"]
    assert not kind.listed(either, owner)


def test_a_revocation_that_fails_does_not_cost_the_new_secret(
    either: Site, kind: Kind, owner: str, waits: Time
) -> None:
    options = {"identity_id": owner, **kind.named("app"), **kind.lasting(either, owner, HOUR)}
    either.ok(kind.module, **options)
    either.advance_clock(HOUR + 2)
    rejection = {"error": "PermissionDenied", "message": "No."}
    either.inject(method="POST", path="/revoke", times=9, status=403, body=rejection)
    result = either.ok(kind.module, **options)
    assert kind.works(either, result) and "could not be revoked" in result["warnings"][0]


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "app.env"


def test_a_secret_is_delivered_to_its_file_and_is_in_no_result(
    either: Site, kind: Kind, owner: str, dest: Path
) -> None:
    options = {"identity_id": owner, **kind.named("app"), "dest": str(dest)}
    checked = either.ok(kind.module, check=True, **options)
    assert checked["changed"] and checked["created"] and not list(dest.parent.iterdir())
    result = either.ok(kind.module, registered=False, **options)
    assert (result["changed"], result["created"]) == (True, True)
    assert not task_of(kind.module).holds_a_secret(result) and result["diff"] == checked["diff"]
    assert kind.works(either, kind.in_file(dest)) and stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert kind.in_file(dest)["url"] == either.url and kind.in_file(dest)[kind.key] not in json.dumps(result)
    assert kind.listed(either, owner) == [result[kind.id]]
    before = dest.stat()
    again = unchanged(either, kind, registered=False, **options)
    assert dest.stat() == before and "warnings" not in again and not again["created"]
    assert again[kind.id] == result[kind.id]


@pytest.mark.parametrize("loss", ["deleted", "other", "emptied", "other-owner"])
def test_what_its_file_does_not_hold_is_made_again(either: Site, kind: Kind, owner: str, dest: Path, loss: str) -> None:
    options = {"identity_id": owner, **kind.named("app"), "dest": str(dest), "overlap": 60}
    first = either.ok(kind.module, **options)
    if loss == "deleted":
        dest.unlink()
    elif loss == "emptied":
        dest.write_text("")
    else:
        name = kind.type.values[1 if loss == "other-owner" else -1]
        held = dict(line.split("=", 1) for line in dest.read_text().splitlines())[name]
        other = f"0{held[:-1]}"
        if kind is TOKENS:
            other = either.ok(kind.module, identity_id=kind.owner(either, "other"), **kind.named("app"))[kind.key]
        dest.write_text(dest.read_text().replace(held, other))
    checked = either.ok(kind.module, check=True, **options)
    assert checked["created"] and first[kind.id] in checked["warnings"][0]
    second = either.ok(kind.module, **options)
    assert second["changed"] and kind.works(either, kind.in_file(dest))
    assert len(kind.listed(either, owner)) == 2, "the old one works until the overlap is over"
    unchanged(either, kind, **options)
    either.advance_clock(61)
    assert either.ok(kind.module, **options)["changed"]
    assert kind.listed(either, owner) == [second[kind.id]]


def test_a_secret_in_a_file_is_renewed_and_the_old_one_goes_after_the_overlap(
    either: Site, kind: Kind, owner: str, dest: Path
) -> None:
    options = {"identity_id": owner, **kind.named("app"), "dest": str(dest), "renew_before": 100}
    options |= kind.lasting(either, owner, 1000)
    first = either.ok(kind.module, overlap=50, **options)
    either.advance_clock(910)
    second = either.ok(kind.module, overlap=50, **options)
    assert second["created"] and len(kind.listed(either, owner)) == 2 and kind.works(either, kind.in_file(dest))
    unchanged(either, kind, overlap=50, **options)
    either.advance_clock(51)
    assert either.ok(kind.module, overlap=50, **options)["diff"]["after"] == {"app": [second[kind.id]]}
    third = either.ok(kind.module, overlap=0, renew="now", **options)
    assert third["created"] and kind.listed(either, owner) == [third[kind.id]]
    assert first[kind.id] != third[kind.id] and kind.works(either, kind.in_file(dest))


def test_a_file_that_others_can_read_is_warned_of_and_left(either: Site, kind: Kind, owner: str, dest: Path) -> None:
    options = {"identity_id": owner, **kind.named("app"), "dest": str(dest)}
    either.ok(kind.module, **options)
    dest.chmod(0o644)
    (warning,) = unchanged(either, kind, **options)["warnings"]
    assert f"chmod 600 {dest}" in warning and stat.S_IMODE(dest.stat().st_mode) == 0o644
    either.ok(kind.module, renew="now", **options)
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600


def test_a_file_that_names_another_server_is_warned_of(either: Site, kind: Kind, owner: str, dest: Path) -> None:
    options = {"identity_id": owner, **kind.named("app"), "dest": str(dest)}
    either.ok(kind.module, **options)
    dest.write_text(dest.read_text().replace(either.url, "https://elsewhere.example.com"))
    (warning,) = unchanged(either, kind, **options)["warnings"]
    assert "https://elsewhere.example.com" in warning and either.url in warning


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("many", [False, True], ids=["one", "identities"])
def test_a_file_that_cannot_be_written_is_rejected_before_the_first_request(
    either: Site, kind: Kind, owner: str, dest: Path, many: bool, check: bool
) -> None:
    dest.mkdir()
    either.clear_requests()
    secret = {**kind.named("app"), "dest": str(dest)}
    options: dict[str, Any] = {"identity_id": owner, **secret}
    if many:
        options = {
            "identities": [{"identity_id": owner, kind.type.list_option: [secret, {**secret, **kind.named("b")}]}]
        }
    failure = either.failure("identities" if many else kind.module, check=check, **options)
    assert failure["kind"] == "validation" and f"dest '{dest}' is a directory" in failure["msg"]
    assert not either.requests()
    assert either.ok(kind.module, check=check, identity_id=owner, state="absent", **secret)


def test_one_file_for_two_secrets_is_rejected(either: Site, dest: Path) -> None:
    (dest.parent / "link").symlink_to(dest.parent)
    identities = [
        {"name": "a", "client_secrets": [{"description": "a", "dest": str(dest)}]},
        {"name": "b", "tokens": [{"name": "b", "dest": str(dest.parent / "link" / dest.name)}]},
    ]
    failure = either.failure("identities", identities=identities)
    assert failure["kind"] == "validation" and not either.requests()
    assert "identities[0].client_secrets[0].dest and identities[1].tokens[0].dest are the same" in failure["msg"]


def test_an_address_that_no_environment_file_can_hold_is_rejected(
    either: Site, kind: Kind, owner: str, dest: Path
) -> None:
    failure = either.failure(
        kind.module, identity_id=owner, **kind.named("a"), dest=str(dest), url="https://a.example.com/$(id)"
    )
    assert failure["kind"] == "validation" and "plain ASCII without spaces and quotes" in failure["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_a_secret_that_nobody_could_read_is_not_made(either: Site, kind: Kind, owner: str, check: bool) -> None:
    options = {"identity_id": owner, **kind.named("app")}
    failure = either.failure(kind.module, check=check, registered=False, **options)
    assert failure["kind"] == "validation" and "dest" in failure["msg"] and "register" in failure["msg"]
    assert not kind.listed(either, owner)
    either.ok(kind.module, **options)
    unchanged(either, kind, registered=False, check=check, **options)
    assert either.failure(kind.module, registered=False, renew="now", **options)["kind"] == "validation"
    assert either.ok(kind.module, registered=False, state="absent", **options)["changed"]


def test_of_a_fleet_the_one_that_nobody_could_read_is_rejected_before_it_is_made(
    either: Site, kind: Kind, dest: Path
) -> None:
    secrets = [{**kind.named("app"), "dest": str(dest)}, kind.named("ci")]
    desired = {"name": "web", kind.type.list_option: secrets, **kind.declared_method}
    result = either.run("identities", identities=[desired], registered=False)
    assert result["failure"]["kind"] == "validation" and f"{kind.type.list_option}[1].dest" in result["msg"]
    assert not [one for one in either.state()["identities"] if one["name"] == "web"]
    desired[kind.type.list_option] = secrets[:1]
    assert either.ok("identities", identities=[desired], registered=False)["changed"]
    assert kind.works(either, kind.in_file(dest))


def test_one_is_renewed_on_demand(either: Site, kind: Kind, owner: str) -> None:
    options = {"identity_id": owner, **kind.named("app")}
    first = either.ok(kind.module, **options)
    assert either.ok(kind.module, check=True, renew="now", **options)["created"]
    second = either.ok(kind.module, renew="now", **options)
    assert kind.works(either, first) and kind.works(either, second)
    assert second[kind.id] != first[kind.id]
    again = unchanged(either, kind, **options)
    assert again[kind.id] == second[kind.id]
    assert first[kind.id] in "".join(again["warnings"]), "without an overlap it is never revoked"


def test_one_is_revoked_by_its_id(either: Site, kind: Kind, owner: str) -> None:
    by_hand = kind.made(either, owner, None)
    stays = kind.made(either, owner)
    options = {"identity_id": owner, "state": "absent", kind.id: by_hand.upper()}
    assert either.ok(kind.module, check=True, **options)["changed"] and len(kind.listed(either, owner)) == 2
    result = either.ok(kind.module, **options)
    assert result["changed"] and result[kind.id] == by_hand
    assert kind.listed(either, owner) == [stays]
    assert unchanged(either, kind, **options)[kind.id] == by_hand
    desired = {"identity_id": owner, kind.type.list_option: [{kind.id: stays, "state": "absent"}]}
    done = either.ok("identities", identities=[desired])
    assert done["changed"] and not kind.listed(either, owner)
    assert not either.ok("identities", identities=[desired])["changed"]


def test_a_secret_of_another_identity_is_never_revoked(either: Site, kind: Kind, owner: str) -> None:
    """The server would allow it (server-notes#client-secrets-of-other-identities)."""
    other = kind.owner(either, "other")
    theirs = kind.made(either, other)
    unchanged(either, kind, identity_id=owner, state="absent", **{kind.id: theirs})
    assert kind.listed(either, other) == [theirs]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"state": "present", "ID": NOBODY},
        {"state": "absent", "ID": NOBODY, "NAME": "app"},
        {"state": "absent", "ID": NOBODY, "dest": "/tmp/x"},
    ],
)
def test_options_that_do_not_go_together_are_rejected_by_core(
    either: Site, kind: Kind, options: dict[str, Any]
) -> None:
    names = {"ID": kind.id, "NAME": kind.type.name_option}
    options = {names.get(option, option): value for option, value in options.items()}
    arguments = either.arguments({"identity_id": NOBODY, **options})
    assert run_in_process(task_of(kind.module), arguments, {}, check_mode=False, diff=False) is None
    fleet = either.arguments({"identities": [{"name": "web", kind.type.list_option: [options]}]})
    assert run_in_process(task_of("identities"), fleet, {}, check_mode=False, diff=False) is None


def test_a_secret_that_was_never_used_is_warned_of_without_a_file(either: Site, kind: Kind, owner: str) -> None:
    options = {"identity_id": owner, **kind.named("app")}
    result = either.ok(kind.module, **options)
    (warning,) = unchanged(either, kind, **options)["warnings"]
    assert result[kind.id] in warning and "never used" in warning and "renew: now" in warning
    assert kind.works(either, result)
    if not (kind is TOKENS and either.service.world.profile.name == "2024-10"):
        # That release counts the uses of a token late (server-notes#tokens-of-token-auth).
        assert "warnings" not in unchanged(either, kind, **options)


TEXTS = ["", "a1b2\nEVIL=1", "a1b2 c", "a1b2$(id)", "a1b2`id`", "a1b2ä", "a1b2\x1b[31m", "zzzz" * 16, 5, None, ["a1b2"]]


@pytest.mark.parametrize("text", TEXTS, ids=repr)
@pytest.mark.parametrize("filed", [True, False])
def test_a_text_that_is_none_is_revoked_again(
    either: Site, kind: Kind, owner: str, dest: Path, waits: Time, text: Any, filed: bool
) -> None:
    """It would add lines to the file, or be executed by a shell that reads the file."""

    def spoilt(answer: dict[str, Any]) -> dict[str, Any]:
        begin = answer[kind.answer_key][:4]
        return {**answer, kind.answer_key: text.replace("a1b2", begin) if isinstance(text, str) else text}

    if text == "zzzz" * 16 and kind is TOKENS and either.service.world.profile.name != "2024-10":
        pytest.skip("a token of any form is one, if the server names its id")
    either.inject(**kind.creates, times=None, spoil=spoilt)
    options = {**kind.named("app"), **({"dest": str(dest)} if filed else {})}
    failure = either.failure(kind.module, identity_id=owner, **options)
    assert failure["kind"] == "server" and kind.answer_key in failure["msg"] and "revoked again" in failure["msg"]
    either.service.faults.clear()
    assert not kind.listed(either, owner) and not list(dest.parent.iterdir())


@pytest.mark.parametrize("client_id", ["x\nEVIL=1", "$(id)", "", None, 5], ids=repr)
def test_a_client_id_that_is_none_is_noticed_before_a_secret_is_made(either: Site, dest: Path, client_id: Any) -> None:
    kind = CLIENT_SECRETS
    owner = kind.owner(either)

    def spoilt(answer: dict[str, Any]) -> dict[str, Any]:
        return {"identityUniversalAuth": {**answer["identityUniversalAuth"], "clientId": client_id}}

    desired = {
        "identity_id": owner,
        "universal_auth": {},
        "client_secrets": [{"description": "app", "dest": str(dest)}],
    }
    either.inject(method="GET", path="universal-auth/identities/[^/]+$", times=None, spoil=spoilt)
    failure = either.failure(kind.module, identity_id=owner, description="app", dest=str(dest))
    fleet = either.run("identities", identities=[desired])
    assert failure["kind"] == fleet["failure"]["kind"] == "server" and "clientId" in failure["msg"]
    assert not kind.listed(either, owner) and not list(dest.parent.iterdir())


@pytest.mark.parametrize("given", [None, {}, "x", 5, [None], [[]], [{"id": 1}]], ids=repr)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_list_that_is_none_is_a_failure_and_nothing_is_written(
    either: Site, kind: Kind, owner: str, given: Any, state: str
) -> None:
    either.clear_requests()
    either.inject(**kind.lists, times=None, spoil=lambda answer: dict.fromkeys(answer, given))
    failure = either.failure(kind.module, identity_id=owner, **kind.named("app"), state=state)
    assert failure["kind"] == "server" and re.search(f"GET .*/{kind.collection}.* answered ", failure["msg"])
    assert either.counts()["writes"] == 0


def test_a_token_that_the_workload_renews_is_due_later(either: Site) -> None:
    owner = TOKENS.owner(either)
    TOKENS.lasting(either, owner, HOUR)
    either.api("PATCH", TOKENS.path(owner).removesuffix("/tokens"), {"accessTokenMaxTTL": 10 * HOUR})
    options = {"identity_id": owner, "name": "app", "renew_before": 1000}
    made = either.ok("identity_token", **options)
    either.advance_clock(3000)
    either.api("POST", "/api/v1/auth/token/renew", {"accessToken": made["access_token"]})
    unchanged(either, TOKENS, **options)
    either.advance_clock(2700)
    assert either.ok("identity_token", **options)["created"]


@pytest.mark.parametrize("many", [False, True], ids=["one", "identities"])
def test_tokens_that_would_be_due_at_once_are_not_made(either: Site, many: bool) -> None:
    owner = TOKENS.owner(either)
    TOKENS.lasting(either, owner, HOUR)
    token = {"name": "app", "renew_before": HOUR}
    if many:
        failure = either.failure("identities", identities=[{"identity_id": owner, "tokens": [token]}])
    else:
        failure = either.failure("identity_token", identity_id=owner, **token)
    assert failure["kind"] == "validation" and "must be less than 3600 seconds" in failure["msg"]
    assert not TOKENS.listed(either, owner)


def test_a_token_that_the_server_may_not_list_is_neither_made_nor_taken_for_revoked(either: Site) -> None:
    """It lists 200 of them (server-notes#tokens-of-token-auth)."""
    owner = TOKENS.owner(either)
    ours = either.ok("identity_token", identity_id=owner, name="app")
    for index in range(200):
        TOKENS.add(either.service.world, either.service.world.identities[owner], f"other-{index}")
    either.service.world.access_tokens[ours["token_id"]].updated_at -= 1
    for check in (True, False):
        failure = either.failure("identity_token", identity_id=owner, name="app", check=check)
        assert failure["kind"] == "conflict" and "more tokens than the server lists" in failure["msg"]
    unchanged(either, TOKENS, identity_id=owner, name="other-199")
    gone = either.ok("identity_token", identity_id=owner, name="app", state="absent")
    assert not gone["changed"] and "more tokens than the server lists" in gone["warnings"][0]
    by_id = {"identity_id": owner, "token_id": ours["token_id"], "state": "absent"}
    if either.service.world.profile.name == "2024-10":
        assert either.failure("identity_token", **by_id)["kind"] == "unsupported_by_server"
    else:
        assert either.ok("identity_token", **by_id)["changed"] and not TOKENS.works(either, ours)
        unchanged(either, TOKENS, **by_id)
    assert either.ok("identity_token", identity_id=owner, name="app", renew="now")["created"]
