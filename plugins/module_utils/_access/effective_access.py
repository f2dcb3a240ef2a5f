# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an identity reaches: by its own roles and additional privileges, and by those of its groups, each with where it
comes from (server-notes#groups)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from ansible_collections.machineid.infisical.plugins.module_utils._access.groups import (
    BASE,
    is_member,
    listed_groups,
    missing,
    pages,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import (
    PROJECT_IDENTITY,
    ROLE,
    START,
    seconds_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_task import exported_privileges
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    listing,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import moment_of

ROLES = record({"roles": listing(ROLE)})
GROUP_MEMBERSHIP = record({"groupMembership": ROLES})
GROUP_PROJECT = record({"id": identifier}, {"slug": text, "joinedGroupAt": nullable(text)})
GROUP_ROLE = record({"role": text}, {"customRoleSlug": nullable(text)})

Found = TypeVar("Found")


def effective_access(client: Client, identity_id: str, exported: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the access of an identity, whose name, role and own memberships are ``exported``. Raises InfisicalError.

    ``complete`` is false if the groups, the roles of a group or the additional privileges in a project could not be
    read. The latter two are None then.

    It takes a request for the additional privileges in each project and one for each of them; one for the list of
    groups, one for each group (more if very many identities have similar names), and for each group of the identity one
    for each 100 projects of the organisation, one for each project of the group, and one for a custom role.
    """
    known = groups_of(client, identity_id, str(exported["name"]))
    groups = known or []
    organization = [{"role": exported["role"], "source": "identity"}] if exported.get("role") else []
    organization += [{"role": role_of(client, group), **source_of(group)} for group in groups]
    projects = [own_access(client, identity_id, one) for one in exported["projects"]]
    projects += [one for group in groups for one in group_access(client, group)]
    return {
        "organization_roles": organization,
        "projects": projects,
        "complete": known is not None and not any(value is None for one in projects for value in one.values()),
    }


def groups_of(client: Client, identity_id: str, name: str) -> list[dict[str, Any]] | None:
    """Returns the groups that the identity is a member of. Empty on a server whose groups have people only, and None
    if the plan does not let anybody read groups, which may be left from another plan."""
    try:
        groups = listed_groups(client)
        found = [group for group in groups if is_member(client, str(group["id"]), identity_id, name)]
    except InfisicalError as error:
        if error.kind == "unsupported_by_server":
            return []
        if error.kind == "plan":
            return None
        raise
    return sorted(found, key=lambda group: (str(group["slug"]), str(group["id"])))


def source_of(group: Mapping[str, Any]) -> dict[str, Any]:
    return {"source": "group", "group_id": group["id"], "group_slug": group["slug"], "group_name": group["name"]}


def role_of(client: Client, group: Mapping[str, Any]) -> str:
    """Returns the group's role in the organisation. Only a single group has the slug of a custom one."""
    if group.get("role") not in (None, "custom"):
        return str(group["role"])
    try:
        whole = checked(client.get(f"{BASE}/{segment(str(group['id']))}"), GROUP_ROLE)
    except InfisicalError as error:
        raise missing(error, str(group["id"])) from error
    return str(whole.get("customRoleSlug") or whole["role"])


def own_access(client: Client, identity_id: str, membership: Mapping[str, Any]) -> dict[str, Any]:
    project_id = str(membership["project_id"])
    privileges = readable(partial(exported_privileges, client, project_id, identity_id))
    return {
        "project_id": project_id,
        "source": "identity",
        "roles": with_activity(client, membership["roles"]),
        "privileges": None if privileges is None else with_activity(client, privileges),
    }


def group_access(client: Client, group: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the access of a group to each of its projects. The list can have other projects, too
    (server-notes#projects-of-groups)."""
    group_id = str(group["id"])
    for project in pages(client, group_id, "projects", "projects", GROUP_PROJECT):
        if project.get("joinedGroupAt", "") is None:
            continue
        project_id = str(project["id"])
        try:
            roles = readable(partial(roles_of_group, client, project_id, group_id))
        except InfisicalError as error:
            if error.kind == "not_found":
                continue
            raise
        yield {
            "project_id": project_id,
            **source_of(group),
            "roles": None if roles is None else with_activity(client, roles),
        }


def roles_of_group(client: Client, project_id: str, group_id: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/projects/{segment(project_id)}/memberships/groups/{segment(group_id)}")
    # Whether there is an envelope has not been measured.
    if "groupMembership" in answer:
        wire = checked(answer, GROUP_MEMBERSHIP)["groupMembership"]
    else:
        wire = checked(answer, ROLES)
    roles: list[dict[str, Any]] = PROJECT_IDENTITY.read({"roles": wire["roles"]})["roles"]
    return roles


def readable(read: Callable[[], Found]) -> Found | None:
    """Returns what ``read`` returns, or None if the caller may not read it or the server does not have it."""
    try:
        return read()
    except InfisicalError as error:
        if error.kind in ("permission", "unsupported_by_server"):
            return None
        raise


def with_activity(client: Client, granted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns roles or privileges, each with whether it counts now: the server lists temporary ones before they start
    and after they have ended."""
    now = client.now()
    return [{**one, "active": is_active(one, now)} for one in granted]


def is_active(granted: Mapping[str, Any], now: float) -> bool:
    if not granted.get("temporary_range"):
        return True
    start = moment_of(str(granted.get(START) or ""))
    if start is None:
        return False
    return start.timestamp() <= now < start.timestamp() + seconds_of(granted["temporary_range"])
