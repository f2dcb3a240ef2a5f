# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No issued credential is stranded: it is delivered, revoked again, or reported with its id,
and no later run accepts it."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._issued import file
from ansible_collections.machineid.infisical.plugins.module_utils._issued.delivery import CredentialStep
from tests.conftest import Result, Site, Time
from tests.credentials import KINDS, TOKENS, Kind
from tests.faults.test_races import at_once, meanwhile

REVOKE = {"method": "POST", "path": "/revoke$"}
REJECTED = {"status": 403, "body": {"error": "PermissionDenied", "message": "No."}}
LOST: dict[str, dict[str, Any]] = {
    "connection": {"drop": "after"},
    "bad-gateway": {"status": 502, "html": True, "after": True},
    "come-again": {"status": 503, "headers": {"retry-after": "1"}, "after": True},
    "gateway-timeout": {"status": 504, "after": True},
    "page": {"status": 200, "html": True, "after": True},
    "error": {"status": 500, "after": True},
}
AWAY: dict[str, dict[str, Any]] = {"gone": {"drop": "before"}, "bad-gateway": {"status": 502}, "rejected": REJECTED}
filed = pytest.mark.parametrize("filed", [True, False], ids=["file", "result"])


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def owner(either: Site, kind: Kind) -> str:
    return kind.owner(either)


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "app.env"


@pytest.fixture(autouse=True)
def undisturbed(current: Site, old: Site) -> Iterator[None]:
    """Removes what ``meanwhile`` has installed."""
    yield
    for site in (current, old):
        vars(site.service).pop("answer_with", None)


def options(kind: Kind, owner: str, dest: Path | None = None, **more: Any) -> dict[str, Any]:
    return {"identity_id": owner, **kind.named("app"), "retries": 1, **({"dest": str(dest)} if dest else {}), **more}


def fleet(kind: Kind, *names: str, dest: Path | None = None, **declared: Any) -> list[dict[str, Any]]:
    """Returns identities with one credential each, each in a file if there is a directory for them."""
    return [
        {
            "name": name,
            **kind.declared_method,
            kind.type.list_option: [
                {**kind.named("app"), **declared, **({"dest": str(dest / f"{name}.env")} if dest else {})}
            ],
        }
        for name in names
    ]


def results_of(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result["identities"]
    return found


@filed
@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("loss", LOST)
def test_the_answer_is_lost_and_the_server_stays_away(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path, loss: str, away: str, filed: bool
) -> None:
    given = options(kind, owner, dest if filed else None)
    either.inject(**kind.creates, **LOST[loss])
    either.inject(**kind.lists, skip=1, times=99, **AWAY[away])
    result = either.run(kind.module, **given)
    assert result["failed"] and result["changed"], "it may have been created"
    assert "POST" in result["msg"] and "GET" not in result["msg"]
    assert f"{kind.type.noun} 'app'" in result["msg"] and "renew: now" in result["msg"] and "may still" in result["msg"]
    assert not list(dest.parent.iterdir())
    either.service.faults.clear()
    (stranded,) = kind.listed(either, owner)
    again = either.ok(kind.module, **given)
    assert stranded in "".join(again["warnings"]), "it is not accepted as valid"
    assert again["changed"] is filed
    renewed = either.ok(kind.module, **{**given, "renew": "now", "overlap": 0})
    either.ok(kind.module, identity_id=owner, **{kind.id: stranded}, state="absent")
    assert renewed[kind.id] in kind.listed(either, owner) and stranded not in kind.listed(either, owner)
    assert not filed or kind.works(either, kind.in_file(dest))


@filed
@pytest.mark.parametrize("loss", LOST)
def test_the_answer_is_lost_and_what_was_made_cannot_be_revoked(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path, loss: str, filed: bool
) -> None:
    either.inject(**kind.creates, **LOST[loss])
    either.inject(**REVOKE, times=99, **REJECTED)
    result = either.run(kind.module, **options(kind, owner, dest if filed else None))
    (stranded,) = kind.listed(either, owner)
    assert result["failed"] and result["changed"]
    assert f"({stranded}) was created, its value is lost" in result["msg"] and kind.id in result["msg"]


@filed
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("loss", LOST)
def test_the_answer_is_lost_and_the_server_comes_back(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path, loss: str, times: int, filed: bool
) -> None:
    given = options(kind, owner, dest if filed else None)
    either.inject(**kind.creates, **LOST[loss], times=times)
    result = either.run(kind.module, **given)
    if times == 1:
        assert not result.get("failed"), result["msg"]
        assert kind.listed(either, owner) == [result[kind.id]]
    else:
        assert result["failed"] and not result["changed"] and not kind.listed(either, owner)
        assert "revoked again" in result["msg"]
        result = either.ok(kind.module, **given)
    assert kind.works(either, kind.in_file(dest)) if filed else kind.works(either, result)


@filed
def test_it_is_made_after_its_time_out_with_a_run_in_between(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path, filed: bool
) -> None:
    given = options(kind, owner, dest if filed else None)
    either.inject(**kind.creates, drop="before")
    failure = either.failure(kind.module, **given)
    assert failure["kind"] == "network" and "may still be created later" in failure["msg"]
    ours = either.ok(kind.module, **given)
    if not filed:
        assert kind.works(either, ours)
    either.advance_clock(1)
    late = kind.made(either, owner)
    again = either.ok(kind.module, overlap=0, **given)
    assert late in "".join(again["warnings"])
    assert ours[kind.id] in kind.listed(either, owner), "the secret that somebody has remains valid"
    assert not filed or (again[kind.id] == ours[kind.id] and kind.works(either, kind.in_file(dest)))


def test_a_rival_whose_secret_was_used_does_not_lose_it(either: Site, kind: Kind, owner: str, waits: Time) -> None:
    """After a lost answer, only an unused secret can be ours."""
    if kind is TOKENS and either.service.world.profile.name == "2024-10":
        pytest.skip("2024-10 counts the uses of a token late (server-notes#tokens-of-token-auth)")
    theirs: list[str] = []

    def somebody() -> None:
        theirs.append(kind.slipped_in(either, owner))
        for one in kind.held(either, owner):
            one.uses = 1

    meanwhile(either, somebody, method="POST", path=kind.collection)
    either.inject(**kind.creates, drop="before")
    failure = either.failure(kind.module, **options(kind, owner))
    assert failure["kind"] == "network" and kind.listed(either, owner) == theirs


@pytest.mark.parametrize("check", [True, False])
def test_an_identity_fails_and_the_secrets_of_the_others_are_revoked_again(
    either: Site, kind: Kind, waits: Time, check: bool
) -> None:
    desired_states = [*fleet(kind, "web", "db"), {"name": "bad", "role": "nobody-has-this"}]
    result = either.run("identities", identities=desired_states, check=check)
    if check:
        assert not result.get("failed"), "check mode cannot predict what only the server knows"
        return
    assert result["summary"]["failed"] == ["bad"]
    for one in results_of(result)[:2]:
        (secret,) = one[kind.type.list_option]
        assert kind.key not in secret and not secret["created"]
        assert not kind.listed(either, one["identity_id"])
        assert one["changes"] == {"identity": "create", **dict.fromkeys(kind.declared_method, "create")}
    revoked = [one.id for web in results_of(result)[:2] for one in kind.held(either, web["identity_id"]) if one.revoked]
    assert len(revoked) == 2 and all(f"({one}) was revoked again" in result["msg"] for one in revoked)
    done = either.ok("identities", identities=desired_states[:2])
    assert all(kind.key in one[kind.type.list_option][0] for one in results_of(done))


def test_an_identity_fails_and_files_are_delivered_all_the_same(
    either: Site, kind: Kind, waits: Time, tmp_path: Path
) -> None:
    desired_states = [*fleet(kind, "web", "db", dest=tmp_path), {"name": "bad", "role": "nobody-has-this"}]
    result = either.run("identities", identities=desired_states)
    assert result["summary"]["failed"] == ["bad"] and "revoked" not in result["msg"]
    assert kind.works(either, kind.in_file(tmp_path / "web.env")) and kind.works(
        either, kind.in_file(tmp_path / "db.env")
    )
    assert not either.ok("identities", identities=desired_states[:2])["changed"]


def test_a_failure_leaves_the_old_secrets_in_force(either: Site, kind: Kind, waits: Time) -> None:
    """The secrets that the new one would have replaced are revoked once it is delivered."""
    secret: dict[str, Any] = {"renew_before": 100, "overlap": 0, **kind.lasting(either, None, 1000)}
    created = either.ok("identities", identities=[{"name": "web", **kind.declared_method}])
    kind.lasting(either, results_of(created)[0]["identity_id"], 1000)
    first = either.ok("identities", identities=fleet(kind, "web", **secret))
    (web,) = results_of(first)
    either.advance_clock(950)
    desired_states = [*fleet(kind, "web", **secret), {"name": "bad", "role": "nobody-has-this"}]
    either.run("identities", identities=desired_states)
    assert kind.listed(either, web["identity_id"]) == [web[kind.type.list_option][0][kind.id]]
    assert kind.works(either, {**web, **web[kind.type.list_option][0]})


def test_a_failure_that_cannot_revoke_names_what_is_left(either: Site, kind: Kind, waits: Time) -> None:
    either.inject(**REVOKE, times=99, **REJECTED)
    result = either.run("identities", identities=[*fleet(kind, "web"), {"name": "bad", "role": "nobody-has-this"}])
    (web, _bad) = results_of(result)
    (left,) = kind.listed(either, web["identity_id"])
    assert f"({left}) could not be revoked again" in result["msg"] and kind.id in result["msg"]
    (secret,) = web[kind.type.list_option]
    assert secret[kind.id] == left and kind.key not in secret
    assert web["changes"][f"{kind.type.list_option} app"] == "create"


@filed
def test_the_second_secret_of_an_identity_fails(either: Site, kind: Kind, waits: Time, dest: Path, filed: bool) -> None:
    first = {**kind.named("app"), **({"dest": str(dest)} if filed else {})}
    desired = {"name": "web", **kind.declared_method, kind.type.list_option: [first, kind.named("ci")]}
    either.inject(**kind.creates, skip=1, **REJECTED)
    result = either.run("identities", identities=[desired])
    (web,) = results_of(result)
    assert result["failed"] and web["failure"]["kind"] == "permission"
    if filed:
        assert len(kind.listed(either, web["identity_id"])) == 1 and kind.works(either, kind.in_file(dest))
        assert web["changes"][f"{kind.type.list_option} app"] == "create"
    else:
        assert not kind.listed(either, web["identity_id"]) and "was revoked again" in result["msg"]
    assert kind.key not in str([one.keys() for one in web[kind.type.list_option]]).replace(kind.id, "")


@pytest.mark.parametrize("number", [2, 3, 8])
@pytest.mark.parametrize("round_", range(3))
@filed
def test_many_runs_at_once_leave_one_secret(
    either: Site, kind: Kind, owner: str, dest: Path, number: int, round_: int, filed: bool
) -> None:
    given = options(kind, owner, dest if filed else None)
    results = at_once(either, *[(kind.module, given)] * number)
    (only,) = kind.listed(either, owner)
    made_it = [one for one in results if not one.get("failed") and one["created"]]
    assert [one[kind.id] for one in made_it] == [only]
    failed = [one for one in results if one.get("failed")]
    assert {one["failure"]["kind"] for one in failed} <= {"conflict"}
    assert all("at the same time" in one["msg"] and only in one["msg"] and not one["changed"] for one in failed)
    if filed:
        assert kind.works(either, kind.in_file(dest)) and list(dest.parent.iterdir()) == [dest]
    else:
        assert kind.works(either, made_it[0])
    assert either.ok(kind.module, **given)[kind.id] == only


def test_fleets_at_once_leave_one_secret_each(either: Site, kind: Kind, tmp_path: Path) -> None:
    names = [f"web-{index}" for index in range(4)]
    either.ok("identities", identities=[{"name": name, **kind.declared_method} for name in names])
    results = at_once(either, *[("identities", {"identities": fleet(kind, *names, dest=tmp_path)})] * 3)
    assert any(one["changed"] for one in results)
    ids = [one["id"] for one in either.state()["identities"] if one["name"] in names]
    assert [len(kind.listed(either, one)) for one in ids] == [1] * 4
    assert all(kind.works(either, kind.in_file(tmp_path / f"{name}.env")) for name in names)


@filed
def test_the_older_of_two_stays(either: Site, kind: Kind, owner: str, dest: Path, filed: bool) -> None:
    theirs: list[str] = []
    meanwhile(either, lambda: theirs.append(kind.slipped_in(either, owner)), method="POST", path=kind.collection)
    result = either.run(kind.module, **options(kind, owner, dest if filed else None))
    assert result["failed"] and result["failure"]["kind"] == "conflict" and not result["changed"]
    assert theirs[0] in result["msg"] and f"its own {kind.type.name_option}" in result["msg"]
    assert kind.listed(either, owner) == theirs and not list(dest.parent.iterdir())


@filed
def test_a_secret_that_is_revoked_right_away_is_not_delivered(
    either: Site, kind: Kind, owner: str, dest: Path, filed: bool
) -> None:
    """Revoked by another run, which mistook it for its own secret whose answer was lost."""

    def somebody() -> None:
        for one in kind.held(either, owner):
            one.revoked = True

    given = options(kind, owner, dest if filed else None)
    original = CredentialStep.make

    def make(step: CredentialStep, store: Any) -> None:
        original(step, store)
        somebody()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CredentialStep, "make", make)
        failure = either.failure(kind.module, **given)
    assert failure["kind"] == "conflict" and "Another client revoked" in failure["msg"]
    assert not list(dest.parent.iterdir()) and either.ok(kind.module, **given)["created"]


def test_a_look_for_rivals_that_fails_does_not_cost_the_secret(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path
) -> None:
    either.inject(**kind.lists, skip=1, times=99, **REJECTED)
    result = either.ok(kind.module, **options(kind, owner, dest))
    assert "The check for another run" in result["warnings"][0] and kind.works(either, kind.in_file(dest))


class Disk:
    """The operating system with one failing call, for the module only, because the emulator is in the same process."""

    def __init__(self, call: str, fails: Callable[..., Any]) -> None:
        setattr(self, call, fails)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


BREAKS = ["fchmod", "write", "fsync", "lseek", "ftruncate", "replace"]


@pytest.mark.parametrize("many", [False, True], ids=["one", "identities"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
@pytest.mark.parametrize("call", BREAKS)
def test_a_disk_that_fails_at_any_step_costs_neither_the_old_secret_nor_the_new_one(
    either: Site, kind: Kind, owner: str, dest: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, many: bool
) -> None:
    given = options(kind, owner, dest, overlap=0)
    renew: dict[str, Any] = {**given, "renew": "now"}
    module = "identities" if many else kind.module
    if many:
        secret = {**kind.named("app"), "dest": str(dest), "renew": "now", "overlap": 0}
        renew = {"identities": [{"identity_id": owner, kind.type.list_option: [secret]}]}
    old = either.ok(kind.module, **given)[kind.id]
    either.clear_requests()

    def fails(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(file, "os", Disk(call, fails))
        result = either.run(module, **renew)
    assert result["failed"] and result["failure"]["kind"] == "validation" and not result["changed"]
    assert os.strerror(code) in result["msg"] and str(dest) in result["msg"]
    assert (
        kind.listed(either, owner) == [old]
        and kind.works(either, kind.in_file(dest))
        and list(dest.parent.iterdir()) == [dest]
    )
    creates = [
        one for one in either.requests() if one["path"].endswith(f"/{kind.collection}") and one["method"] == "POST"
    ]
    assert len(creates) == (call in ("lseek", "ftruncate", "replace")), "it is detected beforehand"
    assert either.ok(module, **renew)["changed"] and kind.works(either, kind.in_file(dest))


def test_a_full_disk_and_a_server_that_rejects_name_what_is_left(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    either.inject(**REVOKE, times=99, **REJECTED)
    with monkeypatch.context() as patched:
        patched.setattr(file, "os", Disk("replace", fails))
        result = either.run(kind.module, **options(kind, owner, dest))
    (left,) = kind.listed(either, owner)
    assert result["failed"] and result["changed"] and f"({left}) could not be revoked again" in result["msg"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@filed
def test_a_mistake_of_ours_does_not_strand_a_secret(
    either: Site, kind: Kind, owner: str, dest: Path, error: type[BaseException], filed: bool
) -> None:
    def fails(*_args: Any) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CredentialStep, "deliver", fails)
        try:
            assert either.run(kind.module, **options(kind, owner, dest if filed else None)).get("failed")
        except error:
            pass
    assert not kind.listed(either, owner) and not list(dest.parent.iterdir())


@pytest.mark.parametrize("lost", [{"drop": "after"}, {"status": 502, "after": True}, {"status": 200, "html": True}])
@pytest.mark.parametrize("times", [1, 3])
def test_a_revocation_without_an_answer_is_found_done(
    either: Site, kind: Kind, owner: str, waits: Time, lost: dict[str, Any], times: int
) -> None:
    kind.made(either, owner)
    either.inject(**REVOKE, times=times, **{"after": True, **lost} if "drop" not in lost else lost)
    assert either.ok(kind.module, **options(kind, owner, state="absent"))["changed"] and not kind.listed(either, owner)


def test_a_revocation_that_fails_half_way_says_that_something_changed(
    either: Site, kind: Kind, owner: str, waits: Time
) -> None:
    kind.made(either, owner)
    either.advance_clock(1)
    left = kind.made(either, owner)
    either.inject(**REVOKE, skip=1, times=99, **REJECTED)
    result = either.run(kind.module, **options(kind, owner, state="absent"))
    assert result["failed"] and result["changed"] and kind.listed(either, owner) == [left]


@pytest.mark.parametrize("unread", [True, False], ids=["nothing-more-is-read", "the-list-is-read"])
def test_a_revocation_that_is_limited_after_a_lost_answer_is_in_doubt(
    either: Site, kind: Kind, owner: str, waits: Time, unread: bool
) -> None:
    """The rate limit of the second attempt proves nothing about the first."""
    kind.made(either, owner)
    either.inject(**REVOKE, status=502, after=True)
    limited = {"status": 429, "times": None}
    either.inject(**REVOKE, **limited)
    if unread:
        either.inject(**kind.lists, skip=1, **limited)
    result = either.run(kind.module, **options(kind, owner, state="absent"))
    assert result["changed"] and bool(result.get("failed")) is unread


def test_what_is_gone_before_it_is_revoked_is_no_failure(current: Site, kind: Kind, waits: Time) -> None:
    owner = current.identity()
    current.attach(kind.type.slug, owner)
    kind.made(current, owner)

    def somebody() -> None:
        world = current.service.world
        world.identities[owner].methods.pop(kind.type.slug, None)
        for one in kind.held(current, owner):
            one.revoked = True

    meanwhile(current, somebody, method="POST", path="/revoke")
    assert not current.run(kind.module, **options(kind, owner, state="absent")).get("failed")


def test_a_kill_between_the_create_and_the_file_is_healed_by_the_next_run(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path
) -> None:
    """What a killed run leaves behind: a usable secret, and the placeholder of its file."""
    stranded = kind.made(either, owner)
    (dest.parent / ".infisical-0123456789abcdef").write_bytes(b"\0" * 100)
    result = either.ok(kind.module, **options(kind, owner, dest))
    assert result["created"] and stranded in result["warnings"][0] and kind.works(either, kind.in_file(dest))


def test_a_file_that_is_about_to_come_is_waited_for(
    either: Site, kind: Kind, owner: str, waits: Time, dest: Path
) -> None:
    """Another run has created the secret, but not moved its file into place yet."""
    theirs = either.ok(kind.module, **options(kind, owner, dest))
    aside = dest.with_name("aside")
    dest.rename(aside)
    arrivals: list[Callable[[], Any]] = [lambda: aside.rename(dest)]
    lock = threading.Lock()

    def meanwhile_(_seconds: float) -> None:
        with lock:
            if arrivals:
                arrivals.pop()()

    waits.meanwhile = meanwhile_
    again = either.ok(kind.module, **options(kind, owner, dest))
    assert not again["changed"] and again[kind.id] == theirs[kind.id]
