# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A bare keep-alive client that makes only the necessary requests, for comparison with a fleet task."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from tests.bench.server import Server

AWS = "/api/v1/auth/aws-auth/identities/{}"
UNIVERSAL = "/api/v1/auth/universal-auth/identities/{}"
AWS_BODY = {"allowedAccountIds": "123456789012", "accessTokenTTL": 3600, "accessTokenMaxTTL": 86400}
UNIVERSAL_BODY = {"accessTokenTTL": 3600, "accessTokenMaxTTL": 86400}


class BareClient:
    """One ``requests`` session per thread."""

    def __init__(self, server: Server, token: str, threads: int) -> None:
        self.server = server
        self.threads = threads
        self._headers = {"Authorization": f"Bearer {token}"}
        self._local = threading.local()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.headers.update(self._headers)
        answer = session.request(method, self.server.url + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def each(self, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, items))

    def create(self, names: Sequence[str]) -> list[str]:
        def one(name: str) -> str:
            body = {"name": name, "organizationId": self.server.organization_id}
            identity_id = str(self.call("POST", "/api/v1/identities", body)["identity"]["id"])
            self.call("POST", UNIVERSAL.format(identity_id), UNIVERSAL_BODY)
            self.call("POST", AWS.format(identity_id), AWS_BODY)
            return identity_id

        self.list()
        return self.each(one, names)

    def unchanged(self, identity_ids: Sequence[str]) -> None:
        def one(identity_id: str) -> None:
            self.call("GET", UNIVERSAL.format(identity_id))
            self.call("GET", AWS.format(identity_id))

        self.list()
        self.each(one, identity_ids)

    def change(self, identity_ids: Sequence[str]) -> None:
        def one(identity_id: str) -> None:
            self.call("GET", UNIVERSAL.format(identity_id))
            self.call("GET", AWS.format(identity_id))
            self.call("PATCH", AWS.format(identity_id), {**AWS_BODY, "accessTokenTTL": 1800})

        self.list()
        self.each(one, identity_ids)

    def list(self) -> None:
        path = f"/api/v2/organizations/{self.server.organization_id}/identity-memberships?limit=100&offset="
        offset, total = 0, 1
        while offset < total:
            answer = self.call("GET", f"{path}{offset}")
            offset += len(answer["identityMemberships"])
            total = answer["totalCount"]
