# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Key rotation: a connection and a rotation, each created, changed and deleted, and rotation of keys that are too
old."""

from __future__ import annotations

from typing import Any

from tests.conftest import Site
from tests.faults.harness.iam import ROLES, ROTATOR_KEY, USER, Iam, Key
from tests.faults.harness.play import Play
from tests.faults.harness.stage import Scenario

CREDENTIALS = {
    "access_key_id": ROTATOR_KEY["accessKeyId"],
    "secret_access_key": ROTATOR_KEY["secretAccessKey"],
}
CONNECTION = {"name": "aws-billing", "method": "access-key", "credentials": CREDENTIALS, "wait_timeout": 5}
PLACE = {"name": "billing-keys", "project_slug": "billing", "environment": "prod", "secret_path": "/aws"}
ROTATION: dict[str, Any] = {
    **PLACE,
    "connection_name": CONNECTION["name"],
    "parameters": {"user_name": USER},
    "secrets_mapping": {"access_key_id": "KEY_ID", "secret_access_key": "SECRET_KEY"},
    "rotation_interval": 30,
    "wait_timeout": 20,
}
TOO_OLD = 40 * 86400


def user(site: Site) -> None:
    """An IAM user with one key that is in use. Two keys issued for one rotation would delete it."""
    iam: Any = site.service.world.aws
    assert isinstance(iam, Iam)
    iam.users[USER] = [Key("AKIAINUSE", 0)]
    body = {"projectName": "Billing", "slug": "billing"}
    project = site.api("POST", "/api/v1/projects", body)["project"]["id"]
    site.api("POST", "/api/v2/folders", {"projectId": project, "environment": "prod", "name": "aws", "path": "/"})


def connected(site: Site) -> None:
    user(site)
    site.ok("aws_connection", **CONNECTION)


def rotating(site: Site) -> None:
    connected(site)
    site.ok("aws_iam_rotation", **ROTATION, auto_rotation_enabled=False)


def too_old(site: Site) -> None:
    rotating(site)
    for rotation in site.service.world.rotations.values():
        rotation.rotated_at -= TOO_OLD
        rotation.attempted_at -= TOO_OLD


def connect(play: Play) -> None:
    play.task("aws_connection", **CONNECTION)


def change_connection(play: Play) -> None:
    play.task("aws_connection", name=CONNECTION["name"], description="Rotates the keys of the billing users")


def disconnect(play: Play) -> None:
    play.task("aws_connection", name=CONNECTION["name"], state="absent")


def connect_by_role(play: Play) -> None:
    credentials = {"role_arn": f"arn:aws:iam::123456789012:role/{ROLES[0]}"}
    play.task("aws_connection", name="aws-role", method="assume-role", credentials=credentials, wait_timeout=5)


def rotate_from_now_on(play: Play) -> None:
    play.task("aws_iam_rotation", **ROTATION)


def change_rotation(play: Play) -> None:
    mapping = {"access_key_id": "NEW_KEY_ID", "secret_access_key": "NEW_SECRET_KEY"}
    play.task("aws_iam_rotation", **PLACE, description="Billing", rotation_interval=60, secrets_mapping=mapping)


def rotate_old_keys(play: Play) -> None:
    play.task("aws_iam_rotation", **PLACE, max_age_days=30, wait_timeout=20)


def rotate_no_more(play: Play) -> None:
    flags = {"delete_secrets": True, "revoke_generated_credentials": True}
    play.task("aws_iam_rotation", **PLACE, state="absent", **flags)


SCENARIOS = (
    Scenario("connection-make", connect, user),
    Scenario("connection-by-role", connect_by_role, user),
    Scenario("connection-change", change_connection, connected),
    Scenario("connection-delete", disconnect, connected),
    Scenario("rotation-make", rotate_from_now_on, connected, keys=1),
    Scenario("rotation-change", change_rotation, rotating),
    Scenario("rotation-rotate", rotate_old_keys, too_old, keys=1),
    Scenario("rotation-delete", rotate_no_more, rotating),
)
