# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything the emulated server stores, in memory."""

from __future__ import annotations

import hashlib
import random
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from .access_rows import Group, GroupMembership, Privilege
from .aws import Aws
from .clock import Clock
from .outgoing import Outgoing
from .profiles import Profile
from .project_rows import Folder, Membership, Project, new_id
from .rotation_rows import Connection, KeyIssue, Rotation

__all__ = ["AccessToken", "ClientSecret", "Identity", "Organization", "Role", "Row", "World", "new_id"]

Row = dict[str, Any]


@dataclass
class Organization:
    id: str
    name: str
    slug: str


@dataclass
class Role:
    """A custom role of the organisation (project_id None) or of a project."""

    id: str
    slug: str
    name: str
    org_id: str
    permissions: list[tuple[str, str]]
    project_id: str | None = None
    description: str | None = ""
    created_at: str = ""
    # What was sent, of a release that packs permissions: it is answered as it came, whatever it is.
    packed: list[Any] | None = None
    # What was sent, of a release that does not: with conditions, which no check here looks at.
    rules: list[Row] | None = None

    def summary(self, *, packed: bool = False) -> Row:
        permissions: list[Any] = [{"action": action, "subject": subject} for action, subject in self.permissions]
        if self.rules is not None:
            permissions = self.rules
        if packed:
            permissions = self.packed or [list(rule) for rule in self.permissions]
        return {
            "id": self.id,
            "name": self.name,
            "slug": self.slug,
            "permissions": permissions,
            "description": self.description,
        }


@dataclass
class Identity:
    """A machine identity together with its organisation membership."""

    id: str
    org_id: str
    name: str
    role: str
    role_id: str | None
    created_at: str
    updated_at: str
    membership_id: str = field(default_factory=new_id)
    membership_updated_at: str = ""
    metadata: list[Row] = field(default_factory=list)
    delete_protection: bool = False
    # The stored configuration of each attached method, by slug.
    methods: dict[str, Row] = field(default_factory=dict)
    project_id: str | None = None
    last_login_method: str | None = None
    last_login_time: str | None = None

    def __post_init__(self) -> None:
        self.membership_updated_at = self.membership_updated_at or self.updated_at


@dataclass
class AccessToken:
    """An issued token; `ttl` and the limits are copies, later changes of the method do not reach it
    (server-notes#tokens-copy-their-settings)."""

    id: str
    identity_id: str
    method: str
    ttl: int
    max_ttl: int
    uses_limit: int
    created_at: float
    updated_at: float
    period: int = 0
    uses: int = 0
    renewed_at: float | None = None
    used_at: float | None = None
    client_secret_id: str | None = None
    name: str | None = None
    revoked: bool = False


@dataclass
class ClientSecret:
    id: str
    identity_id: str
    method_id: str
    digest: str
    prefix: str
    description: str
    ttl: int
    uses_limit: int
    created_at: float
    updated_at: float
    uses: int = 0
    revoked: bool = False


@dataclass
class Lockout:
    """Failed logins of one principal with one method (server-notes#lockouts)."""

    failures: int = 0
    last_failure: float = 0.0
    locked_until: float = 0.0


class World:
    """One server's database, with an organisation, its administrator, and a foreign organisation beside it."""

    def __init__(self, profile: Profile, plan: str, clock: Clock, seed: str) -> None:
        self.profile = profile
        self.plan = plan
        self.clock = clock
        self.seed = seed
        self.organizations: dict[str, Organization] = {}
        self.identities: dict[str, Identity] = {}
        self.roles: dict[str, Role] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.client_secrets: dict[str, ClientSecret] = {}
        self.lockouts: dict[tuple[str, str, str], Lockout] = {}
        self.projects: dict[str, Project] = {}
        self.folders: dict[str, Folder] = {}
        self.memberships: dict[str, Membership] = {}
        self.privileges: dict[str, Privilege] = {}
        self.groups: dict[str, Group] = {}
        self.group_memberships: dict[str, GroupMembership] = {}
        self.connections: dict[str, Connection] = {}
        self.rotations: dict[str, Rotation] = {}
        # Auth templates, from which identities copy the connection of a method.
        self.templates: dict[str, Row] = {}
        self.key_issues: list[KeyIssue] = []
        # Held by slow handlers, which run beside the others, where they check and store in one.
        self.lock = threading.Lock()
        # Accounts that exist outside Infisical: registered through the control plane.
        self.oci_users: dict[str, Row] = {}
        self.ldap_users: dict[str, Row] = {}
        self.alicloud_keys: dict[str, Row] = {}
        # The nonces of signed requests that were already sent there.
        self.alicloud_nonces: set[tuple[str, str]] = set()
        # Gateways and pools of them: programs that would connect by themselves.
        self.gateways: dict[str, Row] = {}
        self.gateway_pools: dict[str, Row] = {}
        # Whether every other id is taken for one of them too, for tests that draw ids at random.
        self.any_gateway = False
        # Addresses at which nobody answers, of all those outside that the server tries a configuration on.
        self.unreachable: set[str] = set()
        # Whether a rotation looks for taken secret names only after it has made keys
        # (server-notes#rotations-are-checked-late).
        self.rotation_check = "after"
        self.azure_tenant_id = self.derived_id("azure tenant")
        self.azure_object_id = self.derived_id("azure object")
        # How the server reaches what is outside: services of tests, and a stand-in for everything else.
        self.outgoing = Outgoing(clock)
        # The AWS beside the emulator, if one was asked for.
        self.aws: Aws | None = None

    @property
    def organization(self) -> Organization:
        return next(iter(self.organizations.values()))

    def derived(self, name: str) -> str:
        """Derive a secret text from the seed, so that a reset keeps the credentials it printed."""
        return hashlib.sha256(f"{self.seed}/{name}".encode()).hexdigest()

    def derived_id(self, name: str) -> str:
        return str(uuid.UUID(int=random.Random(f"{self.seed}/{name}").getrandbits(128), version=4))

    def has_feature(self, feature: str) -> bool:
        """Only the licensed plan has the gated features (server-notes#plan-gates)."""
        return self.plan == "enterprise"

    def find_role(self, slug: str, org_id: str, project_id: str | None = None) -> Role | None:
        for role in self.roles.values():
            if (role.slug, role.org_id, role.project_id) == (slug, org_id, project_id):
                return role
        return None

    def drop_tokens(self, identity_id: str, method: str | None = None) -> None:
        self.access_tokens = {
            key: token
            for key, token in self.access_tokens.items()
            if token.identity_id != identity_id or (method and token.method != method)
        }

    def drop_client_secrets(self, identity_id: str) -> None:
        self.client_secrets = {
            key: secret for key, secret in self.client_secrets.items() if secret.identity_id != identity_id
        }

    def delete_identity(self, identity: Identity) -> None:
        self.identities.pop(identity.id)
        self.drop_tokens(identity.id)
        self.drop_client_secrets(identity.id)
        for group in self.groups.values():
            group.members.pop(identity.id, None)
        for key in [key for key, row in self.memberships.items() if row.identity_id == identity.id]:
            self.delete_membership(key)

    def delete_membership(self, membership_id: str) -> None:
        """The privileges go with it (server-notes#additional-privileges)."""
        gone = self.memberships.pop(membership_id)
        place = (gone.project_id, gone.identity_id)
        self.privileges = {
            key: row for key, row in self.privileges.items() if (row.project_id, row.identity_id) != place
        }
