# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The store of an app connection to AWS, and lookup of connections and of their users."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import growing_pauses
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import (
    InfisicalError,
    InvalidOptions,
    reworded,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, listing, record, text
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store
from ansible_collections.machineid.infisical.plugins.module_utils._model.removal import confirm_removal
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import project_named, projects_seen
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_table import (
    AWS_CONNECTION,
    credentials_errors,
)

ROTATIONS = record({"secretRotations": listing(record({"name": text}))})
NEW_KEY_TEXTS = ("invalidclienttokenid", "security token included in the request is invalid")
NEW_ROLE_TEXTS = ("cannot be assumed", "assumerole", "access denied", "accessdenied", "unable to validate connection")
"""The server's messages about a key or role that AWS has not propagated yet, or that is wrong. They are the same
(server-notes#connection-tests)."""


class AwsConnectionStore(Store):
    """Reads and writes a connection, which is found by its id, or by its name in a project or, without a project, in
    the organisation (server-notes#names-of-connections).

    ``wait_seconds`` is how long to retry while AWS does not know the role or key yet, ``waited`` how long it took.
    ``progress`` displays one line to a waiting user.
    """

    resource = AWS_CONNECTION

    def __init__(
        self,
        client: Client,
        *,
        connection_id: str | None = None,
        name: str = "",
        project_id: str | None = None,
        wait_seconds: float = 0.0,
        progress: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.client = client
        self.connection_id = connection_id
        self.name = name
        self.project_id = project_id
        self.wait_seconds = wait_seconds
        self.waited = 0.0
        self.progress = progress
        self.sleep = client.sleep
        self._by_name = connection_id is None

    def read(self) -> Wire | None:
        if self._by_name:
            found = self._named()
            self.connection_id = None if found is None else found["id"]
            return found
        return connection_by_id(self.client, self.connection_id or "")

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        if planned.action == "create" and not self._by_name:
            raise InfisicalError(
                "not_found",
                f"AWS connection {self.connection_id} does not exist.",
                advice="To create a connection, omit connection_id, because the server chooses the id.",
            )
        if planned.action == "create" and self.project_id:
            project_named(self.client, {"project_id": self.project_id})
        if planned.action == "update":
            self._review_update(planned, current or {})
        if planned.action == "delete" and check_mode:
            # A run gets the error from the DELETE, check mode has to look for it.
            users = rotations_using(self.client, self.connection_id or "")
            if users:
                raise self._in_use(users)

    def create(self, body: Wire) -> Wire:
        answer = self._retrying(lambda: self.client.post(self.resource.path, body), body)
        self.connection_id = answer["id"]
        return answer

    def update(self, body: Wire) -> Wire:
        return self._retrying(lambda: self.client.patch(self._path(), body), body)

    def delete(self) -> None:
        try:
            answer = self.client.delete(self._path())
            confirm_removal(answer, self.resource.envelope, self.resource.title, self.read)
        except InfisicalError as error:
            if "existing connections" in (error.server_message or ""):
                raise self._in_use(rotations_using(self.client, self.connection_id or ""), error) from error
            if error.kind != "not_found":
                raise

    def _named(self) -> Wire | None:
        try:
            return named_connection(self.client, self.name, self.project_id)
        except InfisicalError as error:
            if error.kind == "permission" and self.project_id:
                # An unknown project causes 403 (server-notes#unknown-projects). This lookup reports it with the
                # existing ones.
                project_named(self.client, {"project_id": self.project_id})
            raise

    def _review_update(self, planned: Plan, current: Wire) -> None:
        after = planned.after or {}
        if "credentials" in planned.changed_options:
            errors = credentials_errors(after["credentials"], current["method"])
            if errors:
                raise InvalidOptions(errors)
        if "name" in planned.changed_options:
            duplicate = named_connection(self.client, after["name"], current.get("projectId"))
            if duplicate is not None:
                raise InfisicalError(
                    "conflict",
                    f"Another AWS connection is named '{after['name']}': {duplicate['id']}.",
                    advice="Nothing was changed. Choose another name.",
                )

    def _retrying(self, write: Callable[[], Any], body: Wire) -> Wire:
        """Returns the answer of a write. Retries while AWS may not know a new role or key yet, which takes some
        seconds. The server tests the credentials before it stores anything."""
        pauses = growing_pauses(self.wait_seconds)
        while True:
            try:
                return self.resource.received(write())
            except InfisicalError as error:
                pause = next(pauses, None) if may_be_too_early(error, body.get("credentials") or {}) else None
                if pause is None:
                    if self.waited:
                        error.message = f"{error.message} This is the result after waiting {self.waited:g} s for AWS."
                    raise
            self.progress(f"AWS does not accept the connection's credentials yet; retrying in {pause:g} s.")
            self.sleep(pause)
            self.waited += pause

    def _path(self) -> str:
        return f"{self.resource.path}/{segment(self.connection_id or '')}"

    def _in_use(self, users: list[str], error: InfisicalError | None = None) -> InfisicalError:
        sentences = [f"AWS connection {self.connection_id} is in use."]
        sentences += [error.server_message] if error and error.server_message else []
        sentences += [f"These rotations use it: {', '.join(users)}."] if users else []
        return reworded(
            error,
            "conflict",
            " ".join(sentences),
            advice="Nothing was changed. Delete the objects that use it first.",
        )


def may_be_too_early(error: InfisicalError, credentials: Wire) -> bool:
    text = (error.server_message or "").lower()
    texts = (*NEW_KEY_TEXTS, *NEW_ROLE_TEXTS) if "roleArn" in credentials else NEW_KEY_TEXTS
    return bool(credentials) and error.status == 400 and any(one in text for one in texts)


def connection_by_id(client: Client, connection_id: str) -> Wire | None:
    return read_connection(client, segment(connection_id), connection_id)


def named_connection(client: Client, name: str, project_id: str | None) -> Wire | None:
    """Returns the connection with this name in the project, or without a project in the organisation. None if there is
    none."""
    found = read_connection(
        client, f"connection-name/{segment(name)}", name, {"projectId": project_id} if project_id else None
    )
    if found is not None and project_id and "projectId" not in found:
        # The server ignored the query and answered for the organisation.
        raise InfisicalError(
            "unsupported_by_server",
            "This server does not support connections of projects.",
            advice="Nothing was changed. Omit project_id and project_slug, or upgrade the Infisical server.",
        )
    return found if found is not None and (found.get("projectId") or None) == (project_id or None) else None


def read_connection(client: Client, rest: str, called: str, query: Wire | None = None) -> Wire | None:
    try:
        return AWS_CONNECTION.received(client.get(f"{AWS_CONNECTION.path}/{rest}", query))
    except InfisicalError as error:
        if error.kind == "not_found":
            return None
        if error.kind == "unsupported_by_server":
            raise no_connections(error) from error
        if error.status == 400 and "is not for App" in (error.server_message or ""):
            raise reworded(
                error,
                "conflict",
                f"The connection {called} is not an AWS connection.",
                advice="Nothing was changed. Set the id or name of an AWS connection.",
            ) from error
        raise


def no_connections(error: InfisicalError) -> InfisicalError:
    return reworded(
        error,
        "unsupported_by_server",
        "This server does not support app connections.",
        advice="Nothing was changed. Upgrade the Infisical server.",
    )


def rotations_using(client: Client, connection_id: str) -> list[str]:
    """Returns the rotations that use a connection and are visible to the identity that logs in."""
    users = []
    for project in projects_seen(client):
        try:
            answer = client.get("/api/v2/secret-rotations", {"projectId": project["id"]})
            found = checked(answer, ROTATIONS)["secretRotations"]
        except InfisicalError:
            continue
        users += [
            f"{one['name']} in {project.get('slug', project['id'])}"
            for one in found
            if one.get("connectionId") == connection_id
        ]
    return sorted(users)
