# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tasks that obtain an access token, revoke it, and report which identity it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import NO_API
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, mapping, record
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import (
    own_identity_id,
    token_payload,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import UUID
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import listed_projects
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task
from ansible_collections.machineid.infisical.plugins.module_utils._session.own_access import access_of_caller

DETAILS = record({"identityDetails": record({"organization": mapping})})


def log_in(run: Run) -> dict[str, Any]:
    run.check_options([])
    client = run.client
    # The token may be the value of a no_log option, but this task has to return it.
    run.unmask(client.token)
    return {
        "changed": False,
        "login_data": run.connection.login_data_of(client),
        "logged_in": client.login_slug is not None,
        "identity_id": own_identity_id(client),
    }


def log_out(run: Run) -> dict[str, Any]:
    given = str(run.connection.login_data.get("access_token") or run.connection.params["token"] or "")
    run.check_options([] if given else ["token must not be empty"])
    run.mask(given)
    # Not run.client: with a client id in the environment, it would log in and revoke its own token.
    revoke_token(Client(run.connection.server(), given))
    return {"changed": False}


def revoke_token(client: Client) -> None:
    """Revokes the client's token. Raises InfisicalError unless the server confirms it."""
    try:
        answer = client.call(
            "POST", "/api/v1/auth/token/revoke", body={"accessToken": client.token}, authenticated=False
        )
    except InfisicalError as error:
        # The token had expired, was used up or was revoked before.
        if error.kind not in ("authentication", "not_found"):
            raise
        return
    if not isinstance(answer.get("message"), str):
        raise InfisicalError(
            "server",
            "The server answered the revocation of the access token with a success, but without a confirmation.",
            advice=f"The token may still work. {NO_API}",
        )


@contextmanager
def own_session(run: Run) -> Iterator[Client]:
    """Provides the client of ``run``. At the end, revokes its token if this task obtained it itself.

    A failed revocation raises InfisicalError, unless the task has failed already.
    """
    client = run.client
    try:
        yield client
    except Exception:
        # What made the task fail probably makes the revocation fail, too, and is what has to be reported.
        with suppress(InfisicalError):
            end_session(run, client)
        raise
    end_session(run, client)


def end_session(run: Run, client: Client) -> None:
    if client.login_slug is not None:
        run.forget_client()
        revoke_token(client)


def report_caller(run: Run) -> dict[str, Any]:
    run.check_options([])
    with own_session(run) as client:
        own_id = own_identity_id(client)
        result = {"changed": False, "identity_id": own_id, "organization": own_organization(client)}
        if run.params["include_access"]:
            result.update(access_of_caller(client, own_id))
        return result


def own_organization(client: Client) -> dict[str, Any]:
    """Returns the caller's organisation: of an identity on a server without the route empty, and of a person only the
    id, in the token. In both cases, the server has accepted the token.

    2024-10 does not have the route and answers 500, like a server with an error, and people get a 403
    (server-notes#organization-of-the-caller). Another read therefore has to prove that it is an Infisical server and
    accepts the token.
    """
    try:
        answer = checked(client.get("/api/v1/identities/details"), DETAILS)
    except InfisicalError as error:
        is_person = own_identity_id(client) is None
        if error.status not in (404, 422, 500, *([403] if is_person else [])) or error.kind == "rate_limited":
            raise
        prove_caller(client, error)
        claimed = token_payload(client.token or "").get("organizationId") if is_person else None
        return {"id": claimed} if isinstance(claimed, str) and UUID.match(claimed) else {}
    details: dict[str, Any] = answer["identityDetails"]["organization"]
    return {key: details[key] for key in ("id", "name", "slug") if key in details}


def prove_caller(client: Client, error: InfisicalError) -> None:
    """Raises InfisicalError unless a read that every release supports proves that the server accepts the token.
    ``error`` is the failure of the read that not every release supports."""
    own_id = own_identity_id(client)
    if own_id is None:
        # The token of a user: users can list projects, too.
        listed_projects(client)
        return
    try:
        found = client.get(f"/api/v1/identities/{segment(own_id)}")
    except InfisicalError as rejected:
        # The server recognised the identity, but the identity may not read identities, including itself.
        if rejected.error == "PermissionDenied":
            return
        rejected.message = f"{error.message} The token could not be verified by another read: {rejected.message}"
        raise
    if not is_identity(found, own_id):
        raise InfisicalError(
            "server",
            f"{error.message} The owner of the token could not be verified by another read.",
            status=error.status,
            advice=NO_API,
        )


def is_identity(answer: Mapping[str, Any], identity_id: str) -> bool:
    membership = answer.get("identity")
    identity = membership.get("identity") if isinstance(membership, Mapping) else None
    return isinstance(identity, Mapping) and identity.get("id") == identity_id


LOGIN_TASK = Task(argument_spec={}, execute=log_in, holds_a_secret=lambda result: "login_data" in result)
LOGOUT_TASK = Task(argument_spec={}, execute=log_out, rules={"required_one_of": [["login_data", "token"]]})
CALLER_INFO_TASK = Task(argument_spec={"include_access": {"type": "bool", "default": False}}, execute=report_caller)
