# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A shop in AWS: an IAM user whose keys are rotated, a connection that may rotate them, a project and a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.conftest import Result, Site, Time
from tests.emulator.rotation_rows import Rotation

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROTATIONS = "/api/v2/secret-rotations/aws-iam-user-secret"
CONNECTIONS = "/api/v1/app-connections/aws"
NUMBERS = count()
"""Numbers of shops: all shops share one AWS."""
CREATE = {"method": "POST", "path": f"{ROTATIONS}$"}
"""The request that costs a key."""


class Shop:
    """The initial state of each test, accessed with the AWS API and the Infisical API, without the collection."""

    def __init__(self, site: Site, iam: Any, number: int, rotator: dict[str, str]) -> None:
        self.site = site
        self.iam = iam
        self.rotator = rotator
        self.user = self.new_user(f"uploader-{number}")
        body = {"projectName": "Billing", "slug": "billing"}
        self.project_id: str = site.api("POST", "/api/v1/projects", body)["project"]["id"]
        self.connection_id = self.connect("aws-billing")
        self.folder("aws")

    def new_user(self, name: str, keys: int = 0) -> str:
        self.iam.create_user(UserName=name)
        self.give_keys(keys, name)
        return name

    def give_keys(self, count: int, user: str | None = None) -> set[str]:
        return {
            self.iam.create_access_key(UserName=user or self.user)["AccessKey"]["AccessKeyId"] for _key in range(count)
        }

    def connect(self, name: str, **wire: Any) -> str:
        body = {"name": name, "method": "access-key", "credentials": self.rotator, **wire}
        return str(self.site.api("POST", CONNECTIONS, body)["appConnection"]["id"])

    def folder(self, name: str, environment: str = "prod", path: str = "/") -> None:
        body = {"projectId": self.project_id, "environment": environment, "name": name, "path": path}
        self.site.api("POST", "/api/v2/folders", body)

    def secret(self, name: str, value: str = "precious", environment: str = "prod") -> None:
        body = {"projectId": self.project_id, "environment": environment, "secretPath": "/aws", "secretValue": value}
        self.site.api("POST", f"/api/v4/secrets/{name}", body)

    def keys(self, user: str | None = None) -> set[str]:
        """Returns the ids of the user's active keys in AWS."""
        found = self.iam.list_access_keys(UserName=user or self.user)["AccessKeyMetadata"]
        return {key["AccessKeyId"] for key in found if key["Status"] == "Active"}

    def secrets(self, environment: str = "prod", path: str = "/aws") -> dict[str, str]:
        query = f"projectId={self.project_id}&environment={environment}&secretPath={path}"
        found = self.site.api("GET", f"/api/v4/secrets?{query}")["secrets"]
        return {one["secretKey"]: one["secretValue"] for one in found}

    def works(self, key_id: str, secret: str) -> bool:
        account = self.site.aws_account
        assert account is not None
        arn: str = account.client("sts", key_id, secret).get_caller_identity()["Arn"]
        return arn.endswith(f"user/{self.user}")

    def later(self, days: float) -> None:
        """Advances the server's clock and logs in again, because every token has expired."""
        self.site.advance_clock(days * 86400)
        self.site.clients.clear()
        self.site._token = None

    @property
    def rotations(self) -> list[Rotation]:
        return list(self.site.service.world.rotations.values())

    @property
    def rotation(self) -> Rotation:
        (one,) = self.rotations
        return one

    def stored(self) -> dict[str, Any]:
        found: dict[str, Any] = self.site.api("GET", f"{ROTATIONS}/{self.rotation.id}")["secretRotation"]
        return found

    def desired(self, **more: Any) -> dict[str, Any]:
        """Returns a complete declaration. None omits an option."""
        whole = {
            "name": "billing-keys",
            "project_id": self.project_id,
            "environment": "prod",
            "secret_path": "/aws",
            "connection_name": "aws-billing",
            "parameters": {"user_name": self.user},
            "secrets_mapping": {"access_key_id": "KEY_ID", "secret_access_key": "SECRET_KEY"},
            "rotation_interval": 30,
            **more,
        }
        return {option: value for option, value in whole.items() if value is not None}

    def make(self, **more: Any) -> Result:
        """Creates a rotation and clears the record of requests."""
        made = self.site.ok("aws_iam_rotation", **self.desired(**more))
        self.site.clear_requests()
        return made

    def keep(self, **more: Any) -> Result:
        return self.site.ok("aws_iam_rotation", **self.desired(**more))

    def rejected(self, **more: Any) -> Result:
        return self.site.failure("aws_iam_rotation", **self.desired(**more))

    def asked(self, method: str = "POST") -> list[str]:
        """Returns the paths of the requests with one HTTP method, in order."""
        return [one["path"] for one in self.site.requests() if one["method"] == method]

    def bodies(self, method: str) -> list[Any]:
        return [one["body"] for one in self.site.requests() if one["method"] == method]


@pytest.fixture(scope="module")
def aws_site() -> Iterator[Site]:
    """The only AWS of this process, reset."""
    site = Site(profile="current", aws=True).start()
    yield site
    site.stop()


@pytest.fixture
def shop(aws_site: Site, waits: Time) -> Shop:
    """A new user in the same AWS, everything else reset, and without real waits."""
    aws_site.reset()
    account = aws_site.aws_account
    assert account is not None
    iam = account.client("iam")
    number = next(NUMBERS)
    name = f"rotator-{number}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    rotator = {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}
    return Shop(aws_site, iam, number, rotator)
