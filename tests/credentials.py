# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The types of issued credentials, as tests create, list and use them by the API."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._issued.client_secret import (
    CLIENT_ID_VALUE,
    CLIENT_SECRET,
    CLIENT_SECRET_VALUE,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import CredentialType
from ansible_collections.machineid.infisical.plugins.module_utils._issued.token import TOKEN, TOKEN_VALUE
from tests.conftest import Result, Site, method_path
from tests.emulator import tokens
from tests.emulator.routes.client_secrets import store
from tests.emulator.world import AccessToken, ClientSecret, Identity, World

NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Kind:
    """A type of credential. ``collection`` is the last part of the path of its list."""

    type: CredentialType
    module: str
    collection: str
    answer_key: str
    """The key of the text in the answer to a create."""
    add: Callable[[World, Identity, str], ClientSecret | AccessToken]
    """Creates one in the memory of the emulator."""

    @property
    def key(self) -> str:
        return self.type.key

    @property
    def id(self) -> str:
        return self.type.id_option

    @property
    def creates(self) -> dict[str, Any]:
        return {"method": "POST", "path": f"/{self.collection}$"}

    @property
    def lists(self) -> dict[str, Any]:
        return {"method": "GET", "path": f"/{self.collection}(\\?|$)"}

    @property
    def declared_method(self) -> dict[str, Any]:
        """Returns the option of ``identities`` that attaches the auth method."""
        return {self.type.slug.replace("-", "_"): {}}

    def named(self, name: str) -> dict[str, Any]:
        return {self.type.name_option: name}

    def path(self, identity_id: str) -> str:
        return f"{method_path(self.type.slug, identity_id)}/{self.collection}"

    def owner(self, site: Site, name: str = "web") -> str:
        """Creates an identity with the auth method."""
        identity_id = site.identity(name)
        site.attach(self.type.slug, identity_id)
        return identity_id

    def rows(self, site: Site, identity_id: str) -> list[dict[str, Any]]:
        """Returns those that are not revoked, oldest first."""
        answer = site.api("GET", self.path(identity_id))
        (found,) = answer.values()
        live = [one for one in found if not one.get("isAccessTokenRevoked")]
        return sorted(live, key=lambda one: str(one["createdAt"]))

    def listed(self, site: Site, identity_id: str) -> list[str]:
        return [str(one["id"]) for one in self.rows(site, identity_id)]

    def made(self, site: Site, identity_id: str, name: str | None = "app") -> str:
        """Creates one with the API. Returns its id."""
        before = self.listed(site, identity_id)
        site.api("POST", self.path(identity_id), self.named(name) if name is not None else {})
        (made,) = [one for one in self.listed(site, identity_id) if one not in before]
        return made

    def slipped_in(self, site: Site, identity_id: str) -> str:
        """Creates one of another run immediately before the request that the server is processing."""
        world = site.service.world
        one = self.add(world, world.identities[identity_id], "app")
        one.created_at -= 0.1
        return one.id

    def held(self, site: Site, identity_id: str) -> list[Any]:
        """Returns those of the identity, as the emulator stores them."""
        world = site.service.world
        if self.type is CLIENT_SECRET:
            return [one for one in world.client_secrets.values() if one.identity_id == identity_id]
        found = [one for one in world.access_tokens.values() if one.identity_id == identity_id]
        return [one for one in found if one.method == self.type.slug]

    def lasting(self, site: Site, identity_id: str | None, ttl: int, uses: int = 0) -> dict[str, Any]:
        """Returns the options with which new ones have this lifetime. That of a token is a setting of token auth."""
        if self.type is CLIENT_SECRET:
            return {"ttl": ttl, "num_uses_limit": uses}
        if identity_id is not None:
            settings = {"accessTokenTTL": ttl, "accessTokenMaxTTL": max(ttl, 1), "accessTokenNumUsesLimit": uses}
            site.api("PATCH", method_path(self.type.slug, identity_id), settings)
        return {}

    def works(self, site: Site, result: Result) -> bool:
        """Uses the credential of a result, or of a file."""
        if self.type is CLIENT_SECRET:
            body = {"clientId": result["client_id"], "clientSecret": result["client_secret"]}
            return bool(site.http.post(f"{site.url}/api/v1/auth/universal-auth/login", json=body).status_code == 200)
        headers = {"Authorization": f"Bearer {result['access_token']}"}
        answer = site.http.get(f"{site.url}/api/v1/identities/{NOBODY}", headers=headers).json()
        return answer["error"] not in ("UnauthorizedError", "TokenError")

    def in_file(self, dest: Path) -> Result:
        """Returns what a workload reads from the file, in the form of a result."""
        lines = dict(line.split("=", 1) for line in dest.read_text().splitlines())
        assert tuple(lines) == self.type.values
        keys = {CLIENT_ID_VALUE: "client_id", CLIENT_SECRET_VALUE: "client_secret", TOKEN_VALUE: "access_token"}
        return {keys.get(name, "url"): value for name, value in lines.items()}


def add_client_secret(world: World, identity: Identity, name: str) -> ClientSecret:
    return store(world, identity, identity.methods["universal-auth"], secrets.token_hex(32), name, 0, 0)


def add_token(world: World, identity: Identity, name: str) -> AccessToken:
    tokens.issue(world, identity, "token-auth", name=name)
    return list(world.access_tokens.values())[-1]


CLIENT_SECRETS = Kind(CLIENT_SECRET, "identity_client_secret", "client-secrets", "clientSecret", add_client_secret)
TOKENS = Kind(TOKEN, "identity_token", "tokens", "accessToken", add_token)
KINDS = {"client-secret": CLIENT_SECRETS, "token": TOKENS}
