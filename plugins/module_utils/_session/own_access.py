# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the caller has: its name, its role in the organisation, and its projects, as far as it may read them."""

from __future__ import annotations

from functools import partial
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.effective_access import readable
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_task import memberships_of
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import flat_membership
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import OrganizationScope
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import listed_projects


def access_of_caller(client: Client, identity_id: str | None) -> dict[str, Any]:
    """Returns ``name``, ``role`` and ``projects`` of the caller, None for each that it may not read. Raises
    InfisicalError.

    The memberships have no slugs. These are in the list of projects, which 2024-10 does not return to identities
    (server-notes#routes-of-projects). Without the memberships, for which an identity needs to read identities, and
    which a person does not have, the projects of that list are returned without roles.
    """
    flat = memberships = None
    if identity_id is not None:
        membership = readable(partial(OrganizationScope(client).read, identity_id))
        flat = None if membership is None else flat_membership(membership)
        # The server requires the same permission for both.
        memberships = None if flat is None else readable(partial(memberships_of, client, identity_id))
    listed = readable(partial(listed_projects, client))
    slugs = {str(project["id"]): project.get("slug") for project in listed or []}
    projects = memberships
    if projects is None and listed is not None:
        projects = [{"project_id": project_id, "roles": None} for project_id in sorted(slugs)]
    if projects is not None:
        projects = [{**one, "project_slug": slugs.get(str(one["project_id"]))} for one in projects]
    return {
        "name": None if flat is None else flat["name"],
        "role": None if flat is None else flat.get("role"),
        "projects": projects,
    }
