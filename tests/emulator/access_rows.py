# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What gives an identity access beside the roles of its own membership: additional privileges, and groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass
class Privilege:
    """An additional privilege of an identity in a project (server-notes#additional-privileges)."""

    id: str
    slug: str
    project_id: str
    identity_id: str
    permissions: list[Row]
    is_temporary: bool
    # Kept when it becomes permanent (server-notes#permanent-again).
    temporary_range: str | None
    start: str | None
    end: str | None
    created_at: str
    updated_at: str


@dataclass
class Group:
    """A group of the organisation with its members (server-notes#groups)."""

    id: str
    name: str
    slug: str
    org_id: str
    role: str
    role_id: str | None
    created_at: str
    updated_at: str
    # When each identity joined, by its id.
    members: dict[str, str] = field(default_factory=dict)


@dataclass
class GroupMembership:
    """A group's place in a project, with roles as an identity has them."""

    id: str
    project_id: str
    group_id: str
    created_at: str
    updated_at: str
    roles: list[Row] = field(default_factory=list)
