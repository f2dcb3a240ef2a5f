# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The actors of a test: hosts of an inventory with different releases of the server and execution paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from tests.effort import EFFORT
from tests.emulator import Emulator

from .harness import EXECUTION_PATHS, GROUP, Runner, Tasks, Variables, play
from .secrets_seen import SecretsSeen

PROFILES = ("current", "2024-10")


@dataclass
class Actor:
    """An emulator and its host: every task on that host uses ``execution_path``."""

    emulator: Emulator
    profile: str
    execution_path: str
    secrets: SecretsSeen = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = SecretsSeen(self.emulator)

    def variables(self) -> Variables:
        in_process = EXECUTION_PATHS[self.execution_path]
        return {
            "emulator": self.emulator.url,
            "infisical_url": self.emulator.url,
            "infisical_client_id": self.emulator.client_id,
            "infisical_client_secret": self.emulator.client_secret,
            "login_data": {"url": self.emulator.url, "access_token": self.token()},
            "organization_id": self.emulator.organization_id,
            "profile": self.profile,
            "infisical_in_process": in_process,
            "in_process_else": in_process or not EFFORT.everywhere,
        }

    def token(self) -> str:
        """Returns a token of the administrator."""
        token = self.emulator.admin_token()
        self.secrets.values.add(token)
        return token

    def environment(self) -> dict[str, str]:
        """Returns the variables that a user exports before calling Ansible."""
        return {
            "INFISICAL_URL": self.emulator.url,
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID": self.emulator.client_id,
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET": self.emulator.client_secret,
        }

    def api(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """Sends a request without the collection, as the administrator unless ``token`` is given."""
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Authorization": f"Bearer {token or self.token()}"}
            answer = session.request(method, self.emulator.url + path, json=body, headers=headers, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def identity(self, name: str, role: str = "no-access") -> str:
        """Creates an identity and returns its id."""
        body = {"name": name, "role": role, "organizationId": self.emulator.organization_id}
        return str(self.api("POST", "/api/v1/identities", body)["identity"]["id"])

    def project(self, name: str, slug: str) -> str:
        """Creates a project and returns its id."""
        body = {"projectName": name, "slug": slug}
        return str(self.api("POST", "/api/v2/workspace", body)["project"]["id"])

    def group(self, name: str, slug: str) -> str:
        """Creates a group and returns its id."""
        return str(self.api("POST", "/api/v1/groups", {"name": name, "slug": slug, "role": "no-access"})["id"])

    def token_of(self, identity_id: str) -> str:
        """Returns an access token of an identity that has no auth method yet."""
        path = f"/api/v1/auth/universal-auth/identities/{identity_id}"
        client_id = self.api("POST", path, {})["identityUniversalAuth"]["clientId"]
        secret = self.api("POST", f"{path}/client-secrets", {})["clientSecret"]
        proof = {"clientId": client_id, "clientSecret": secret}
        return str(self.api("POST", "/api/v1/auth/universal-auth/login", proof)["accessToken"])


@dataclass(frozen=True)
class Stage:
    """The actors, and a runner for plays on them."""

    actors: dict[str, Actor]
    runner: Runner

    def hosts(self, *names: str) -> dict[str, Variables]:
        """Returns the inventory with all actors, or with the named ones."""
        return {name: self.actors[name].variables() for name in names or self.actors}

    def execution_paths(self, profile: str = "current") -> dict[str, Variables]:
        """Returns the inventory with both execution paths of one release."""
        return self.hosts(*(f"{profile}_{execution_path}" for execution_path in EXECUTION_PATHS))


def logged_in_play(tasks: Tasks, **keywords: Any) -> dict[str, Any]:
    """Returns a play whose tasks use the actor's ``login_data``."""
    return play(tasks, module_defaults={GROUP: {"login_data": "{{ login_data }}"}}, **keywords)
