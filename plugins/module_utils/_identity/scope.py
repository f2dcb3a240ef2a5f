# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where identities are created, listed and limited to: an organisation, or one of its projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Protocol

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    integer,
    listing,
    record,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import organization_of_caller
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import (
    IDENTITY,
    IDENTITY_OF_PROJECT,
    MEMBERSHIP,
    WRITTEN,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.organization_roles import (
    unknown_organization_role,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import id_errors, id_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    PROJECT_OPTIONS,
    project_errors,
    project_id_of,
)

PAGE = 100
OF_ORGANIZATION = record({"identityMemberships": listing(MEMBERSHIP)}, {"totalCount": integer})
ONE_OF_ORGANIZATION = record({"identity": MEMBERSHIP})
ONE_OF_PROJECT = record({"identity": WRITTEN})
OF_PROJECT = record({"identities": listing(WRITTEN)}, {"totalCount": integer})


SCOPE_OPTIONS = {"organization_id": {"type": "str"}, **PROJECT_OPTIONS}
SCOPE_RULES = {"mutually_exclusive": [["organization_id", "project_id", "project_slug"]]}
ROLE_IN_PROJECT = (
    "role is the role in the organisation, which an identity of a project does not have; its roles in the project are"
    " managed by project_identity, or by projects of identities"
)


class Scope(Protocol):
    """Identities are membership objects, as the list of an organisation contains them."""

    client: Client
    resource: Resource

    @property
    def label(self) -> str:
        """Names the scope in messages."""

    @property
    def project_id(self) -> str | None:
        """Returns the id of the project, None for an organisation."""

    def listed(self, search: str | None = None) -> list[Wire]:
        """Returns the identities whose name contains ``search``. Reads page by page."""

    def path(self, identity_id: str) -> str:
        """Returns the path of an identity."""

    def read(self, identity_id: str) -> Wire:
        """Returns an identity. Raises InfisicalError, of kind ``not_found`` if there is none."""

    def create(self, body: Wire) -> Answer:
        """Returns the answer to the creation of an identity."""

    def explained(self, error: InfisicalError, body: Wire) -> InfisicalError:
        """Returns the failure of a write of ``body`` in words that say what to do."""


class OrganizationScope:
    """The organisation with this id, by default that of the caller."""

    project_id = None
    resource = IDENTITY

    def __init__(self, client: Client, organization_id: str | None = None) -> None:
        self.client = client
        self._organization_id = organization_id

    @property
    def organization_id(self) -> str:
        if self._organization_id is None:
            self._organization_id = organization_of_caller(self.client)
        return self._organization_id

    @property
    def label(self) -> str:
        return f"organisation {self.organization_id}"

    def listed(self, search: str | None = None) -> list[Wire]:
        path = f"/api/v2/organizations/{segment(self.organization_id)}/identity-memberships"

        def page_of(answer: Answer) -> list[Wire]:
            page: list[Wire] = checked(answer, OF_ORGANIZATION)["identityMemberships"]
            return page

        return all_pages(self.client, path, search, page_of)

    def path(self, identity_id: str) -> str:
        return f"/api/v1/identities/{segment(identity_id)}"

    def read(self, identity_id: str) -> Wire:
        answer = self.client.get(self.path(identity_id))
        return validated(checked(answer, ONE_OF_ORGANIZATION)["identity"], answer)

    def create(self, body: Wire) -> Answer:
        answer: Answer = self.client.post("/api/v1/identities", {**body, "organizationId": self.organization_id})
        return answer

    def explained(self, error: InfisicalError, body: Wire) -> InfisicalError:
        said = (error.server_message or "").lower()
        if error.kind == "not_found" and "role" in said and "role" in body:
            return unknown_organization_role(self.client, self.organization_id, "role", body["role"], error)
        if "managed by project" in said:
            # The lists and reads of the organisation do not say so (server-notes#identities-of-a-project).
            error.advice = "The identity belongs to a project. Set project_id or project_slug to manage it."
        return error


class ProjectScope:
    """The project with this id (server-notes#identities-of-a-project)."""

    resource = IDENTITY_OF_PROJECT

    def __init__(self, client: Client, project_id: str) -> None:
        self.client = client
        self.project_id = project_id
        self.label = f"project {project_id}"
        self._path = f"/api/v1/projects/{segment(project_id)}/identities"

    def listed(self, search: str | None = None) -> list[Wire]:
        def page_of(answer: Answer) -> list[Wire]:
            return [as_membership(one) for one in checked(answer, OF_PROJECT)["identities"]]

        return all_pages(self.client, self._path, search, page_of)

    def path(self, identity_id: str) -> str:
        return f"{self._path}/{segment(identity_id)}"

    def read(self, identity_id: str) -> Wire:
        answer = self.client.get(self.path(identity_id))
        return validated(as_membership(checked(answer, ONE_OF_PROJECT)["identity"]), answer)

    def create(self, body: Wire) -> Answer:
        answer: Answer = self.client.post(self._path, body)
        return answer

    def explained(self, error: InfisicalError, body: Wire) -> InfisicalError:
        return error


def as_membership(identity: Wire) -> Wire:
    """Returns an identity of a project in the form in which the list of an organisation contains identities."""
    membership = {"identity": identity, "createdAt": identity.get("createdAt", "")}
    return {**membership, "metadata": identity["metadata"]} if "metadata" in identity else membership


def validated(membership: Wire, answer: Answer) -> Wire:
    """Returns a membership object of ``answer``. Raises InfisicalError for a field that the server cannot have."""
    IDENTITY.flat(membership, answer)
    return membership


def all_pages(client: Client, path: str, search: str | None, page_of: Callable[[Answer], list[Wire]]) -> list[Wire]:
    found: dict[str, Wire] = {}
    offset = 0
    while True:
        query: dict[str, Any] = {"limit": PAGE, "offset": offset}
        if search:
            query["search"] = search
        answer = client.get(path, query)
        page = page_of(answer)
        offset += len(page)
        known = len(found)
        found.update({one["identity"]["id"]: validated(one, answer) for one in page})
        # The loop also ends if a server repeats the same page or miscounts.
        if len(found) == known or offset >= answer.get("totalCount", offset):
            return list(found.values())


def scope_errors(params: Mapping[str, Any]) -> list[str]:
    return id_errors(params, "organization_id") + project_errors(params)


def is_in_project(params: Mapping[str, Any]) -> bool:
    return any(params.get(option) is not None for option in PROJECT_OPTIONS)


def scope_of(client: Client, params: Mapping[str, Any]) -> Scope:
    """Returns the scope that the options of a task select. Looks up a slug of a project. Raises InfisicalError."""
    project_id = project_id_of(client, params)
    if project_id is None:
        return OrganizationScope(client, id_given(params, "organization_id"))
    return ProjectScope(client, project_id)
