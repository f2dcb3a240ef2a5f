# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The servers a table is held against: an emulator started for it, or any other one at a base URL."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tests.conformance.http_client import send
from tests.emulator import Emulator
from tests.emulator.aws import Aws

# How the emulator is started for the kinds of server the tables name.
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "free": {"plan": "free"},
    "aws": {"aws": True},
    "limited": {"read_limit": 60, "write_limit": 200},
}
NEEDS = {
    "fresh": "needs an empty organization",
    "role": "needs a custom role made for the case",
    "user": "needs the token of a user",
    "aws": "needs an STS that answers for test accounts",
    "gateway": "needs a gateway, a program of its own that would have to be connected",
    "outside": "needs the system outside that such a configuration is tried on while it is written",
}


@dataclass
class Server:
    """A server at a base URL, with the credentials of an administrating machine identity."""

    url: str
    client_id: str
    client_secret: str
    organization_id: str
    known: dict[str, Any] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def variables(self) -> dict[str, Any]:
        """What a table may name without having kept it; tokens that cost requests are made when first used."""
        return {
            "organization_id": self.organization_id,
            "admin_token": self.admin_token(),
            "forged_token": self.admin_token().rpartition(".")[0] + "." + "A" * 43,
            "garbage": "garbage",
            "expired_token": self.expired_token,
            "new_slug": f"conformance-{time.time_ns()}-{next(self.numbers)}",
            **self.known.get("aws", {}),
        }

    def admin_token(self) -> str:
        if "admin_token" not in self.known:
            body = {"clientId": self.client_id, "clientSecret": self.client_secret}
            self.known["admin_token"] = self.post("/api/v1/auth/universal-auth/login", body)["accessToken"]
        return cast(str, self.known["admin_token"])

    def expired_token(self) -> str:
        """A token this server signed itself, of an identity whose tokens live one second."""
        if "expired_token" not in self.known:
            identity = self.post("/api/v1/identities", {"name": "expired", "organizationId": self.organization_id})
            identity_id = identity["identity"]["id"]
            path = f"/api/v1/auth/universal-auth/identities/{identity_id}"
            method = self.post(path, {"accessTokenTTL": 1, "accessTokenMaxTTL": 1})["identityUniversalAuth"]
            secret = self.post(f"{path}/client-secrets", {})["clientSecret"]
            body = {"clientId": method["clientId"], "clientSecret": secret}
            self.known["expired_token"] = self.post("/api/v1/auth/universal-auth/login", body)["accessToken"]
            self.advance(2)
            admin = {"Authorization": f"Bearer {self.admin_token()}"}
            send(self.url, "DELETE", f"/api/v1/identities/{identity_id}", admin, None)
        return cast(str, self.known["expired_token"])

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if "admin_token" in self.known:
            headers["Authorization"] = f"Bearer {self.known['admin_token']}"
        reply = send(self.url, "POST", path, headers, json.dumps(body).encode())
        if reply.status != 200:
            raise RuntimeError(f"POST {path} for the set-up was answered {reply.status} {reply.body}")
        return cast(dict[str, Any], reply.body)

    def advance(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class Emulated(Server):
    """An emulator, whose clock and state a test may touch."""

    @classmethod
    def of(cls, emulator: Emulator, kind: str) -> Emulated:
        account = emulator.aws_account if kind == "aws" else None
        known = {"aws": aws_principals(account)} if account else {}
        return cls(emulator.url, emulator.client_id, emulator.client_secret, emulator.organization_id, known)

    def variables(self) -> dict[str, Any]:
        return {**super().variables(), "user_token": self.user_token}

    def user_token(self) -> str:
        return cast(str, self.post("/_emulator/user-token", {})["accessToken"])

    def advance(self, seconds: float) -> None:
        self.post("/_emulator/clock", {"advance": seconds})

    def reset(self) -> None:
        self.post("/_emulator/reset", {})
        self.known = {name: value for name, value in self.known.items() if name == "aws"}


def aws_principals(aws: Aws) -> dict[str, Any]:
    """The users and the role session the tables sign with, made in the AWS beside the emulator."""
    iam, keys = aws.client("iam"), {}
    for name, placeholder in (("ansible-test", "aws_user"), ("somebody-else", "aws_other")):
        iam.create_user(UserName=name)
        keys[placeholder] = iam.create_access_key(UserName=name)["AccessKey"]
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    session = aws.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="conformance")
    keys["aws_role"] = session["Credentials"]
    credentials = {
        name: {
            "access_key": key["AccessKeyId"],
            "secret_key": key["SecretAccessKey"],
            "token": key.get("SessionToken"),
        }
        for name, key in keys.items()
    }
    return {"sts_url": f"{aws.url}/", **credentials}
