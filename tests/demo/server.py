# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and changes of an administrator through the API, without the collection."""

from __future__ import annotations

from typing import Any, cast

from tests.emulator import Emulator
from tests.integration.stage import Actor

from .clouds import AZURE_PRINCIPALS, STRANGER, WORKLOAD
from .ledger import only

METHODS = ("universal-auth", "aws-auth", "azure-auth", "oci-auth")
ALLOWLISTS = ("allowedPrincipalArns", "allowedAccountIds")

Wire = dict[str, Any]


class Server:
    """Reads the server without the collection, so that the results of the collection can be checked."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.actor = Actor(emulator, "current", "in_process")
        project = self.actor.api("POST", "/api/v1/projects", {"projectName": "Billing", "slug": "billing"})
        self.project_id = str(project["project"]["id"])

    @property
    def identity_id(self) -> str:
        named = [one["id"] for one in self.emulator.state()["identities"] if one["name"] == WORKLOAD]
        return str(only(named, f"identity named {WORKLOAD}"))

    def method(self, slug: str) -> Wire:
        """Returns one auth method, without the time of its last change."""
        (held,) = self.actor.api("GET", self._path(slug)).values()
        return {name: value for name, value in held.items() if name != "updatedAt"}

    def roles(self) -> list[str]:
        answer = self.actor.api("GET", self._membership)
        return [one["role"] for one in answer["identityMembership"]["roles"]]

    def attached(self) -> list[str]:
        answer = self.actor.api("GET", f"/api/v1/identities/{self.identity_id}")
        return cast(list[str], answer["identity"]["identity"]["authMethods"])

    def everything(self) -> Wire:
        """Returns the current state of everything that the block of YAML declares."""
        return {"roles": self.roles(), **{slug: self.method(slug) for slug in METHODS}}

    def interfere(self) -> None:
        """Changes the server manually, with plain requests."""
        self.actor.api("PATCH", self._path("aws-auth"), {"accessTokenTTL": 7200})
        both = f"{AZURE_PRINCIPALS[WORKLOAD]},{AZURE_PRINCIPALS[STRANGER]}"
        self.actor.api("PATCH", self._path("azure-auth"), {"allowedServicePrincipalIds": both})
        self.actor.api("PATCH", self._membership, {"roles": [{"role": "admin"}]})

    def drift(self) -> dict[str, Wire]:
        """Returns the effect of :meth:`interfere` as a diff in terms of options."""
        roles = f"projects {self.project_id}"
        return {
            "before": {
                "aws_auth": {"access_token_ttl": 7200, "allowed_account_ids": [], "allowed_principal_arns": []},
                "azure_auth": {"allowed_service_principal_ids": sorted(AZURE_PRINCIPALS.values())},
                roles: {"roles": [{"role": "admin"}]},
            },
            "after": {
                "aws_auth": {
                    "access_token_ttl": 3600,
                    "allowed_account_ids": ["123456789012"],
                    "allowed_principal_arns": [f"arn:aws:iam::123456789012:role/{WORKLOAD}"],
                },
                "azure_auth": {"allowed_service_principal_ids": [AZURE_PRINCIPALS[WORKLOAD]]},
                roles: {"roles": [{"role": "viewer"}]},
            },
        }

    def _path(self, slug: str) -> str:
        return f"/api/v1/auth/{slug}/identities/{self.identity_id}"

    @property
    def _membership(self) -> str:
        return f"/api/v1/projects/{self.project_id}/memberships/identities/{self.identity_id}"
