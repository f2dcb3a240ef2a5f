# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deletion of a rotation: what is deleted with it, what remains, and the warnings. Also the info module."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import ROTATIONS, Shop

FLAGS = [(False, False), (True, False), (False, True), (True, True)]


def address(shop: Shop) -> dict[str, Any]:
    place = {"environment": "prod", "secret_path": "/aws", "project_id": shop.project_id}
    return {"name": "billing-keys", **place, "state": "absent"}


@pytest.mark.parametrize(("secrets", "keys"), FLAGS)
def test_what_goes_and_what_stays(shop: Shop, secrets: bool, keys: bool) -> None:
    theirs = shop.give_keys(1)
    shop.make()
    made = shop.keys() - theirs
    options = {**address(shop), "delete_secrets": secrets, "revoke_generated_credentials": keys}
    checked = shop.site.ok("aws_iam_rotation", check=True, **options)
    assert shop.site.counts()["writes"] == 0
    done = shop.site.ok("aws_iam_rotation", **options)
    for result in (checked, done):
        assert result["changed"] and "aws_iam_rotation" not in result
        assert (result["secrets_deleted"], result["generated_credentials_revoked"]) == (secrets, keys)
        said = " ".join(result.get("warnings", []))
        assert ("remain active" in said) == (not keys)
        assert ("remain in prod:/aws as ordinary secrets" in said) == (not secrets)
    assert checked["diff"] == done["diff"] and done["diff"]["before"]["name"] == "billing-keys"
    assert shop.keys() == (theirs if keys else theirs | made)
    assert set(shop.secrets()) == (set() if secrets else {"KEY_ID", "SECRET_KEY"})
    shop.site.clear_requests()
    again = shop.site.ok("aws_iam_rotation", **options)
    assert not again["changed"] and "warnings" not in again
    assert shop.site.counts()["writes"] == 0


def test_a_dropped_answer(shop: Shop) -> None:
    shop.make()
    shop.site.inject(method="DELETE", path=ROTATIONS, drop="after")
    assert shop.site.ok("aws_iam_rotation", **address(shop), revoke_generated_credentials=True)["changed"]
    assert shop.rotations == [] and shop.keys() == set()


def test_keys_that_cannot_be_revoked_keep_the_rotation(shop: Shop) -> None:
    shop.make()
    before = shop.keys()
    body = {"message": "Failed to revoke generated credentials: AccessDenied", "error": "InternalServerError"}
    shop.site.inject(method="DELETE", path=ROTATIONS, status=500, body=body)
    failure = shop.site.failure("aws_iam_rotation", **address(shop), revoke_generated_credentials=True)
    assert "Failed to revoke generated credentials" in failure["msg"]
    assert shop.keys() == before and shop.rotation


def test_a_folder_that_is_not_there_holds_no_rotation(shop: Shop) -> None:
    assert not shop.site.ok("aws_iam_rotation", **{**address(shop), "secret_path": "/nowhere"})["changed"]


def test_info_reads_one_or_all_and_never_a_key(shop: Shop) -> None:
    made = shop.make()
    second = {"access_key_id": "ID", "secret_access_key": "SECRET"}
    shop.make(name="a-first", parameters={"user_name": shop.new_user(f"{shop.user}-b")}, secrets_mapping=second)
    secrets = shop.secrets()

    def read(**options: Any) -> list[str]:
        result = shop.site.ok("aws_iam_rotation_info", **options)
        assert not result["changed"]
        assert not any(secrets[name] in str(result) for name in ("SECRET_KEY", "SECRET"))
        return [one["name"] for one in result["aws_iam_rotations"]]

    assert read(project_id=shop.project_id) == ["a-first", "billing-keys"]
    assert read(project_slug="billing", name="billing-keys", env_slug="prod", path="/aws/") == ["billing-keys"]
    assert read(rotation_id=made["rotation_id"]) == ["billing-keys"]
    assert read(project_id=shop.project_id, environment="dev") == []
    assert read(rotation_id="3c90c3cc-0d44-4b50-8888-8dd25736052a") == []
    assert not any("generated-credentials" in path for path in shop.asked("GET"))
    (one,) = shop.site.ok("aws_iam_rotation_info", rotation_id=made["rotation_id"])["aws_iam_rotations"]
    assert one["connection_name"] == "aws-billing" and one["last_rotation_manual"] is True
    assert (one["rotation_status"], one["last_rotated_at"]) == ("success", made["last_rotated_at"])
    assert {option: one[option] for option in made["aws_iam_rotation"]} == made["aws_iam_rotation"]


def test_a_result_never_holds_the_secret_half_of_a_key(shop: Shop) -> None:
    """In its complete life cycle: created, rotated, recreated, deleted."""
    shop.folder("aws", "staging")
    results = [shop.keep(), shop.keep(rotate=True)]
    halves = [shop.secrets()["SECRET_KEY"]]
    results.append(shop.keep(recreate=True, environment="staging"))
    halves.append(shop.secrets("staging")["SECRET_KEY"])
    results.append(shop.site.ok("aws_iam_rotation", **{**address(shop), "environment": "staging"}))
    assert not any(half in str(result) for half in [*halves, shop.rotator["secretAccessKey"]] for result in results)
