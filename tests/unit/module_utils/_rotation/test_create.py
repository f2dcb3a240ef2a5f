# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A rotation costs one key, whatever happens to the answer."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._rotation import rotation_store
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_store import RotationStore
from tests.conftest import Time

from .conftest import CREATE, ROTATIONS, Shop


def test_check_run_check_run(shop: Shop) -> None:
    before = shop.give_keys(1)
    parameters = {"user_name": shop.user, "region": "us-east-1"}
    desired: dict[str, Any] = {"rotate_at_utc": "03:30", "description": "Uploads", "parameters": parameters}
    shop.site.clear_requests()
    checked = shop.keep(check=True, **desired)
    assert checked["changed"] and checked["rotation_id"] is None
    assert shop.site.counts()["writes"] == 0
    assert shop.keys() == before

    done = shop.keep(**desired)
    assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
    assert shop.asked() == [ROTATIONS]
    (made,) = shop.keys() - before
    assert shop.secrets() == {"KEY_ID": made, "SECRET_KEY": shop.secrets()["SECRET_KEY"]}
    assert shop.works(made, shop.secrets()["SECRET_KEY"])
    assert done["rotation_status"] == "success" and done["next_rotation_at"].endswith("T03:30:00.000Z")
    assert not done["rotated"]

    shop.site.clear_requests()
    for check in (True, False):
        again = shop.keep(check=check, **desired)
        assert (again["changed"], again["diff"]) == (False, {"before": {}, "after": {}})
        assert again["aws_iam_rotation"] == done["aws_iam_rotation"]
    assert shop.site.counts()["writes"] == 0
    assert shop.keys() == before | {made}


def test_the_budget_of_requests(shop: Shop) -> None:
    made = shop.make()
    shop.keep()
    assert [one["method"] for one in shop.site.requests()] == ["GET"]
    shop.site.clear_requests()
    shop.site.ok("aws_iam_rotation", rotation_id=made["rotation_id"], rotation_interval=7)
    assert [one["method"] for one in shop.site.requests()] == ["GET", "PATCH"]


def test_everything_that_can_be_said_is_sent(shop: Shop) -> None:
    shop.make(
        name="all-of-it",
        rotate_at_utc={"hours": "3", "minutes": 5},
        auto_rotation_enabled=False,
        description=" Uploads ",
        secret_path="/aws/",
        parameters={"user_name": f" {shop.user} ", "region": "eu-central-1"},
    )
    stored = shop.stored()
    assert stored["isAutoRotationEnabled"] is False and stored["nextRotationAt"] is None
    assert stored["rotateAtUtc"] == {"hours": 3, "minutes": 5}
    assert stored["description"] == "Uploads"
    assert stored["parameters"] == {"userName": shop.user, "region": "eu-central-1"}
    assert stored["folder"]["path"] == "/aws"
    assert not shop.keep(name="all-of-it", auto_rotation_enabled=False, description="Uploads")["changed"]


def test_the_result_can_be_given_back(shop: Shop) -> None:
    made = shop.make(description="Uploads")
    again = shop.site.ok("aws_iam_rotation", **made["aws_iam_rotation"])
    assert not again["changed"]
    assert again["aws_iam_rotation"] == made["aws_iam_rotation"]


def test_a_dropped_answer_costs_one_key_and_the_task_reports_the_truth(shop: Shop) -> None:
    before = shop.give_keys(1)
    shop.site.inject(**CREATE, drop="after")
    made = shop.keep()
    assert made["changed"] and made["rotation_id"] == shop.rotation.id
    assert shop.asked().count(ROTATIONS) == 1
    assert len(shop.keys() - before) == 1 and before <= shop.keys()
    assert not shop.keep()["changed"]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_answer_of_a_proxy_in_place_of_the_servers(shop: Shop, status: int) -> None:
    before = shop.give_keys(1)
    # A proxy that gave up on a slow server may ask to retry, but the POST must not be repeated.
    shop.site.inject(**CREATE, after=True, status=status, headers={"retry-after": "1"})
    made = shop.keep()
    assert made["rotation_id"] == shop.rotation.id
    assert "rotate" in " ".join(made["warnings"]), "another run may have created it, and ours may have wasted a key"
    assert shop.asked().count(ROTATIONS) == 1
    assert len(shop.keys() - before) == 1 and before <= shop.keys()


def test_a_server_error_after_the_rotation_was_made_is_reported(shop: Shop) -> None:
    """The later of two runs gets the same answer, after a key was issued for it."""
    shop.give_keys(1)
    shop.site.inject(**CREATE, after=True, status=500)
    failure = shop.rejected()
    assert failure["kind"] == "server" and "may have issued an access key" in failure["msg"]
    assert not shop.keep()["changed"]


@pytest.mark.parametrize(
    "fault", [{"drop": "before"}, {"status": 502}, {"status": 503, "headers": {"retry-after": "1"}}]
)
def test_what_was_never_carried_out_is_not_tried_again(shop: Shop, waits: Time, fault: dict[str, Any]) -> None:
    before = shop.give_keys(2)
    shop.site.inject(**CREATE, **fault)
    failure = shop.rejected(wait_timeout=60)
    assert "The server may have issued an access key for IAM user" in failure["msg"]
    assert shop.asked().count(ROTATIONS) == 1
    assert sum(waits.slept) == 60
    assert shop.keys() == before


def test_a_limit_is_waited_for_because_nothing_has_begun(shop: Shop, waits: Time) -> None:
    shop.site.inject(**CREATE, status=429, headers={"retry-after": "7"})
    assert shop.keep()["changed"]
    assert 7 in waits.slept
    assert len(shop.keys()) == 1


def test_a_server_that_is_still_at_it(shop: Shop, waits: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client gives up before the server has finished, and the rotation appears later."""
    monkeypatch.setattr(rotation_store, "SHORTEST_TIMEOUT", 0.3)
    waits.meanwhile = lambda seconds: time.sleep(0.2)
    shop.site.inject(**CREATE, delay_ms=1500)
    before = shop.give_keys(1)
    made = shop.keep(timeout=1)
    assert made["rotation_id"] == shop.rotation.id
    assert shop.asked().count(ROTATIONS) == 1
    assert len(shop.keys() - before) == 1


def test_somebody_else_was_faster(shop: Shop) -> None:
    """The server issued a key before it rejected the second of two creates, and may have deleted the one in use."""
    shop.make()
    taken = {"message": 'A Secret Rotation with the name "billing-keys" already exists', "error": "BadRequest"}
    missing = {"message": 'Could not find AWS IAM User Secret Rotation with name "billing-keys"', "error": "NotFound"}
    shop.site.inject(method="GET", path="rotation-name", status=404, body=missing)
    shop.site.inject(method="GET", path=r"/secret-rotations\?", status=200, body={"secretRotations": []}, times=2)
    shop.site.inject(method="GET", path=r"/api/v4/secrets\?", status=200, body={"secrets": []})
    gone = {"message": "Secret not found", "error": "NotFound"}
    shop.site.inject(method="GET", path="/api/v4/secrets/", status=404, body=gone, times=2)
    shop.site.inject(**CREATE, status=400, body=taken)
    before = shop.keys()
    failure = shop.rejected()
    assert failure["kind"] == "conflict" and "may have issued an access key" in failure["msg"]
    assert shop.asked().count(ROTATIONS) == 1 and shop.keys() == before


def test_a_failure_of_aws_is_reported_and_what_it_may_have_cost(shop: Shop) -> None:
    failure = shop.rejected(parameters={"user_name": "nobody"})
    assert "Infisical encountered an issue while generating credentials" in failure["msg"]
    assert "for IAM user nobody" in failure["msg"]
    assert shop.rotations == []


def test_a_field_that_the_server_drops_leaves_the_rotation_where_it_is(shop: Shop) -> None:
    """Deleting it again would cost or strand its key."""
    answer: dict[str, Any] = {}

    def keep_automatic(self: Any, body: dict[str, Any]) -> Any:
        wire = original(self, {**body, "isAutoRotationEnabled": True})
        answer.update(wire)
        return wire

    original = RotationStore.create
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RotationStore, "create", keep_automatic)
        failure = shop.rejected(auto_rotation_enabled=False)
    assert failure["kind"] == "unsupported_by_server"
    assert "The server accepted auto_rotation_enabled False, but stored True instead" in failure["msg"]
    assert "left as the server created it" in failure["msg"]
    assert shop.rotation.id == answer["id"]


def test_the_cost_is_announced(shop: Shop) -> None:
    for check in (True, False):
        assert any("deletes the older one" in one for one in shop.keep(check=check)["warnings"])
    assert "warnings" not in shop.keep()


def test_an_older_server(old: Any) -> None:
    options = {
        "name": "billing-keys",
        "project_id": "p",
        "environment": "prod",
        "secret_path": "/",
        "connection_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "parameters": {"user_name": "uploader"},
        "secrets_mapping": {"access_key_id": "A", "secret_access_key": "B"},
        "rotation_interval": 30,
    }
    for check in (True, False):
        failure = old.failure("aws_iam_rotation", check=check, **options)
        assert failure["kind"] == "unsupported_by_server"
        assert "This server does not support secret rotations" in failure["msg"]
    assert old.failure("aws_iam_rotation_info", project_id="p")["kind"] == "unsupported_by_server"


@pytest.mark.parametrize(("timeout", "given"), [(30.0, 120.0), (300.0, 300.0)])
def test_the_server_is_given_time_to_go_to_aws(timeout: float, given: float) -> None:
    client = Client(Server("http://127.0.0.1:1", timeout=timeout))
    store = RotationStore(client, rotation_id=None, desired={}, wait_seconds=0)
    assert store.timeout == given
