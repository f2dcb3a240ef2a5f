# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two concurrent runs: one object is created, and both runs report the outcome."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Hashable
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import Result, Site, Time, task_of


def at_once(site: Site, *calls: tuple[str, dict[str, Any]]) -> list[Result]:
    """Returns the results of tasks that start together, each with a separate client, as in Ansible's workers."""
    barrier = threading.Barrier(len(calls))
    results: list[Result] = [{} for _turn in calls]

    def work(number: int, module: str, arguments: dict[str, Any]) -> None:
        clients: dict[Hashable, Client] = {}
        barrier.wait()
        result = run_in_process(task_of(module), arguments, clients, check_mode=False, diff=True)
        results[number] = result or {"failed": True, "msg": "rejected"}

    prepared = [(module, site.arguments(options)) for module, options in calls]
    threads = [threading.Thread(target=work, args=(number, *one)) for number, one in enumerate(prepared)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def meanwhile(site: Site, act: Callable[[], Any], *, method: str, path: str) -> None:
    """Calls ``act`` on the server immediately before the next matching request is processed."""
    original = site.service.answer_with
    pending = [act]

    async def answer_with(call: Any, fault: Any) -> Any:
        if pending and call.method == method and path in call.target:
            pending.pop()()
        return await original(call, fault)

    site.service.answer_with = answer_with  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def undisturbed(current: Site, old: Site) -> Any:
    """Removes what ``meanwhile`` has installed."""
    yield
    for site in (current, old):
        vars(site.service).pop("answer_with", None)


def named(site: Site, name: str) -> list[dict[str, Any]]:
    return [one for one in site.state()["identities"] if one["name"] == name]


@pytest.mark.parametrize("protected", [False, True], ids=["plain", "protected"])
@pytest.mark.parametrize("round_", range(5))
def test_an_identity_made_by_many_at_once_is_one_identity(current: Site, round_: int, protected: bool) -> None:
    options = {"name": "web", "role": "member", "delete_protection": protected}
    results = at_once(current, *[("identity", options)] * 6)
    assert not [one["msg"] for one in results if one.get("failed")]
    (only,) = named(current, "web")
    # A run that only read may have seen a duplicate before the other run backed off. A run that wrote knows which one
    # remains.
    assert {one["identity_id"] for one in results if one["changed"]} == {only["id"]}
    assert current.ok("identity", **options)["identity_id"] == only["id"]
    assert {one["identity"]["role"] for one in results} == {"member"}
    assert only["delete_protection"] is protected


def somebody_else(site: Site, **state: Any) -> str:
    """Creates an identity named ``web`` on the server that is older than any other. Returns its id."""
    world = site.service.world
    template = next(one for one in world.identities.values() if one.name == "emulator-admin")
    given = {"role": "no-access", "role_id": None, **state}
    rival = type(template)(
        id="00000000-0000-4000-8000-000000000001",
        org_id=template.org_id,
        name="web",
        created_at="2020-01-01T00:00:00.000Z",
        updated_at="2020-01-01T00:00:00.000Z",
        **given,
    )
    world.identities[rival.id] = rival
    return str(rival.id)


CREATORS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "identity": lambda options: options,
    "identities": lambda options: {"identities": [{**options, "aws_auth": {"access_token_ttl": 60}}]},
}


@pytest.mark.parametrize("module", CREATORS)
@pytest.mark.parametrize("protected", [False, True], ids=["plain", "protected"])
def test_an_older_duplicate_that_is_as_declared_stays_and_ours_goes(
    current: Site, protected: bool, module: str
) -> None:
    """Another client creates an identity between our read and our create, which the server allows
    (server-notes#names-are-not-unique)."""
    options = {"name": "web", "role": "member", "delete_protection": protected}
    state = {"role": "member", "delete_protection": protected}
    meanwhile(current, lambda: somebody_else(current, **state), method="POST", path="/api/v1/identities")
    result = current.ok(module, **CREATORS[module](options))
    (only,) = named(current, "web")
    made = result if module == "identity" else result["identities"][0]
    assert only["id"] == made["identity_id"] == "00000000-0000-4000-8000-000000000001"
    if module == "identities":
        assert current.method("aws-auth", only["id"])["accessTokenTTL"] == 60


@pytest.mark.parametrize("module", CREATORS)
@pytest.mark.parametrize("protected", [False, True], ids=["plain", "protected"])
def test_an_older_duplicate_that_is_another_stays_untouched(current: Site, protected: bool, module: str) -> None:
    """Setting the declared role would change an object of another client, which was not in the plan."""
    options = {"name": "web", "role": "member", "delete_protection": protected}
    meanwhile(current, lambda: somebody_else(current), method="POST", path="/api/v1/identities")
    result = current.run(module, **CREATORS[module](options))
    (only,) = named(current, "web")
    assert result["failed"] and not result["changed"] and result["failure"]["kind"] == "conflict"
    assert only["role"] == "no-access" and current.method("aws-auth", only["id"]) is None


def test_a_duplicate_that_cannot_be_removed_again_is_named(current: Site, waits: Time) -> None:
    meanwhile(current, lambda: somebody_else(current), method="POST", path="/api/v1/identities")
    current.inject(method="DELETE", path="/api/v1/identities/", times=99, status=403, body={"message": "no"})
    result = current.run("identity", name="web")
    ours = next(one["id"] for one in named(current, "web") if not one["id"].startswith("00000000"))
    assert result["failed"] and result["changed"] and ours in result["msg"]


@pytest.mark.parametrize(("number", "runs"), [(3, 2), (3, 6), (12, 2), (12, 4)])
def test_a_fleet_made_by_many_at_once_is_one_fleet(current: Site, number: int, runs: int) -> None:
    declared = [{"name": f"fleet-{index}", "aws_auth": {"access_token_ttl": 60}} for index in range(number)]
    results = at_once(current, *[("identities", {"identities": declared})] * runs)
    names: list[str] = [one["name"] for one in current.state()["identities"] if one["name"].startswith("fleet-")]
    assert sorted(names) == sorted(str(one["name"]) for one in declared)
    assert not [one["msg"] for one in results if one.get("failed")]
    assert not current.ok("identities", identities=declared)["changed"]


@pytest.mark.parametrize("round_", range(5))
def test_a_method_attached_by_many_at_once_is_attached_once(either: Site, round_: int) -> None:
    identity_id = either.identity()
    options = {"identity_id": identity_id, "access_token_ttl": 60}
    results = at_once(either, *[("identity_aws_auth", options)] * 6)
    assert not [one["msg"] for one in results if one.get("failed")]
    assert {one["identity_aws_auth"]["access_token_ttl"] for one in results} == {60}
    assert either.method("aws-auth", identity_id)["accessTokenTTL"] == 60


@pytest.mark.parametrize(
    "answer", [{}, {"status": 500, "body": {"error": "Create", "message": "x"}}], ids=["400", "500"]
)
def test_somebody_attached_it_otherwise_meanwhile(either: Site, waits: Time, answer: dict[str, Any]) -> None:
    """The later request is answered with 400, or with 500 by the database's unique index
    (server-notes#parallel-attaches)."""
    template, identity_id = either.identity("template"), either.identity()
    either.attach("aws-auth", template, allowedAccountIds="111111111111")
    identities = either.service.world.identities

    def somebody() -> None:
        identities[identity_id].methods["aws-auth"] = dict(identities[template].methods["aws-auth"])

    meanwhile(either, somebody, method="POST", path="aws-auth")
    if answer:
        either.inject(method="POST", path="aws-auth", **answer)
    result = either.run("identity_aws_auth", identity_id=identity_id, allowed_account_ids=["123456789012"])
    assert result["failure"]["kind"] == "conflict" and not (result["changed"] and not answer)
    assert either.method("aws-auth", identity_id)["allowedAccountIds"] == "111111111111"


def test_detached_by_many_at_once(either: Site) -> None:
    identity_id = either.identity()
    either.attach("aws-auth", identity_id)
    results = at_once(either, *[("identity_aws_auth", {"identity_id": identity_id, "state": "absent"})] * 6)
    assert not [one["msg"] for one in results if one.get("failed")]
    assert any(one["changed"] for one in results) and either.method("aws-auth", identity_id) is None


def test_an_identity_deleted_by_many_at_once(either: Site) -> None:
    identity_id = either.identity()
    results = at_once(either, *[("identity", {"identity_id": identity_id, "state": "absent"})] * 6)
    assert not [one["msg"] for one in results if one.get("failed")]
    assert any(one["changed"] for one in results) and not named(either, "web")


def test_an_identity_that_goes_while_its_method_is_attached(either: Site, waits: Time) -> None:
    identity_id = either.identity()
    world = either.service.world
    meanwhile(either, lambda: world.delete_identity(world.identities[identity_id]), method="POST", path="aws-auth")
    failure = either.failure("identity_aws_auth", identity_id=identity_id)
    assert failure["kind"] == "conflict" and f"Identity {identity_id} does not exist." in failure["msg"]


@pytest.mark.parametrize("module", ["identity_aws_auth", "identities"])
def test_a_method_that_goes_while_it_is_updated_is_not_attached(either: Site, waits: Time, module: str) -> None:
    """The task knows only its options; the allowlists were removed with the method."""
    identity_id = either.identity()
    either.attach("aws-auth", identity_id, allowedAccountIds="123456789012")
    methods = either.service.world.identities[identity_id].methods
    meanwhile(either, lambda: methods.pop("aws-auth"), method="PATCH", path="aws-auth")
    desired: dict[str, Any] = {"identity_id": identity_id, "access_token_ttl": 60}
    if module == "identities":
        desired = {"identities": [{"identity_id": identity_id, "aws_auth": {"access_token_ttl": 60}}]}
    result = either.run(module, **desired)
    assert result["failure"]["kind"] == "conflict" and not result["changed"]
    assert either.method("aws-auth", identity_id) is None


@pytest.mark.parametrize("wait", [{"status": 429, "headers": {"retry-after": "30"}}, {"status": 502}], ids=str)
def test_an_account_that_is_removed_while_an_update_waits_does_not_come_back(
    current: Site, waits: Time, wait: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update sends the merged whole, so it must not be based on a read before a long wait."""
    # With jitter, some backoffs are so short that what was read is still fresh.
    monkeypatch.setattr(random, "uniform", lambda _least, most: most)
    identity_id = current.identity()
    current.attach("aws-auth", identity_id, allowedAccountIds="123456789012, 210987654321")
    stored = current.service.world.identities[identity_id].methods["aws-auth"]
    current.inject(method="PATCH", path="aws-auth", times=1 if "headers" in wait else 4, **wait)

    def somebody(_seconds: float) -> None:
        stored["allowedAccountIds"] = "123456789012"

    waits.meanwhile = somebody
    result = current.run("identity_aws_auth", identity_id=identity_id, access_token_ttl=60)
    assert current.method("aws-auth", identity_id)["allowedAccountIds"] == "123456789012"
    assert result["failure"]["kind"] == "conflict" and not result["changed"]


def test_an_account_that_is_removed_while_a_fleet_is_worked_on_does_not_come_back(current: Site, waits: Time) -> None:
    """Each identity is planned completely before its first write, and earlier writes may have to wait."""
    identity_id = current.identity()
    current.attach("aws-auth", identity_id, allowedAccountIds="123456789012, 210987654321")
    stored = current.service.world.identities[identity_id].methods["aws-auth"]
    current.inject(method="PATCH", path="/api/v1/identities/", status=429, headers={"retry-after": "30"})

    def somebody(_seconds: float) -> None:
        stored["allowedAccountIds"] = "123456789012"

    waits.meanwhile = somebody
    declared = {"identity_id": identity_id, "role": "member", "aws_auth": {"access_token_ttl": 60}}
    result = current.run("identities", identities=[declared])
    assert current.method("aws-auth", identity_id)["allowedAccountIds"] == "123456789012"
    assert result["failure"]["kind"] == "conflict" and result["changed"], "the role had been assigned before"
