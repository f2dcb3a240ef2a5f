# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A running emulator of each release, and a client that speaks to it as the administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.emulator import Emulator
from tests.emulator.aws import Aws


class Client(requests.Session):
    """A keep-alive client of one emulator, with a token."""

    def __init__(self, emulator: Emulator, token: str | None) -> None:
        super().__init__()
        self.emulator = emulator
        self.trust_env = False
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, self.emulator.url + url, *args, **kwargs)

    def identity(self, **body: Any) -> str:
        body = {"name": "web", "organizationId": self.emulator.organization_id, **body}
        answer = self.post("/api/v1/identities", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["identity"]["id"])

    def method(self, slug: str, identity_id: str) -> str:
        return f"/api/v1/auth/{slug}/identities/{identity_id}"

    @property
    def aws(self) -> Aws:
        account = self.emulator.aws_account
        assert account is not None, "start the emulator with AWS"
        return account

    def as_role(self, role: str) -> Client:
        """Return a client that is a new identity with an org role."""
        identity_id = self.identity(name=f"as-{role}", role=role)
        self.post(self.method("universal-auth", identity_id), json={})
        return self.logged_in(identity_id)

    def credentials(self, identity_id: str) -> dict[str, str]:
        path = self.method("universal-auth", identity_id)
        client_id = self.get(path).json()["identityUniversalAuth"]["clientId"]
        secret = self.post(f"{path}/client-secrets", json={}).json()["clientSecret"]
        return {"clientId": client_id, "clientSecret": secret}

    def login(self, credentials: dict[str, str], **options: Any) -> requests.Response:
        return self.post("/api/v1/auth/universal-auth/login", json=credentials, **options)

    def logged_in(self, identity_id: str) -> Client:
        token = self.login(self.credentials(identity_id)).json()["accessToken"]
        return Client(self.emulator, token)


def log_in(client: Client, slug: str, identity_id: str, **proof: Any) -> requests.Response:
    return client.post(f"/api/v1/auth/{slug}/login", json={"identityId": identity_id, **proof})


def running(**options: Any) -> Iterator[Client]:
    with Emulator(**options) as emulator:
        yield Client(emulator, emulator.admin_token())


@pytest.fixture(scope="session")
def session_current() -> Iterator[Client]:
    yield from running(profile="current")


@pytest.fixture(scope="session")
def session_old() -> Iterator[Client]:
    yield from running(profile="2024-10")


def renewed(client: Client) -> Client:
    client.emulator.reset()
    return Client(client.emulator, client.emulator.admin_token())


@pytest.fixture
def current(session_current: Client) -> Client:
    """Today's server, fresh."""
    return renewed(session_current)


@pytest.fixture
def old(session_old: Client) -> Client:
    """The server of 2024-10, fresh."""
    return renewed(session_old)


@pytest.fixture(params=["current", "2024-10"])
def either(request: pytest.FixtureRequest, session_current: Client, session_old: Client) -> Client:
    """Each release in turn, fresh."""
    return renewed(session_current if request.param == "current" else session_old)


@pytest.fixture
def emulated() -> Iterator[Callable[..., Client]]:
    """Start emulators with options of their own."""
    started: list[Iterator[Client]] = []

    def start(**options: Any) -> Client:
        run = running(**options)
        started.append(run)
        return next(run)

    yield start
    for run in started:
        run.close()  # type: ignore[attr-defined]
