# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Membership of an identity in a project: its store and its task."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import (
    PROJECT_IDENTITY,
    ROLE,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    listing,
    record,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import result_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, converge
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import now_in_utc
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    PROJECT_OPTIONS,
    PROJECT_RULES,
    first_served,
    project_errors,
    project_named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._project.roles import ProjectRoles
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

MEMBERSHIP = record({"roles": listing(ROLE)})
MADE = record({"identityMembership": record({"id": identifier})})
UPDATED = record({"roles": listing(ROLE)})
ROUTES = (
    "/api/v1/projects/{project}/memberships/identities/{identity}",
    "/api/v1/projects/{project}/identity-memberships/{identity}",
    "/api/v2/workspace/{project}/identity-memberships/{identity}",
)


PROJECTS = record(
    {"identityMemberships": listing(record({"project": record({"id": identifier}), "roles": listing(ROLE)}))}
)


class ProjectIdentityStore(Store):
    """Reads and writes one membership on the newest of three generations of routes that the server has
    (server-notes#routes-of-memberships)."""

    resource = PROJECT_IDENTITY

    def __init__(self, client: Client, project_id: str, identity_id: str) -> None:
        self.client = client
        self.project_id = project_id
        self.identity_id = identity_id
        self.sleep = client.sleep

    def read(self) -> Wire | None:
        try:
            return self.resource.received(self._call("GET"), MEMBERSHIP)
        except InfisicalError as error:
            if error.kind == "not_found":
                return None
            raise

    def create(self, body: Wire) -> Wire:
        checked(self._call("POST", self._started(body)), MADE)
        return self.read() or {}

    def update(self, body: Wire) -> Wire:
        answer = checked(self._call("PATCH", self._started(body)), UPDATED)
        # The answer does not contain the slugs of custom roles.
        custom = any(role["role"] == "custom" for role in answer["roles"])
        return (self.read() or {}) if custom else self.resource.flat(answer, answer)

    def delete(self) -> None:
        checked(self._call("DELETE"), MADE)

    def _started(self, body: Wire) -> Wire:
        """Returns ``body`` with the start of each temporary role without one set to the server's current time."""
        now = now_in_utc(self.client.now())
        roles = [
            {**role, "temporaryAccessStartTime": now} if role.get("temporaryAccessStartTime", "") is None else role
            for role in body["roles"]
        ]
        return {**body, "roles": roles}

    def _call(self, method: str, body: Wire | None = None) -> Any:
        ids = {"project": self.project_id, "identity": self.identity_id}
        try:
            recheck = self.recheck if method == "PATCH" else None
            return first_served(self.client, method, ROUTES, ids, body, recheck=recheck)
        except InfisicalError as error:
            if error.kind == "not_found" and "role" in (error.server_message or "").lower():
                # The answer does not say which one, or what there is.
                slugs = [role["role"] for role in (body or {}).get("roles", [])]
                raise ProjectRoles(self.client, self.project_id).unknown("roles", slugs, error) from error
            raise


def memberships_of(client: Client, identity_id: str) -> list[dict[str, Any]]:
    """Returns the projects that an identity is itself a member of, with its roles in each. Raises InfisicalError."""
    answer = checked(client.get(f"/api/v1/identities/{segment(identity_id)}/identity-memberships"), PROJECTS)
    found = sorted(answer["identityMemberships"], key=lambda one: str(one["project"]["id"]))
    return [{"project_id": one["project"]["id"], **PROJECT_IDENTITY.read(one)} for one in found]


def reconcile_membership(run: Run) -> dict[str, Any]:
    errors = identity_errors(run.params) + project_errors(run.params)
    desired = PROJECT_IDENTITY.parse(run.params, errors)
    run.check_options(errors)
    identity_id = resolve_identity(run)
    project = project_named(run.client, run.params)
    store = ProjectIdentityStore(run.client, project["id"], identity_id)
    outcome = converge(store, desired, present=run.params["state"] == "present", check_mode=run.check_mode)
    result = result_of(outcome, identity_id)
    result["project_id"] = project["id"]
    if "project_identity" in result:
        result["project_identity"]["project_id"] = project["id"]
    return result


PROJECT_IDENTITY_TASK = Task(
    argument_spec={
        **identity_options(),
        **PROJECT_OPTIONS,
        "state": STATE,
        **PROJECT_IDENTITY.argument_spec(),
    },
    rules={name: [*IDENTITY_RULES[name], *PROJECT_RULES[name]] for name in IDENTITY_RULES},
    execute=reconcile_membership,
)
