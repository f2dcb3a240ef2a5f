# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What one identity may reach: its memberships of projects, its additional privileges there, and its groups."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.machineid.infisical.plugins.module_utils._access.group_task import (
    GROUP_IDENTITY,
    GroupIdentityStore,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import PROJECT_IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_task import ProjectIdentityStore
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_table import (
    PROJECT_IDENTITY_PRIVILEGE,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_task import (
    PrivilegeStore,
    granted,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import (
    Declaration,
    DeclaredMembership,
    DeclaredPrivilege,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.finders import AccessFinders
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.step import Step
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import plan

MEMBER_FROM_THE_START: Wire = {"roles": [{"role": "no-access", "isTemporary": False}]}
"""The membership that a new identity of a project has (server-notes#identities-of-a-project)."""


def access_steps(
    client: Client,
    declared: Declaration,
    finders: AccessFinders,
    label: str,
    identity_id: str | None,
    owner: str | None,
) -> Iterator[Step]:
    """Reads the current state and yields the plans. Raises InfisicalError.

    ``label`` names the identity in messages, ``identity_id`` is None if it does not exist yet, ``owner`` is the id of
    the project that it belongs to.
    """
    for membership in declared.memberships:
        project_id = finders.project_id(membership.project)
        if owner and (project_id != owner or not membership.present):
            raise member_of_its_project_only(label, owner)
        yield membership_step(client, membership, project_id, identity_id, owner)
        # A privilege needs a membership, which this run creates if it has to (server-notes#privileges-of-members).
        known = granted(client, project_id, identity_id) if identity_id and membership.privileges else {}
        for privilege in membership.privileges:
            yield privilege_step(client, privilege, project_id, identity_id, known.get(privilege.slug))
    for group in declared.groups:
        group_id = finders.group_id(group.group)

        def store(found_id: str, group_id: str = group_id) -> GroupIdentityStore:
            return GroupIdentityStore(client, group_id, found_id, declared.name or label)

        current = {"groupId": group_id} if identity_id and finders.is_member(group_id, identity_id, label) else None
        planned = plan(GROUP_IDENTITY, current, {"group_id": group_id}, present=group.present)
        yield Step(f"groups {group_id}", planned, group.present, client.clock(), store)


def membership_step(
    client: Client, declared: DeclaredMembership, project_id: str, identity_id: str | None, owner: str | None
) -> Step:
    def store(found_id: str) -> ProjectIdentityStore:
        return ProjectIdentityStore(client, project_id, found_id)

    current = store(identity_id).read() if identity_id else MEMBER_FROM_THE_START if owner else None
    planned = plan(PROJECT_IDENTITY, current, declared.desired, present=declared.present)
    return Step(f"projects {project_id}", planned, declared.present, client.clock(), store)


def privilege_step(
    client: Client, declared: DeclaredPrivilege, project_id: str, identity_id: str | None, privilege_id: str | None
) -> Step:
    def store(found_id: str) -> PrivilegeStore:
        return PrivilegeStore(client, project_id, found_id, declared.slug, privilege_id=privilege_id)

    current = store(identity_id).read() if identity_id and privilege_id else None
    planned = plan(PROJECT_IDENTITY_PRIVILEGE, current, declared.desired, present=declared.present)
    key = f"projects {project_id} privileges {declared.slug}"
    return Step(key, planned, declared.present, client.clock(), store)


def member_of_its_project_only(label: str, owner: str) -> InfisicalError:
    return InfisicalError(
        "validation",
        f"{label} belongs to project {owner}, so it is a member of that project and of no other.",
        advice="Nothing was changed. Declare no other project for it, and do not remove it from its project.",
    )
