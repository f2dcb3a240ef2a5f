# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that prevents a rotation is detected before the request that costs a key. A failed check stops the
task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import CONNECTIONS, ROTATIONS, Shop

UNTOUCHED = "Nothing was changed and no key was touched."
NOBODY = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


def without_preflight(shop: Shop, **more: Any) -> Any:
    """Sends the plain request, like every other client."""
    body = {
        "name": "billing-keys",
        "projectId": shop.project_id,
        "connectionId": shop.connection_id,
        "environment": "prod",
        "secretPath": "/aws",
        "rotationInterval": 30,
        "parameters": {"userName": shop.user},
        "secretsMapping": {"accessKeyId": "KEY_ID", "secretAccessKey": "SECRET_KEY"},
        **more,
    }
    headers = {"Authorization": f"Bearer {shop.site.token}"}
    return shop.site.http.post(shop.site.url + ROTATIONS, json=body, headers=headers)


def test_the_danger_is_real(shop: Shop) -> None:
    """Two rejected attempts without a preflight, and both keys that were in use are deleted."""
    shop.secret("KEY_ID")
    before = shop.give_keys(2)
    for left in (1, 0, 0):
        answer = without_preflight(shop)
        assert answer.status_code == 400
        assert "already exist" in answer.json()["message"]
        assert len(before & shop.keys()) == left
    assert shop.rotations == []


def test_the_danger_is_gone_on_servers_that_check_first(shop: Shop) -> None:
    shop.site.service.world.rotation_check = "first"
    shop.secret("KEY_ID")
    before = shop.give_keys(2)
    assert without_preflight(shop).status_code == 400
    assert shop.keys() == before


@pytest.mark.parametrize("rotation_check", ["after", "first"])
@pytest.mark.parametrize("taken", ["KEY_ID", "SECRET_KEY"])
def test_a_taken_secret_name_costs_no_key(shop: Shop, rotation_check: str, taken: str) -> None:
    shop.site.service.world.rotation_check = rotation_check
    shop.secret(taken)
    before = shop.give_keys(2)
    shop.site.clear_requests()
    for check in (True, False, False, False):
        failure = shop.rejected(check=check)
        assert failure["kind"] == "conflict"
        assert f"prod:/aws already has a secret named {taken}" in failure["msg"]
        assert UNTOUCHED in failure["msg"]
        assert "precious" not in str(failure)
        assert shop.keys() == before
    assert shop.site.counts()["writes"] == 0
    assert shop.rotations == []


OBSTACLES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no such connection": ({"connection_name": "aws-nothing"}, "not_found", "Available: aws-billing ("),
    "no such connection id": ({"connection_name": None, "connection_id": NOBODY}, "not_found", f"with the id {NOBODY}"),
    "no such project": (
        {"project_id": NOBODY},
        "not_found",
        f"no project with project_id '{NOBODY}'. It sees: billing",
    ),
    "no such project slug": ({"project_id": None, "project_slug": "billin"}, "not_found", "It sees: billing ("),
    "no such environment": ({"environment": "production"}, "not_found", "It has: dev, staging, prod."),
    "no such folder": ({"secret_path": "/aws/keys"}, "not_found", "no folder /aws/keys. /aws has the folders: none."),
    "no folder on the way": ({"secret_path": "/a/b"}, "not_found", "no folder /a. / has the folders: aws."),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_an_obstacle_is_named_and_nothing_is_sent(shop: Shop, obstacle: str) -> None:
    options, kind, words = OBSTACLES[obstacle]
    before = shop.give_keys(2)
    shop.site.clear_requests()
    messages = set()
    for check in (True, False):
        failure = shop.rejected(check=check, **options)
        assert failure["kind"] == kind
        assert words in failure["msg"]
        messages.add(failure["msg"])
    assert len(messages) == 1
    assert shop.site.counts()["writes"] == 0
    assert shop.keys() == before


def test_a_connection_of_another_app_is_none(shop: Shop) -> None:
    rejection = {"message": f'App Connection with ID {NOBODY} is not for App "aws"', "error": "BadRequest"}
    shop.site.inject(method="GET", path=f"{CONNECTIONS}/{NOBODY}", status=400, body=rejection, times=2)
    for check in (True, False):
        failure = shop.rejected(check=check, connection_name=None, connection_id=NOBODY)
        assert failure["kind"] == "conflict"
        assert f"The connection {NOBODY} is not an AWS connection." in failure["msg"]
    assert ROTATIONS not in shop.asked()


def test_two_connections_of_one_name_are_no_choice(shop: Shop) -> None:
    other = shop.connect("aws-billing", projectId=shop.project_id)
    failure = shop.rejected()
    assert failure["kind"] == "conflict"
    assert "2 AWS connections are named 'aws-billing'" in failure["msg"]
    assert other in failure["msg"] and shop.connection_id in failure["msg"]
    assert shop.keep(connection_name=None, connection_id=other)["connection_name"] == "aws-billing"


def test_a_connection_of_the_project_is_found_where_the_organisation_is_closed(shop: Shop) -> None:
    mine = shop.connect("aws-own", projectId=shop.project_id)
    shop.site.inject(method="GET", path=r"available$", status=403, times=9)
    assert shop.keep(connection_name="aws-own")["aws_iam_rotation"]["connection_id"] == mine


def test_a_name_that_a_rotation_of_another_type_has(shop: Shop) -> None:
    shop.make()
    shop.rotation.connection_id = shop.connect("aws-other")
    rejection = {
        "message": 'Secret Rotation with ID "1" is not configured for AWS IAM User Secret',
        "error": "BadRequest",
    }
    shop.site.inject(method="GET", path="rotation-name", status=400, body=rejection)
    failure = shop.rejected()
    assert failure["kind"] == "conflict"
    assert "rotation of another type" in failure["msg"]


def test_a_name_that_only_the_list_shows(shop: Shop) -> None:
    """If the lookup by name answers "not found" but the list contains it, the list is right."""
    shop.make()
    before = shop.keys()
    rejection = {"message": "Could not find AWS IAM User Secret Rotation with name", "error": "NotFound"}
    shop.site.inject(method="GET", path="rotation-name", status=404, body=rejection)
    failure = shop.rejected(parameters={"user_name": shop.new_user(f"{shop.user}-2")})
    assert failure["kind"] == "conflict"
    assert f"prod:/aws already has a rotation named 'billing-keys': {shop.rotation.id}" in failure["msg"]
    assert shop.keys() == before


def test_two_rotations_of_one_user_would_kill_each_others_keys(shop: Shop) -> None:
    shop.make()
    before = shop.keys()
    shop.folder("other")
    failure = shop.rejected(name="more-keys", secret_path="/other")
    assert failure["kind"] == "conflict"
    assert f"Rotation 'billing-keys' in prod:/aws ({shop.rotation.id}) already rotates the keys" in failure["msg"]
    assert shop.keys() == before


def test_the_same_user_name_over_another_connection_may_be_another_account(shop: Shop) -> None:
    shop.make()
    shop.connect("aws-staging")
    shop.folder("aws", "staging")
    assert shop.keep(environment="staging", connection_name="aws-staging")["changed"]
    assert len(shop.rotations) == 2


READS = {
    "the rotation": "rotation-name",
    "the rotations": "/secret-rotations\\?",
    "the project": "/api/v1/projects/",
    "the folders": "/api/v2/folders",
    "the connections": "/available",
    "the secrets": "/api/v4/secrets\\?",
    "one secret": "/api/v4/secrets/KEY_ID",
}


@pytest.mark.parametrize("status", [400, 403, 500])
@pytest.mark.parametrize("read", READS)
def test_a_read_that_fails_is_a_rejection(shop: Shop, read: str, status: int) -> None:
    before = shop.give_keys(2)
    for check in (True, False):
        shop.site.inject(method="GET", path=READS[read], status=status, times=9)
        failure = shop.rejected(check=check)
        assert failure["status"] == status
        assert read == "the rotation" or UNTOUCHED in failure["msg"]
        shop.site.service.faults.clear()
    assert ROTATIONS not in shop.asked()
    assert shop.keys() == before


def invisible_in_list(shop: Shop) -> None:
    shop.site.inject(method="GET", path=READS["the secrets"], status=200, body={"secrets": []}, times=9)


def forbidden_by_name(shop: Shop) -> None:
    invisible_in_list(shop)
    shop.site.inject(method="GET", path=READS["one secret"], status=403, times=9)


@pytest.mark.parametrize("permissions", [invisible_in_list, forbidden_by_name])
def test_a_secret_that_the_list_hides_is_found_by_its_name(shop: Shop, permissions: Callable[[Shop], None]) -> None:
    """The newest servers omit objects from lists that the caller may not see (server-notes#invisible-rotations)."""
    shop.secret("KEY_ID")
    before = shop.give_keys(2)
    permissions(shop)
    assert UNTOUCHED in shop.rejected()["msg"]
    assert shop.keys() == before


def test_a_plan_without_rotations_is_one_error(shop: Shop) -> None:
    before = shop.give_keys(2)
    shop.site.service.world.plan = "free"
    failure = shop.rejected()
    assert failure["kind"] == "plan"
    assert "Upgrade plan to create secret rotations" in failure["msg"]
    assert "no key was touched" in failure["msg"]
    assert shop.keys() == before


def test_a_plan_that_does_not_allow_reads(shop: Shop) -> None:
    text = "Failed to get secret rotation due to plan restriction. Upgrade plan to access secret rotations."
    shop.site.inject(path="secret-rotations", status=400, body={"message": text, "error": "BadRequest"}, times=9)
    for check in (True, False):
        assert shop.rejected(check=check)["kind"] == "plan"
    failure = shop.site.failure("aws_iam_rotation_info", project_id=shop.project_id)
    assert failure["kind"] == "plan"


def test_a_connection_that_the_caller_may_not_use(shop: Shop) -> None:
    shop.site.inject(method="GET", path="/available", status=200, body={"appConnections": []}, times=4)
    for options in ({}, {"connection_name": None, "connection_id": shop.connection_id}):
        failure = shop.rejected(**options)
        assert failure["kind"] == "permission" and "may not connect with it" in failure["msg"]


def test_a_rotation_that_was_moved_twice_is_no_choice(shop: Shop) -> None:
    """Another client has created two for one user, so it is unknown which one the declaration refers to."""
    shop.make()
    shop.folder("other")
    assert without_preflight(shop, secretPath="/other").status_code == 200
    shop.folder("third")
    before = shop.keys()
    failure = shop.rejected(secret_path="/third", recreate=True)
    assert failure["kind"] == "conflict" and "prod:/aws (" in failure["msg"] and "prod:/other (" in failure["msg"]
    assert shop.keys() == before
