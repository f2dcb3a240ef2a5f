# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Immediate rotation: requested once, waited for, and reported with its result."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Time
from tests.emulator.rotating import rotate

from .conftest import ROTATIONS, Shop

NOW = {"method": "POST", "path": "rotate-secrets$"}


def asked_now(shop: Shop) -> int:
    return sum(path.endswith("/rotate-secrets") for path in shop.asked())


def test_the_new_key_is_in_the_secret_and_the_old_one_works_on(shop: Shop) -> None:
    shop.make()
    first = shop.secrets()
    checked = shop.keep(check=True, rotate=True)
    assert checked["changed"] and checked["rotated"]
    assert shop.site.counts()["writes"] == 0
    done = shop.keep(rotate=True)
    assert (done["changed"], done["diff"], done["rotated"]) == (True, checked["diff"], True)
    second = shop.secrets()
    assert shop.keys() == {first["KEY_ID"], second["KEY_ID"]} and first["KEY_ID"] != second["KEY_ID"]
    assert shop.works(*first.values()) and shop.works(*second.values())
    assert done["last_rotated_at"] != checked["last_rotated_at"]
    assert asked_now(shop) == 1
    shop.keep(rotate=True)
    assert first["KEY_ID"] not in shop.keys() and second["KEY_ID"] in shop.keys()


def test_a_rotation_that_was_just_made_has_new_keys_already(shop: Shop) -> None:
    assert not shop.keep(rotate=True, max_age_days=1)["rotated"]
    assert asked_now(shop) == 0
    assert len(shop.keys()) == 1


def test_every_day_and_only_when_they_are_too_old(shop: Shop) -> None:
    shop.make(auto_rotation_enabled=False)
    for _day in range(7):
        assert not shop.keep(max_age_days=7, rotate=True)["changed"]
        shop.later(days=1)
    assert asked_now(shop) == 0
    shop.later(days=0.01)
    assert shop.keep(check=True, max_age_days=7)["rotated"]
    assert shop.keep(max_age_days=7)["rotated"]
    assert not shop.keep(max_age_days=7)["changed"]
    assert asked_now(shop) == 1
    assert len(shop.keys()) == 2


def test_an_update_comes_first(shop: Shop) -> None:
    shop.make()
    done = shop.keep(rotate=True, secrets_mapping={"access_key_id": "ID", "secret_access_key": "SECRET"})
    assert set(done["diff"]["after"]) == {"secrets_mapping", "last_rotated_at"}
    assert set(shop.secrets()) == {"ID", "SECRET"} and shop.secrets()["ID"] in shop.keys()
    assert shop.asked("PATCH") and asked_now(shop) == 1


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 504, "after": True}, {"status": 502, "after": True}])
def test_a_lost_answer_costs_one_rotation(shop: Shop, fault: dict[str, Any]) -> None:
    shop.make()
    first = shop.keys()
    shop.site.inject(**NOW, **fault)
    done = shop.keep(rotate=True)
    assert done["rotated"] and done["last_rotated_at"] == shop.stored()["lastRotatedAt"]
    assert asked_now(shop) == 1
    assert first <= shop.keys() and len(shop.keys()) == 2


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 503, "headers": {"retry-after": "1"}}])
def test_a_request_that_never_arrived_is_not_sent_again(shop: Shop, waits: Time, fault: dict[str, Any]) -> None:
    shop.make()
    before = shop.keys()
    shop.site.inject(**NOW, **fault)
    failure = shop.rejected(rotate=True, wait_timeout=30)
    assert "does not report after 30 s whether its keys have been rotated" in failure["msg"]
    assert sum(waits.slept) == 30
    assert asked_now(shop) == 1
    assert shop.keys() == before


def test_one_that_is_under_way_is_waited_for(shop: Shop, waits: Time) -> None:
    shop.make()
    first = shop.keys()
    shop.rotation.busy = True

    def end_it(seconds: float) -> None:
        if sum(waits.slept) >= 5 and shop.rotation.busy:
            shop.rotation.busy = False
            rotate(shop.site.service.world, shop.rotation, manual=False)

    waits.meanwhile = end_it
    done = shop.keep(rotate=True)
    assert done["changed"] and done["rotation_status"] == "success"
    assert waits.slept[:3] == [0.0, 1.0, 2.0]
    assert asked_now(shop) == 1, "the keys are new, and a second rotation would delete the first key"
    assert len(shop.keys()) == 2 and first <= shop.keys()


def test_one_that_never_ends(shop: Shop, waits: Time) -> None:
    shop.make()
    shop.rotation.busy = True
    failure = shop.rejected(rotate=True, wait_timeout=60)
    assert failure["kind"] == "conflict" and "already in progress" in failure["msg"]
    assert sum(waits.slept) == 60


def test_a_failure_is_reported_in_the_servers_words(shop: Shop, waits: Time) -> None:
    shop.make()
    for key in shop.keys():
        shop.iam.delete_access_key(UserName=shop.user, AccessKeyId=key)
    shop.iam.delete_user(UserName=shop.user)
    failure = shop.rejected(rotate=True)
    assert (failure["kind"], failure["status"]) == ("server", 500)
    assert "Rotating the keys of 'billing-keys' failed: Infisical encountered an issue" in failure["msg"]
    assert "cannot be found" in failure["msg"]
    assert sum(waits.slept) == 0
    found = shop.site.ok("aws_iam_rotation_info", project_id=shop.project_id)["aws_iam_rotations"]
    assert found[0]["rotation_status"] == "failed" and "cannot be found" in found[0]["last_rotation_message"]


def test_a_failure_whose_answer_was_lost(shop: Shop) -> None:
    shop.make()
    for key in shop.keys():
        shop.iam.delete_access_key(UserName=shop.user, AccessKeyId=key)
    shop.iam.delete_user(UserName=shop.user)
    shop.site.inject(**NOW, drop="after")
    assert "failed: Infisical encountered an issue" in shop.rejected(rotate=True)["msg"]


def test_a_500_that_says_nothing_of_the_rotation(shop: Shop, waits: Time) -> None:
    shop.make()
    shop.site.inject(**NOW, status=500)
    failure = shop.rejected(rotate=True)
    assert failure["status"] == 500 and "rotate-secrets answered 500" in failure["msg"]
    assert sum(waits.slept) == 0


def test_a_plan_without_rotations(shop: Shop) -> None:
    shop.make()
    before = shop.keys()
    shop.site.service.world.plan = "free"
    assert shop.rejected(rotate=True)["kind"] == "plan"
    assert shop.keys() == before


def test_a_rotation_that_vanishes_meanwhile(shop: Shop) -> None:
    shop.make()
    shop.site.inject(**NOW, drop="after")
    body = {"message": "Could not find AWS IAM User Secret Rotation", "error": "NotFound"}
    shop.site.inject(method="GET", path=f"{ROTATIONS}/[0-9a-f-]+$", status=404, body=body)
    assert "broke before the answer" in shop.rejected(rotate=True)["msg"]


def test_a_look_that_fails_says_that_a_rotation_was_asked_for(shop: Shop) -> None:
    shop.make()
    shop.site.inject(**NOW, drop="after")
    shop.site.inject(method="GET", path=f"{ROTATIONS}/[0-9a-f-]+$", status=403)
    assert "The rotation was requested, but its result could not be read." in shop.rejected(rotate=True)["msg"]


def test_two_runs_that_rotate_at_once_are_not_silent(shop: Shop) -> None:
    """The server keeps two keys per user, so the second rotation deletes the one that was in use."""
    shop.make()
    rotation = shop.rotation

    def somebody() -> None:
        rotation.active_index = (rotation.active_index + 1) % 2

    original = shop.site.service.answer_with
    pending = [somebody]

    async def answer_with(call: Any, fault: Any) -> Any:
        if pending and call.target.endswith("/rotate-secrets"):
            pending.pop()()
        return await original(call, fault)

    shop.site.service.answer_with = answer_with  # type: ignore[method-assign]
    try:
        concurrent = shop.keep(rotate=True)
        alone = shop.keep(rotate=True)
    finally:
        vars(shop.site.service).pop("answer_with")
    assert any("rotated twice at the same time" in warning for warning in concurrent["warnings"])
    assert not any("rotated twice at the same time" in warning for warning in alone.get("warnings", []))
