# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An additional privilege of an identity in a project: its store and its task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import START
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_task import ProjectIdentityStore
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_table import (
    LISTED,
    PROJECT_IDENTITY_PRIVILEGE,
    WRITTEN,
    parse_privilege,
    privilege_options,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, listing, record
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import result_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, converge
from ansible_collections.machineid.infisical.plugins.module_utils._model.removal import nothing_removed
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import now_in_utc
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    PROJECT_OPTIONS,
    PROJECT_RULES,
    project_errors,
    project_named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

BASE = "/api/v2/identity-project-additional-privilege"
LIST = record({"privileges": listing(LISTED)})


class PrivilegeStore(Store):
    """Reads and writes the privilege with this slug (server-notes#additional-privileges).

    It is read by its id if that is known, otherwise by its slug if the project's is known, otherwise from the list.
    """

    resource = PROJECT_IDENTITY_PRIVILEGE

    def __init__(
        self,
        client: Client,
        project_id: str,
        identity_id: str,
        slug: str,
        *,
        project_slug: str | None = None,
        privilege_id: str | None = None,
    ) -> None:
        self.client = client
        self.project_id = project_id
        self.identity_id = identity_id
        self.slug = slug
        self.project_slug = project_slug
        self.privilege_id = privilege_id
        self.sleep = client.sleep
        self._no_member: InfisicalError | None = None

    def read(self) -> Wire | None:
        answer = self._read()
        if answer is None:
            self.privilege_id = None
            return None
        wire = self.resource.received(answer)
        self.privilege_id = str(wire["id"])
        return wire

    def _read(self) -> Answer | None:
        try:
            if self.privilege_id is None and self.project_slug is None:
                self.privilege_id = granted(self.client, self.project_id, self.identity_id).get(self.slug)
                if self.privilege_id is None:
                    return None
            query = None
            path = f"{BASE}/{segment(self.privilege_id or '')}"
            if self.privilege_id is None:
                query = {"identityId": self.identity_id, "projectSlug": self.project_slug}
                path = f"{BASE}/slug/{segment(self.slug)}"
            answer: Answer = self.client.get(path, query)
            return answer
        except InfisicalError as error:
            if is_about_membership(error):
                self._no_member = error
                return None
            if error.kind == "not_found":
                return None
            raise unsupported(error) from error

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        if planned.action != "create":
            return
        if self._no_member is not None:
            raise self._not_a_member(self._no_member)
        # A run gets the error from the POST, check mode has to look for it.
        if check_mode and ProjectIdentityStore(self.client, self.project_id, self.identity_id).read() is None:
            raise self._not_a_member(None)

    def create(self, body: Wire) -> Wire:
        place = {"identityId": self.identity_id, "projectId": self.project_id}
        try:
            made = self.resource.received(self.client.post(BASE, {**place, **self._sent(body)}), WRITTEN)
        except InfisicalError as error:
            raise self._not_a_member(error) if is_about_membership(error) else unsupported(error) from error
        self.privilege_id = str(made["id"])
        return made

    def update(self, body: Wire) -> Wire:
        path = self._path()
        if path is None:
            # It is read only if the caller knew its slug alone: somebody else has removed it since it was planned.
            raise InfisicalError(
                "conflict",
                f"Another client removed the {self.resource.title} '{self.slug}' while this task ran.",
            )
        return self.resource.received(self.client.patch(path, self._sent(body), self.recheck), WRITTEN)

    def delete(self) -> None:
        path = self._path()
        if path is None:
            return
        answer = self.client.delete(path)
        if not isinstance(answer.get(self.resource.envelope), dict):
            raise nothing_removed(answer)

    def _path(self) -> str | None:
        """Returns the path of the privilege, None if it does not exist. Reads it if its id is not known yet."""
        if self.privilege_id is None and self.read() is None:
            return None
        return f"{BASE}/{segment(self.privilege_id or '')}"

    def _sent(self, body: Wire) -> Wire:
        """Returns the body in the form of the API. A temporary privilege without a start starts now, by the server's
        clock."""
        terms: Wire = {"isTemporary": False}
        if body.get("temporaryRange"):
            terms = {
                "isTemporary": True,
                "temporaryMode": "relative",
                "temporaryRange": body["temporaryRange"],
                "temporaryAccessStartTime": body.get("temporaryAccessStartTime") or now_in_utc(self.client.now()),
            }
        return {"slug": body["slug"], "permissions": body["permissions"], "type": terms}

    def _not_a_member(self, error: InfisicalError | None) -> InfisicalError:
        return reworded(
            error,
            "not_found",
            f"Identity {self.identity_id} is not a member of project {self.project_id}, so it cannot have additional"
            " privileges there.",
            advice="Nothing was changed. Make it a member first, with project_identity.",
        )


def is_about_membership(error: InfisicalError) -> bool:
    """Returns whether the server reports that the identity is no member of the project
    (server-notes#privileges-of-members)."""
    message = error.server_message or ""
    return (error.status == 400 and "have membership" in message) or (
        error.status == 404 and message.startswith("Failed to find identity")
    )


def unsupported(error: InfisicalError) -> InfisicalError:
    """Returns the same error, or in words if the server does not have the routes at all."""
    if error.kind != "unsupported_by_server":
        return error
    return reworded(
        error,
        "unsupported_by_server",
        "This server has no additional privileges of identities that this collection can manage (API v2).",
        advice="Nothing was changed. Upgrade the Infisical server.",
    )


def granted(client: Client, project_id: str, identity_id: str) -> dict[str, str]:
    """Returns the ids of an identity's additional privileges in a project, by slug. Raises InfisicalError."""
    answer = checked(client.get(BASE, {"identityId": identity_id, "projectId": project_id}), LIST)
    return {one["slug"]: str(one["id"]) for one in answer["privileges"]}


def exported_privileges(client: Client, project_id: str, identity_id: str) -> list[Options]:
    """Returns the additional privileges of an identity in a project, in the form of the options, ordered by slug. It
    takes a request for the list, which lacks the permissions, and one for each privilege."""
    exported = []
    for slug, privilege_id in sorted(granted(client, project_id, identity_id).items()):
        current = PrivilegeStore(client, project_id, identity_id, slug, privilege_id=privilege_id).read()
        if current is not None:
            exported.append(exported_options(PROJECT_IDENTITY_PRIVILEGE.read(current)))
    return exported


def exported_options(options: Options) -> Options:
    """Returns the options of a privilege without the terms that a permanent one does not have."""
    terms = {"temporary_range", START}
    return {
        name: value
        for name, value in PROJECT_IDENTITY_PRIVILEGE.exported(options).items()
        if value or name not in terms
    }


def reconcile_privilege(run: Run) -> dict[str, Any]:
    errors = identity_errors(run.params) + project_errors(run.params)
    desired = parse_privilege(run.params, errors)
    run.check_options(errors)
    identity_id = resolve_identity(run)
    project: Mapping[str, Any] = project_named(run.client, run.params)
    store = PrivilegeStore(
        run.client, str(project["id"]), identity_id, desired["slug"], project_slug=project.get("slug")
    )
    outcome = converge(store, desired, present=run.params["state"] == "present", check_mode=run.check_mode)
    result = result_of(outcome, identity_id)
    result["project_id"] = project["id"]
    if PROJECT_IDENTITY_PRIVILEGE.name in result:
        result[PROJECT_IDENTITY_PRIVILEGE.name]["project_id"] = project["id"]
    return result


PROJECT_IDENTITY_PRIVILEGE_TASK = Task(
    argument_spec={
        **identity_options(),
        **PROJECT_OPTIONS,
        **privilege_options(),
    },
    rules={name: [*IDENTITY_RULES[name], *PROJECT_RULES[name]] for name in IDENTITY_RULES},
    execute=reconcile_privilege,
)
