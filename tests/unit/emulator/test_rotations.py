# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""App connections and rotations on moto's IAM, with the order of checks that burns keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.emulator.principals import Provider

from .conftest import Client, running

CONNECTIONS = "/api/v1/app-connections/aws"
ROTATIONS = "/api/v2/secret-rotations/aws-iam-user-secret"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
MAPPING = {"accessKeyId": "AWS_ACCESS_KEY_ID", "secretAccessKey": "AWS_SECRET_ACCESS_KEY"}


class Stage:
    """An emulator with AWS, a connection, a project, and an IAM user whose keys are rotated."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.iam = client.aws.client("iam")
        self.connection_id = self.connect("rotator")
        project = client.post("/api/v1/projects", json={"projectName": "Demo"}).json()["project"]
        self.project_id: str = project["id"]
        self.made = 0

    def connect(self, name: str) -> str:
        keys = self.principal(name)
        body = {"name": name, "method": "access-key", "credentials": keys}
        answer = self.client.post(CONNECTIONS, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["appConnection"]["id"])

    def principal(self, name: str) -> dict[str, str]:
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}

    def user(self, keys: int = 0) -> str:
        self.made += 1
        name = f"app-{self.made}"
        self.iam.create_user(UserName=name)
        for _key in range(keys):
            self.iam.create_access_key(UserName=name)
        return name

    def keys(self, user: str) -> set[str]:
        return {key["AccessKeyId"] for key in self.iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}

    def folder(self) -> str:
        self.made += 1
        body = {"workspaceId": self.project_id, "environment": "dev", "name": f"f{self.made}"}
        assert self.client.post("/api/v1/folders", json=body).status_code == 200
        return f"/f{self.made}"

    def desired(self, user: str, folder: str, **more: Any) -> dict[str, Any]:
        return {
            "name": "aws-key",
            "projectId": self.project_id,
            "connectionId": self.connection_id,
            "environment": "dev",
            "secretPath": folder,
            "rotationInterval": 30,
            "parameters": {"userName": user},
            "secretsMapping": MAPPING,
            **more,
        }

    def secrets(self, folder: str) -> dict[str, str]:
        path = f"/api/v4/secrets?projectId={self.project_id}&environment=dev&secretPath={folder}"
        return {row["secretKey"]: row["secretValue"] for row in self.client.get(path).json()["secrets"]}

    def rotation(self, folder: str, user: str, **more: Any) -> dict[str, Any]:
        answer = self.client.post(ROTATIONS, json=self.desired(user, folder, **more))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["secretRotation"]
        return found


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    for client in running(aws=True):
        yield Stage(client)


def refused(answer: Any, status: int = 400) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["message"])


def test_connection_is_tested_and_hides_its_secret(stage: Stage) -> None:
    keys = stage.principal("second")
    body: dict[str, Any] = {"name": "second", "method": "access-key", "credentials": keys}
    wrong = {**body, "credentials": {**keys, "secretAccessKey": "wrong"}}
    assert refused(stage.client.post(CONNECTIONS, json=wrong)).startswith("Unable to validate connection")
    made = stage.client.post(CONNECTIONS, json=body).json()["appConnection"]
    assert made["credentials"] == {"accessKeyId": keys["accessKeyId"]}
    assert refused(stage.client.post(CONNECTIONS, json=body)) == (
        'An App Connection with the name "second" already exists'
    )
    path = f"{CONNECTIONS}/{made['id']}"
    patched = stage.client.patch(path, json={"credentials": keys, "method": "assume-role"}).json()["appConnection"]
    assert patched["credentialsHash"] != made["credentialsHash"]
    assert patched["method"] == "access-key"
    message = refused(stage.client.patch(path, json={"credentials": {"roleArn": "x"}}))
    assert message.startswith("Invalid credential format for AWS Connection with method access-key")
    assert stage.client.get(f"{CONNECTIONS}/connection-name/second").json()["appConnection"]["id"] == made["id"]
    assert stage.client.delete(path).status_code == 200
    assert refused(stage.client.get(path), 404) == f"Could not find App Connection with ID {made['id']}"


def test_connection_by_role(stage: Stage) -> None:
    body = {"name": "role", "method": "assume-role", "credentials": {"roleArn": "arn:aws:iam::123456789012:role/r"}}
    assert refused(stage.client.post(CONNECTIONS, json=body)).startswith("Unable to validate connection")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    stage.iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))
    made = stage.client.post(CONNECTIONS, json=body).json()["appConnection"]
    assert made["credentials"] == {}


def test_rotation_issues_real_keys(stage: Stage) -> None:
    user, folder = stage.user(), stage.folder()
    made = stage.rotation(folder, user)
    secrets = stage.secrets(folder)
    assert stage.keys(user) == {secrets["AWS_ACCESS_KEY_ID"]}
    aws = stage.client.aws
    arn = aws.client("sts", *secrets.values()).get_caller_identity()["Arn"]
    assert arn.endswith(f"user/{user}")
    assert (made["folder"]["path"], made["activeIndex"], made["type"]) == (folder, 0, "aws-iam-user-secret")
    path = f"{ROTATIONS}/{made['id']}"
    rotated = stage.client.post(f"{path}/rotate-secrets").json()["secretRotation"]
    assert rotated["activeIndex"] == 1
    assert stage.secrets(folder)["AWS_ACCESS_KEY_ID"] != secrets["AWS_ACCESS_KEY_ID"]
    assert len(stage.keys(user)) == 2
    generated = stage.client.get(f"{path}/generated-credentials").json()
    assert {pair["accessKeyId"] for pair in generated["generatedCredentials"]} == stage.keys(user)
    in_use = refused(stage.client.delete(f"{CONNECTIONS}/{stage.connection_id}"))
    assert in_use.startswith("Cannot delete App Connection")


def test_taken_names_are_noticed_when_a_key_is_already_gone(stage: Stage) -> None:
    user, folder = stage.user(keys=2), stage.folder()
    before = stage.keys(user)
    place = {"workspaceId": stage.project_id, "environment": "dev", "secretPath": folder, "secretValue": "v"}
    stage.client.post("/api/v3/secrets/raw/AWS_ACCESS_KEY_ID", json=place)
    message = refused(stage.client.post(ROTATIONS, json=stage.desired(user, folder)))
    assert message == f'The following secrets already exist at the path "{folder}": AWS_ACCESS_KEY_ID'
    assert len(before & stage.keys(user)) == 1
    refused(stage.client.post(ROTATIONS, json=stage.desired(user, folder)))
    assert not before & stage.keys(user)


def test_a_race_burns_the_key_in_use(stage: Stage) -> None:
    """A whole creation happens between the keys of another and its last look: both had found the names free."""
    user, folder = stage.user(keys=2), stage.folder()
    (oldest, second) = [key["AccessKeyId"] for key in stage.iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]
    emulator = stage.client.emulator
    other = Client(emulator, emulator.admin_token())
    before = emulator.state()["iam"]
    won: list[Any] = []
    emulator.inject(
        method="POST",
        path=f"{ROTATIONS}$",
        midway=lambda: won.append(other.post(ROTATIONS, json=stage.desired(user, folder))),
    )
    message = refused(stage.client.post(ROTATIONS, json=stage.desired(user, folder)))
    assert message.startswith("The following secrets already exist")
    assert won[0].status_code == 200
    after = emulator.state()["iam"]
    assert set(after["burned"]) - set(before["burned"]) == {oldest}
    (stranded,) = set(after["stranded"]) - set(before["stranded"])
    lost, kept = after["issues"][-2:]
    assert (lost["made"], lost["deleted"], lost["kept"]) == (stranded, [oldest], False)
    assert (kept["deleted"], kept["kept"]) == ([second], True)
    held = {key["access_key_id"]: key["held_by"] for key in after["keys"] if key["user"] == user}
    assert held == {stranded: [], kept["made"]: [won[0].json()["secretRotation"]["id"]]}


def test_two_at_once_leave_one_rotation(stage: Stage) -> None:
    user, folder = stage.user(), stage.folder()
    clients = [Client(stage.client.emulator, stage.client.emulator.admin_token()) for _turn in range(4)]
    desired = stage.desired(user, folder)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: client.post(ROTATIONS, json=desired), clients))
    (made,) = [answer.json()["secretRotation"] for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} == {200, 400}
    rows = [row for row in stage.client.emulator.state()["rotations"] if row["folder_id"] == made["folderId"]]
    assert [row["id"] for row in rows] == [made["id"]]


def test_two_at_once_leave_one_connection(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both see that the name is free, while the credentials are tested."""
    both_looked = Barrier(2)
    monkeypatch.setattr(Provider, "identify", lambda _provider: both_looked.wait(timeout=10))
    clients = [Client(stage.client.emulator, stage.client.emulator.admin_token()) for _turn in range(2)]
    body = {"name": "shared", "method": "access-key", "credentials": {"accessKeyId": "A", "secretAccessKey": "B"}}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client.post(CONNECTIONS, json=body), clients))
    assert sorted(answer.status_code for answer in answers) == [200, 500]
    assert [row["name"] for row in stage.client.emulator.state()["connections"]].count("shared") == 1


def test_newer_servers_look_first(stage: Stage) -> None:
    user, folder = stage.user(keys=2), stage.folder()
    before = stage.keys(user)
    place = {"projectId": stage.project_id, "environment": "dev", "secretPath": folder, "secretValue": "v"}
    stage.client.post("/api/v4/secrets/AWS_ACCESS_KEY_ID", json=place)
    world = stage.client.emulator.service.world
    world.rotation_check = "first"
    refused(stage.client.post(ROTATIONS, json=stage.desired(user, folder)))
    world.rotation_check = "after"
    assert stage.keys(user) == before


def test_what_is_checked_before_any_key_is_made(stage: Stage) -> None:
    user, folder = stage.user(keys=1), stage.folder()
    stage.rotation(folder, user)
    before = stage.keys(user)
    desired_states: list[tuple[dict[str, Any], int, str]] = [
        ({"secretPath": "/nope"}, 400, "Could not find folder with path"),
        ({"name": "aws-key"}, 400, 'A Secret Rotation with the name "aws-key" already exists'),
        ({"connectionId": "00000000-dead-4bad-8bad-000000000000"}, 404, "Could not find App Connection"),
        ({"name": "b", "secretsMapping": {"accessKeyId": "A", "secretAccessKey": "A"}}, 400, "Secrets mapping keys"),
    ]
    for more, status, text in desired_states:
        assert refused(stage.client.post(ROTATIONS, json=stage.desired(user, folder, **more)), status).startswith(text)
    assert stage.client.post(ROTATIONS, json=stage.desired(user, folder, name="Upper")).status_code == 422
    assert stage.keys(user) == before
    missing = refused(stage.client.post(ROTATIONS, json=stage.desired("nobody", stage.folder())))
    assert missing.startswith("Infisical encountered an issue while generating credentials")


def test_update_drops_moves_without_a_word(stage: Stage) -> None:
    user, folder = stage.user(), stage.folder()
    made = stage.rotation(folder, user)
    path = f"{ROTATIONS}/{made['id']}"
    moved = stage.client.patch(path, json={"environment": "prod", "secretPath": "/", "connectionId": "x"})
    assert moved.status_code == 200
    assert moved.json()["secretRotation"]["environment"]["slug"] == "dev"
    renamed = {"accessKeyId": "KEY", "secretAccessKey": "SECRET"}
    assert stage.client.patch(path, json={"secretsMapping": renamed}).status_code == 200
    assert set(stage.secrets(folder)) == {"KEY", "SECRET"}
    off = stage.client.patch(path, json={"isAutoRotationEnabled": False}).json()["secretRotation"]
    assert off["nextRotationAt"] is None


def test_turning_it_on_late_rotates_at_once(stage: Stage) -> None:
    user, folder = stage.user(), stage.folder()
    made = stage.rotation(folder, user, isAutoRotationEnabled=False, rotationInterval=1)
    stage.client.emulator.advance_clock(3 * 86_400)
    client = Client(stage.client.emulator, stage.client.emulator.admin_token())
    assert client.get(f"{ROTATIONS}/{made['id']}").json()["secretRotation"]["activeIndex"] == 0
    on = client.patch(f"{ROTATIONS}/{made['id']}", json={"isAutoRotationEnabled": True}).json()["secretRotation"]
    assert (on["activeIndex"], on["isLastRotationManual"], len(stage.keys(user))) == (1, False, 2)


def test_by_name_and_delete_flags(stage: Stage) -> None:
    user, folder = stage.user(), stage.folder()
    stage.rotation(folder, user)
    query = f"projectId={stage.project_id}&environment=dev&secretPath={folder}"
    found = stage.client.get(f"{ROTATIONS}/rotation-name/aws-key?{query}").json()["secretRotation"]
    refused(stage.client.get(f"{ROTATIONS}/rotation-name/other?{query}"), 404)
    refused(stage.client.get(f"{ROTATIONS}/rotation-name/other?{query}/nope"), 400)
    path = f"{ROTATIONS}/{found['id']}"
    assert stage.client.delete(f"{path}?deleteSecrets=yes").status_code == 422
    assert stage.client.delete(path).status_code == 200
    assert len(stage.secrets(folder)) == 2
    assert len(stage.keys(user)) == 1
    again = stage.rotation(stage.folder(), user)
    folder = again["folder"]["path"]
    flags = "deleteSecrets=true&revokeGeneratedCredentials=true"
    assert stage.client.delete(f"{ROTATIONS}/{again['id']}?{flags}").status_code == 200
    assert stage.secrets(folder) == {}
    assert len(stage.keys(user)) == 1


def test_plan_comes_first(emulated: Any) -> None:
    client = emulated(plan="free")
    nowhere = "00000000-dead-4bad-8bad-000000000000"
    body = {
        "name": "x",
        "projectId": nowhere,
        "connectionId": nowhere,
        "environment": "dev",
        "secretPath": "/",
        "rotationInterval": 1,
        "parameters": {"userName": "u"},
        "secretsMapping": MAPPING,
    }
    message = "Failed to create secret rotation due to plan restriction. Upgrade plan to create secret rotations."
    assert refused(client.post(ROTATIONS, json=body)) == message


def test_absent_in_2024(old: Client) -> None:
    for path in (CONNECTIONS, ROTATIONS):
        assert old.get(path).json()["message"] == f"Route GET:{path} not found"
