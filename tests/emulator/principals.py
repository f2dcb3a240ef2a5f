# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the server does at AWS with an app connection: testing it, and changing a user's keys."""

from __future__ import annotations

from typing import Any

from .errors import ApiError, bad_request
from .rotation_rows import Connection, KeyIssue
from .world import World

GENERATING = "Infisical encountered an issue while generating credentials with the configured inputs: "
MAXIMUM = 2


class Provider:
    """AWS, as one connection sees it."""

    def __init__(self, world: World, method: str, credentials: dict[str, str]) -> None:
        self.world = world
        self.method = method
        self.credentials = credentials

    def client(self, service: str) -> Any:
        aws = self.world.aws
        if aws is None:
            raise ProviderError("the emulator was started without AWS")
        if self.method == "access-key":
            return aws.client(service, self.credentials["accessKeyId"], self.credentials["secretAccessKey"])
        role = self.credentials["roleArn"]
        # moto hands out sessions of roles that do not exist.
        aws.client("iam").get_role(RoleName=role.rsplit("/", 1)[-1])
        session = aws.client("sts").assume_role(
            RoleArn=role, RoleSessionName="infisical-app-connection", ExternalId=self.world.organization.id
        )["Credentials"]
        return aws.client(service, session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])

    def identify(self) -> None:
        """Test the connection as every write of its credentials does (server-notes#connection-tests)."""
        try:
            self.client("sts").get_caller_identity()
        except provider_errors() as error:
            raise bad_request(f"Unable to validate connection: {error}") from None

    def users(self) -> list[dict[str, str]]:
        found = self.client("iam").list_users()["Users"]
        return [{"UserName": user["UserName"], "Arn": user["Arn"]} for user in found]

    def issue_key(self, user: str) -> dict[str, str]:
        """Make a key; a user who has two loses the oldest first (server-notes#creating-a-rotation-costs-a-key). Between
        these others may come."""
        issue = KeyIssue(user, self.world.clock.now())
        self.world.key_issues.append(issue)
        iam = self.client("iam")
        keys = sorted(iam.list_access_keys(UserName=user)["AccessKeyMetadata"], key=lambda key: key["CreateDate"])
        if len(keys) >= MAXIMUM:
            iam.delete_access_key(UserName=user, AccessKeyId=keys[0]["AccessKeyId"])
            issue.deleted.append(keys[0]["AccessKeyId"])
        key = iam.create_access_key(UserName=user)["AccessKey"]
        issue.made = key["AccessKeyId"]
        return {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}

    def drop_keys(self, user: str, pairs: list[dict[str, str]]) -> None:
        iam = self.client("iam")
        live = {key["AccessKeyId"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}
        for pair in pairs:
            if pair["accessKeyId"] in live:
                iam.delete_access_key(UserName=user, AccessKeyId=pair["accessKeyId"])


class ProviderError(Exception):
    """The provider could not be asked at all."""


def provider_errors() -> tuple[type[Exception], ...]:
    """What talking to AWS may raise; botocore is imported only when AWS is used."""
    from botocore.exceptions import BotoCoreError, ClientError

    return (ProviderError, BotoCoreError, ClientError)


def provider_of(world: World, connection: Connection) -> Provider:
    return Provider(world, connection.method, connection.credentials)


def issued(world: World, connection: Connection, user: str, *, status: int) -> dict[str, str]:
    """Issue a key; a failure of AWS is a 400 on create and a 500 on rotate-now
    (server-notes#rejections-that-cost-no-key)."""
    try:
        return provider_of(world, connection).issue_key(user)
    except provider_errors() as error:
        name = "BadRequest" if status == 400 else "InternalServerError"
        raise ApiError(status, name, f"{GENERATING}{error}") from None


def keep(world: World, pair: dict[str, str]) -> None:
    """Note that the key is in a rotation now, so that what its making deleted was not deleted for nothing."""
    for issue in world.key_issues:
        if issue.made == pair["accessKeyId"]:
            issue.kept = True
