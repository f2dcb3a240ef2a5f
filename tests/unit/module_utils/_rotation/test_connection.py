# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS connections: write-only credentials, an immutable method, and delays of AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Result, Time

from .conftest import CONNECTIONS, Shop

ROLE = "arn:aws:iam::123456789012:role/{}"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
}
NOBODY = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


def role(shop: Shop) -> str:
    name = f"role-{shop.user}"
    shop.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return ROLE.format(name)


def by_key(shop: Shop, **more: Any) -> dict[str, Any]:
    keys = {"access_key_id": shop.rotator["accessKeyId"], "secret_access_key": shop.rotator["secretAccessKey"]}
    return {"name": "aws-new", "method": "access-key", "credentials": keys, **more}


def keep(shop: Shop, **options: Any) -> Result:
    result = shop.site.ok("aws_connection", **options)
    assert shop.rotator["secretAccessKey"] not in str(result)
    return result


def check_and_keep(shop: Shop, **options: Any) -> Result:
    """Runs the task in check mode, in a run and again. Checks that they agree, and returns the result of the run."""
    shop.site.clear_requests()
    checked = keep(shop, check=True, **options)
    assert shop.site.counts()["writes"] == 0
    done = keep(shop, **options)
    assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
    shop.site.clear_requests()
    again = keep(shop, **options)
    assert not again["changed"] and again["aws_connection"] == done["aws_connection"]
    assert [one["method"] for one in shop.site.requests()] == ["GET"]
    return done


def test_by_access_key(shop: Shop) -> None:
    done = check_and_keep(shop, **by_key(shop, description="Rotates"))
    assert done["changed"] and done["diff"]["after"]["credentials"]["secret_access_key"] == "(not displayed)"
    assert done["aws_connection"]["credentials"] == {"access_key_id": shop.rotator["accessKeyId"]}
    stored = shop.site.api("GET", f"{CONNECTIONS}/{done['connection_id']}")["appConnection"]
    assert (stored["name"], stored["method"], stored["description"]) == ("aws-new", "access-key", "Rotates")
    given_back = {key: value for key, value in done["aws_connection"].items() if key != "credentials"}
    assert not keep(shop, **given_back)["changed"]


def test_by_role(shop: Shop) -> None:
    options = {"name": "aws-role", "method": "assume-role", "credentials": {"role_arn": role(shop)}}
    done = check_and_keep(shop, **options)
    assert done["aws_connection"]["credentials"] == {}
    assert not keep(shop, **done["aws_connection"])["changed"], "a result can be passed as options"


def test_of_a_project(shop: Shop) -> None:
    done = check_and_keep(shop, **by_key(shop, project_id=shop.project_id))
    assert done["aws_connection"]["project_id"] == shop.project_id
    other = keep(shop, **by_key(shop))
    assert other["changed"], "a project and the organisation can have connections with the same name"
    assert other["connection_id"] != done["connection_id"]
    assert not keep(shop, **by_key(shop, project_slug="billing"))["changed"]
    failure = shop.site.failure("aws_connection", connection_id=other["connection_id"], project_id=shop.project_id)
    assert "project_id is '' and cannot become" in failure["msg"]
    for check in (True, False):
        failure = shop.site.failure("aws_connection", check=check, **by_key(shop, name="x", project_id=NOBODY))
        assert f"no project with project_id '{NOBODY}'" in failure["msg"] and failure["kind"] == "not_found"


def test_a_server_without_connections_of_projects(shop: Shop) -> None:
    answer = shop.site.api("GET", f"{CONNECTIONS}/{shop.connection_id}")["appConnection"]
    del answer["projectId"]
    shop.site.inject(method="GET", path="connection-name", status=200, body={"appConnection": answer})
    failure = shop.site.failure("aws_connection", name="aws-billing", project_id=shop.project_id)
    assert failure["kind"] == "unsupported_by_server" and "does not support connections of projects" in failure["msg"]


def test_description_and_name(shop: Shop) -> None:
    check_and_keep(shop, **by_key(shop))
    for description in ("Rotates", ""):
        done = check_and_keep(shop, name="aws-new", description=description)
        assert done["diff"]["after"] == {"description": description}
    renamed = check_and_keep(shop, connection_id=done["connection_id"], name="aws-newer")
    assert renamed["diff"] == {"before": {"name": "aws-new"}, "after": {"name": "aws-newer"}}
    for check in (True, False):
        failure = shop.site.failure(
            "aws_connection", check=check, connection_id=done["connection_id"], name="aws-billing"
        )
        assert failure["kind"] == "conflict" and shop.connection_id in failure["msg"]


def test_the_method_stays(shop: Shop) -> None:
    keep(shop, **by_key(shop))
    shop.site.clear_requests()
    for check in (True, False):
        failure = shop.site.failure(
            "aws_connection",
            check=check,
            name="aws-new",
            method="assume-role",
            credentials={"role_arn": ROLE.format("other")},
        )
        assert "method is 'access-key' and cannot become 'assume-role'" in failure["msg"]
        assert "Nothing was changed." in failure["msg"]
    assert shop.site.counts()["writes"] == 0


def test_credentials_of_the_other_method_are_seen_without_the_method(shop: Shop) -> None:
    keep(shop, **by_key(shop))
    wrong = {"name": "aws-new", "update_credentials": "always", "credentials": {"role_arn": ROLE.format("other")}}
    failure = shop.site.failure("aws_connection", **wrong)
    assert "credentials.role_arn cannot be used with method access-key" in failure["msg"]


def test_another_key_is_written_because_its_id_can_be_compared(shop: Shop) -> None:
    keep(shop, **by_key(shop))
    rotator = shop.iam.get_access_key_last_used(AccessKeyId=shop.rotator["accessKeyId"])["UserName"]
    key = shop.iam.create_access_key(UserName=rotator)["AccessKey"]
    newer = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
    done = check_and_keep(shop, name="aws-new", credentials=newer)
    assert done["changed"] and done["aws_connection"]["credentials"] == {"access_key_id": key["AccessKeyId"]}
    assert key["SecretAccessKey"] not in str(done)


@pytest.mark.parametrize("update", ["on_create", "always"])
def test_a_secret_that_cannot_be_compared(shop: Shop, update: str) -> None:
    keep(shop, **by_key(shop))
    for check in (True, False, False):
        shop.site.clear_requests()
        result = keep(shop, check=check, **by_key(shop, update_credentials=update))
        assert result["changed"] == (update == "always")
        assert (shop.site.counts()["writes"] == 1) == (update == "always" and not check)
        if update == "always":
            assert result["diff"]["after"] == {
                "credentials": {"access_key_id": shop.rotator["accessKeyId"], "secret_access_key": "(not displayed)"}
            }


def test_a_fresh_role_is_waited_for(shop: Shop, waits: Time) -> None:
    name = f"late-{shop.user}"

    def appear(seconds: float) -> None:
        if seconds == 4:
            shop.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))

    waits.meanwhile = appear
    options = {"name": "aws-late", "method": "assume-role", "credentials": {"role_arn": ROLE.format(name)}}
    done = keep(shop, **options)
    assert done["changed"] and done["warnings"] == ["AWS accepted the credentials only after 7 s."]
    assert waits.slept == [1.0, 2.0, 4.0]


def test_a_role_that_will_never_be(shop: Shop, waits: Time) -> None:
    options = {"name": "aws-never", "method": "assume-role", "credentials": {"role_arn": ROLE.format("never")}}
    failure = shop.site.failure("aws_connection", **options, wait_timeout=20)
    assert failure["status"] == 400 and "Unable to validate connection" in failure["msg"]
    assert "after waiting 20 s for AWS" in failure["msg"]
    assert sum(waits.slept) == 20
    waits.slept.clear()
    assert "waiting" not in shop.site.failure("aws_connection", **options, wait_timeout=0)["msg"]
    assert waits.slept in ([], [0.0])


def test_a_wrong_secret_is_not_waited_for(shop: Shop, waits: Time) -> None:
    wrong = by_key(shop)
    wrong["credentials"] = {**wrong["credentials"], "secret_access_key": "wrong-wrong-wrong"}
    failure = shop.site.failure("aws_connection", **wrong)
    assert "Unable to validate connection" in failure["msg"] and "wrong-wrong-wrong" not in str(failure)
    assert sum(waits.slept) == 0


def test_a_dropped_answer_makes_one_connection(shop: Shop) -> None:
    shop.site.inject(method="POST", path=f"{CONNECTIONS}$", drop="after")
    done = keep(shop, **by_key(shop))
    found = shop.site.api("GET", CONNECTIONS)["appConnections"]
    assert [one["id"] for one in found if one["name"] == "aws-new"] == [done["connection_id"]]


def test_in_use_it_stays(shop: Shop) -> None:
    shop.make()
    for check in (True, False):
        failure = shop.site.failure("aws_connection", check=check, name="aws-billing", state="absent")
        assert failure["kind"] == "conflict"
        assert "These rotations use it: billing-keys in billing." in failure["msg"]
    assert "Cannot delete App Connection with existing connections." in failure["msg"]


def test_absent(shop: Shop) -> None:
    for check, changed in ((True, True), (False, True), (False, False)):
        result = shop.site.ok("aws_connection", check=check, name="aws-billing", state="absent")
        assert result["changed"] == changed and "aws_connection" not in result
    assert not shop.site.ok("aws_connection", connection_id=shop.connection_id, state="absent")["changed"]
    failure = shop.site.failure("aws_connection", **by_key(shop, connection_id=NOBODY))
    assert f"AWS connection {NOBODY} does not exist" in failure["msg"]


def test_info(shop: Shop) -> None:
    mine = shop.connect("aws-own", projectId=shop.project_id)

    def read(**options: Any) -> list[str]:
        result = shop.site.ok("aws_connection_info", **options)
        assert not result["changed"] and shop.rotator["secretAccessKey"] not in str(result)
        return [one["connection_id"] for one in result["aws_connections"]]

    assert read() == [shop.connection_id]
    assert read(name="aws-billing") == [shop.connection_id]
    assert read(connection_id=mine.upper()) == [mine]
    assert read(project_slug="billing") == read(project_id=shop.project_id) == [mine]
    assert read(name="aws-nothing") == read(connection_id=NOBODY) == []


def test_an_older_server(old: Any) -> None:
    options = {"name": "aws", "method": "assume-role", "credentials": {"role_arn": ROLE.format("r")}}
    for check in (True, False):
        failure = old.failure("aws_connection", check=check, **options)
        assert failure["kind"] == "unsupported_by_server" and "does not support app connections" in failure["msg"]
    assert old.failure("aws_connection_info")["kind"] == "unsupported_by_server"


def test_users_that_cannot_be_read_do_not_hide_the_rejection(shop: Shop) -> None:
    shop.make()
    shop.site.inject(method="GET", path=r"/secret-rotations\?", status=403)
    failure = shop.site.failure("aws_connection", name="aws-billing", state="absent")
    assert failure["kind"] == "conflict" and "Cannot delete App Connection" in failure["msg"]
    assert "These rotations" not in failure["msg"]


@pytest.mark.parametrize("address", ["https://[", "https://", "sts.amazonaws.com"])
def test_an_address_that_is_none(shop: Shop, address: str) -> None:
    credentials = {"role_arn": ROLE.format("r"), "sts_endpoint": address}
    failure = shop.site.failure("aws_connection", name="aws-new", method="assume-role", credentials=credentials)
    assert "credentials.sts_endpoint must be an https address" in failure["msg"]
