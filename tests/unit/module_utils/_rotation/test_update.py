# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes of an existing rotation, changes that the server would silently ignore, and recreation."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import CREATE, ROTATIONS, Shop

UPDATES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "interval": ({"rotation_interval": 60}, {"rotationInterval": 60}),
    "time of day": ({"rotate_at_utc": "23:59"}, {"rotateAtUtc": {"hours": 23, "minutes": 59}}),
    "off": ({"auto_rotation_enabled": False}, {"isAutoRotationEnabled": False}),
    "off by its other name": ({"is_auto_rotation_enabled": "no"}, {"isAutoRotationEnabled": False}),
    "description": ({"description": "Other"}, {"description": "Other"}),
    "no description": ({"description": ""}, {"description": None}),
    "mapping": (
        {"secrets_mapping": {"access_key_id": "ID", "secret_access_key": "SECRET_KEY"}},
        {"secretsMapping": {"accessKeyId": "ID", "secretAccessKey": "SECRET_KEY"}},
    ),
    "mapping, swapped": (
        {"secrets_mapping": {"access_key_id": "SECRET_KEY", "secret_access_key": "KEY_ID"}},
        {"secretsMapping": {"accessKeyId": "SECRET_KEY", "secretAccessKey": "KEY_ID"}},
    ),
}


@pytest.mark.parametrize("update", UPDATES)
def test_only_what_changes_is_sent(shop: Shop, update: str) -> None:
    options, body = UPDATES[update]
    shop.make(description="Uploads", parameters={"user_name": shop.user, "region": "us-east-1"})
    keys, before = shop.keys(), shop.stored()
    shop.site.clear_requests()
    checked = shop.keep(check=True, **options)
    assert shop.site.counts()["writes"] == 0
    done = shop.keep(**options)
    assert done["changed"] and (checked["changed"], checked["diff"]) == (done["changed"], done["diff"])
    assert [set(sent) for sent in shop.bodies("PATCH")] == [set(body)]
    after = shop.stored()
    volatile = {"updatedAt", "nextRotationAt"}
    assert {key: after[key] for key in before if key not in body.keys() | volatile} == {
        key: before[key] for key in before if key not in body.keys() | volatile
    }
    assert {key: after[key] for key in body} == body
    assert set(shop.secrets()) == set(after["secretsMapping"].values())
    shop.site.clear_requests()
    assert not shop.keep(**options)["changed"]
    assert shop.site.counts()["writes"] == 0
    assert shop.keys() == keys


def test_a_region_comes_and_goes_beside_the_user(shop: Shop) -> None:
    shop.make()
    assert shop.keep(parameters={"region": "eu-west-1"})["diff"] == {
        "before": {"parameters": {"user_name": shop.user}},
        "after": {"parameters": {"user_name": shop.user, "region": "eu-west-1"}},
    }
    assert not shop.keep()["changed"], "options that are not given do not change"
    shop.keep(parameters={"region": ""})
    assert shop.stored()["parameters"] == {"userName": shop.user}
    assert not shop.keep(parameters={"region": ""})["changed"]


def test_auto_rotation_off_stays_off_when_nobody_mentions_it(shop: Shop) -> None:
    shop.make(auto_rotation_enabled=False)
    assert not shop.keep()["changed"]
    shop.keep(description="Other")
    assert shop.stored()["isAutoRotationEnabled"] is False


def test_a_new_name_by_the_id(shop: Shop) -> None:
    rotation_id = shop.make()["rotation_id"]
    renamed = shop.site.ok("aws_iam_rotation", rotation_id=rotation_id.upper(), name="other-keys")
    assert renamed["diff"] == {"before": {"name": "billing-keys"}, "after": {"name": "other-keys"}}
    assert shop.stored()["name"] == "other-keys"


def test_names_that_are_taken_are_rejected_before_the_write(shop: Shop) -> None:
    first = shop.make()["rotation_id"]
    other = {"access_key_id": "ID", "secret_access_key": "SECRET"}
    shop.make(name="other", parameters={"user_name": shop.new_user(f"{shop.user}-2")}, secrets_mapping=other)
    for check in (True, False):
        failure = shop.site.failure("aws_iam_rotation", check=check, rotation_id=first, name="other")
        assert failure["kind"] == "conflict" and "already has a rotation named 'other'" in failure["msg"]
        failure = shop.rejected(check=check, secrets_mapping={**other, "access_key_id": "KEY_ID"})
        assert failure["kind"] == "conflict" and "already has a secret named SECRET" in failure["msg"]
    assert shop.site.counts()["writes"] == 0


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        ({"auto_rotation_enabled": True}, True),
        ({"auto_rotation_enabled": True, "rotation_interval": 40}, False),
        ({"rotation_interval": 1}, False),
        ({"description": "x"}, False),
    ],
)
def test_an_update_that_sets_off_a_rotation_says_so(shop: Shop, options: dict[str, Any], warned: bool) -> None:
    shop.make(auto_rotation_enabled=False)
    shop.later(days=31)
    for check in (True, False):
        result = shop.keep(check=check, **options)
        assert any("immediately" in one for one in result.get("warnings", [])) == warned
    # The warning is correct: the emulator's scheduler uses the same rule.
    assert (len(shop.keys()) == 2) == warned


def test_a_fraction_of_a_day_is_not_taken_for_a_day(shop: Shop) -> None:
    shop.make()
    shop.rotation.interval = 30.5
    assert shop.keep()["diff"] == {"before": {"rotation_interval": 30.5}, "after": {"rotation_interval": 30}}


MOVES: dict[str, dict[str, Any]] = {
    "environment": {"environment": "staging"},
    "secret_path": {"secret_path": "/aws/deeper"},
    "connection_id": {"connection_name": "aws-other"},
    "parameters.user_name": {"parameters": {"user_name": "other"}},
}


def ready_to_move(shop: Shop, option: str) -> dict[str, Any]:
    """Creates everything that the new place requires. Returns its options."""
    shop.folder("aws", "staging")
    shop.folder("deeper", path="/aws")
    shop.connect("aws-other")
    if option == "parameters.user_name":
        return {"parameters": {"user_name": shop.new_user(f"{shop.user}-other")}}
    return dict(MOVES[option])


@pytest.mark.parametrize("by", ["name", "rotation_id"])
@pytest.mark.parametrize("option", MOVES)
def test_what_the_server_would_drop_is_rejected_with_the_reason(shop: Shop, option: str, by: str) -> None:
    made = shop.make()
    options = ready_to_move(shop, option)
    if by == "rotation_id":
        options |= {"rotation_id": made["rotation_id"]}
    keys, before = shop.keys(), shop.stored()
    shop.site.clear_requests()
    for check in (True, False):
        failure = shop.rejected(check=check, **options)
        assert failure["kind"] == "validation"
        assert f"{option} is " in failure["msg"] and "recreate: true" in failure["msg"]
        assert "Nothing was changed." in failure["msg"]
    assert shop.site.counts()["writes"] == 0
    assert (shop.keys(), shop.stored()) == (keys, before)


@pytest.mark.parametrize("option", MOVES)
def test_made_again_on_request(shop: Shop, option: str) -> None:
    theirs = shop.give_keys(1)
    old = shop.make(description="Uploads", rotation_interval=7)
    (old_key,) = shop.keys() - theirs
    options = {"rotation_interval": None, "recreate": True, **ready_to_move(shop, option)}
    shop.site.clear_requests()
    checked = shop.keep(check=True, **options)
    assert shop.site.counts()["writes"] == 0
    assert checked["rotation_id"] is None and "rotation_status" not in checked
    assert any("is deleted with its secrets" in one and "revoked" in one for one in checked["warnings"])

    done = shop.keep(**options)
    assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
    assert done["generated_credentials_revoked"] and done["secrets_deleted"]
    assert [one["method"] for one in shop.site.requests() if one["method"] != "GET"] == ["DELETE", "POST"]
    assert done["rotation_id"] == shop.rotation.id != old["rotation_id"]
    assert old_key not in shop.keys() and theirs <= shop.keys()
    stored = shop.stored()
    assert (stored["description"], stored["rotationInterval"]) == ("Uploads", 7), (
        "options that are not given do not change"
    )
    place = (stored["environment"]["slug"], stored["folder"]["path"])
    assert set(shop.secrets(*place)) == {"KEY_ID", "SECRET_KEY"}
    if place != ("prod", "/aws"):
        assert shop.secrets() == {}
    again = shop.keep(**options)
    assert not again["changed"]


def test_nothing_is_deleted_when_the_new_one_cannot_be_made(shop: Shop) -> None:
    shop.make()
    keys = shop.keys()
    shop.folder("aws", "staging")
    shop.secret("KEY_ID", environment="staging")
    shop.site.clear_requests()
    moves: list[tuple[dict[str, Any], str]] = [
        ({"environment": "staging"}, "staging:/aws already has a secret named KEY_ID"),
        ({"environment": "dev"}, "Environment dev has no folder /aws"),
        ({"environment": "nowhere"}, "has no environment 'nowhere'"),
        ({"connection_name": "aws-nothing"}, "No AWS connection named 'aws-nothing'"),
    ]
    for options, words in moves:
        for check in (True, False):
            assert words in shop.rejected(check=check, recreate=True, **options)["msg"]
    assert shop.site.counts()["writes"] == 0
    assert shop.keys() == keys and set(shop.secrets()) == {"KEY_ID", "SECRET_KEY"}


def test_recreate_changes_nothing_where_an_update_does(shop: Shop) -> None:
    rotation_id = shop.make()["rotation_id"]
    assert shop.keep(recreate=True, rotation_interval=7)["rotation_id"] == rotation_id
    assert shop.asked("DELETE") == []


def test_a_dropped_answer_while_making_again(shop: Shop) -> None:
    shop.make()
    options = ready_to_move(shop, "environment")
    shop.site.clear_requests()
    shop.site.inject(method="DELETE", path=ROTATIONS, drop="after")
    shop.site.inject(**CREATE, drop="after")
    done = shop.keep(recreate=True, **options)
    assert done["rotation_id"] == shop.rotation.id
    assert shop.asked().count(ROTATIONS) == 1
    assert len(shop.keys()) == 1


def test_a_failure_after_the_deletion_says_what_is_gone(shop: Shop) -> None:
    shop.make()
    options = ready_to_move(shop, "environment")
    shop.site.inject(**CREATE, status=400, body={"message": "Something else", "error": "BadRequest"})
    failure = shop.rejected(recreate=True, **options)
    assert "The former rotation is deleted and its keys are revoked, but" in failure["msg"]
    assert shop.rotations == []


def test_an_id_that_there_is_none_of(shop: Shop) -> None:
    nobody = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    for check in (True, False):
        failure = shop.rejected(check=check, rotation_id=nobody)
        assert failure["kind"] == "not_found" and f"AWS IAM rotation {nobody} does not exist" in failure["msg"]
    assert not shop.site.ok("aws_iam_rotation", rotation_id=nobody, state="absent")["changed"]


def test_deleted_behind_the_back_of_an_update(shop: Shop) -> None:
    """A rotation that is deleted during a PATCH is not recreated: that would be another plan, and another key."""
    shop.make()
    shop.secret("TAKEN")
    body = {"message": "Could not find AWS IAM User Secret Rotation with ID 1", "error": "NotFound"}
    shop.site.inject(method="PATCH", path=ROTATIONS, status=404, body=body)
    shop.site.inject(method="GET", path=f"{ROTATIONS}/[0-9a-f-]+$", status=404, body=body)
    failure = shop.rejected(rotation_interval=7)
    assert failure["kind"] == "conflict" and "Another client removed" in failure["msg"]
    assert ROTATIONS not in shop.asked()
