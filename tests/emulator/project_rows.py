# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What belongs to projects: environments, folders, secrets and memberships."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass
class Environment:
    id: str
    name: str
    slug: str
    project_id: str
    created_at: str


@dataclass
class Project:
    id: str
    org_id: str
    name: str
    slug: str
    created_at: str
    updated_at: str
    description: str | None = None
    type: str = "secret-manager"
    delete_protection: bool = False
    # In the order of their positions.
    environments: list[Environment] = field(default_factory=list)

    def environment(self, slug: str) -> Environment | None:
        return next((entry for entry in self.environments if entry.slug == slug), None)


@dataclass
class Secret:
    id: str
    key: str
    secret_value: str
    created_at: str
    updated_at: str
    version: int = 1
    comment: str = ""
    rotation_id: str | None = None


@dataclass
class Folder:
    """A folder; the root of an environment has no parent."""

    id: str
    name: str
    environment_id: str
    project_id: str
    parent_id: str | None
    created_at: str
    updated_at: str
    version: int = 1
    description: str | None = None
    secrets: dict[str, Secret] = field(default_factory=dict)


@dataclass
class Membership:
    """An identity's place in a project; its roles are replaced as a whole."""

    id: str
    project_id: str
    identity_id: str
    created_at: str
    updated_at: str
    roles: list[dict[str, Any]] = field(default_factory=list)
