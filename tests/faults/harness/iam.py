# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS in memory: users with at most two keys each, and a count of every key that was ever issued.

It is much faster than moto, which the tests in tests/unit/module_utils/_rotation use, and is copied together with the
emulator's world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
ROTATOR_KEY = {"accessKeyId": "AKIAROTATOR", "secretAccessKey": "rotators-own-secret-key"}
USER = "uploader"
ROLES = ("infisical-rotation", "infisical-rotation-2")


@dataclass
class Key:
    key_id: str
    made: int


@dataclass
class Iam:
    """Implements what the emulator needs of AWS, and replaces ``World.aws``."""

    users: dict[str, list[Key]] = field(default_factory=dict)
    made: int = 0
    deleted: list[str] = field(default_factory=list)

    def client(self, service: str, key_id: str = "", secret: str = "", token: str | None = None) -> Iam:
        if key_id and key_id not in (ROTATOR_KEY["accessKeyId"], "ASIASESSION"):
            raise rejected("InvalidClientTokenId", "The security token included in the request is invalid.")
        return self

    def get_role(self, RoleName: str) -> dict[str, Any]:
        if RoleName not in ROLES:
            raise rejected("NoSuchEntity", f"The role with name {RoleName} cannot be found.")
        return {"Role": {"RoleName": RoleName}}

    def assume_role(self, **asked: str) -> dict[str, Any]:
        return {"Credentials": {"AccessKeyId": "ASIASESSION", "SecretAccessKey": "x", "SessionToken": "x"}}

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": "arn:aws:iam::123456789012:user/rotator"}

    def list_users(self) -> dict[str, Any]:
        return {"Users": [{"UserName": name, "Arn": f"arn:aws:iam::123456789012:user/{name}"} for name in self.users]}

    def list_access_keys(self, UserName: str) -> dict[str, Any]:
        keys = [
            {"AccessKeyId": key.key_id, "CreateDate": BEGINNING + timedelta(seconds=key.made), "Status": "Active"}
            for key in self.keys(UserName)
        ]
        return {"AccessKeyMetadata": keys}

    def create_access_key(self, UserName: str) -> dict[str, Any]:
        keys = self.keys(UserName)
        if len(keys) > 1:
            raise rejected("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
        self.made += 1
        key = Key(f"AKIA{UserName.upper()}{self.made}", self.made)
        keys.append(key)
        secret = f"made-by-rotation-{self.made}-of-{UserName}"
        return {"AccessKey": {"AccessKeyId": key.key_id, "SecretAccessKey": secret}}

    def delete_access_key(self, UserName: str, AccessKeyId: str) -> None:
        self.users[UserName] = [key for key in self.keys(UserName) if key.key_id != AccessKeyId]
        self.deleted.append(AccessKeyId)

    def keys(self, user: str) -> list[Key]:
        if user not in self.users:
            raise rejected("NoSuchEntity", f"The user with name {user} cannot be found.")
        return self.users[user]

    def live(self) -> set[str]:
        return {key.key_id for keys in self.users.values() for key in keys}


def rejected(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")
