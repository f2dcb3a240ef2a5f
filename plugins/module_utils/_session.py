# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tasks that take an access token, give it back, and tell whose it is."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._lookup import own_identity_id
from ansible_collections.machineid.infisical.plugins.module_utils._task import Run, Task


def log_in(run: Run) -> dict[str, Any]:
    run.refuse([])
    client = run.client
    # It may be the value of an option that Ansible hides, and is what this task is for.
    run.reveal(client.token)
    return {
        "changed": False,
        "login_data": {"url": client.server.url, "access_token": client.token},
        "logged_in": client.login_slug is not None,
        "identity_id": own_identity_id(client),
    }


def log_out(run: Run) -> dict[str, Any]:
    given = str(run.connection.login_data.get("access_token") or run.connection.params["token"] or "")
    run.refuse([] if given else ["token must not be empty"])
    run.conceal(given)
    # Not by run.client: with a client id in the environment that logs in, and its own token would be revoked.
    revoke_token(Client(run.connection.server(), given))
    return {"changed": False}


def revoke_token(client: Client) -> None:
    try:
        client.call("POST", "/api/v1/auth/token/revoke", body={"accessToken": client.token}, authenticated=False)
    except InfisicalError as error:
        # Expired, used up or revoked before: the token is as dead as it should be.
        if error.kind not in ("authentication", "not_found"):
            raise


def tell_caller(run: Run) -> dict[str, Any]:
    run.refuse([])
    client = run.client
    try:
        return {"changed": False, "identity_id": own_identity_id(client), "organization": own_organization(client)}
    finally:
        if client.login_slug is not None:
            run.forget_client()
            revoke_token(client)


def own_organization(client: Client) -> dict[str, Any]:
    """What the server tells of the caller's organisation; empty where it has no way to tell, but took the token.

    2024-10 has no such route and answers 500 (quirks.md §13).
    """
    try:
        details: dict[str, Any] = client.get("/api/v1/identities/details")["identityDetails"]["organization"]
    except InfisicalError as error:
        if error.status not in (404, 422, 500):
            raise
        return {}
    return {key: details[key] for key in ("id", "name", "slug") if key in details}


LOGIN_TASK = Task(argument_spec={}, execute=log_in, holds_a_secret=lambda result: "login_data" in result)
LOGOUT_TASK = Task(argument_spec={}, execute=log_out, rules={"required_one_of": [["login_data", "token"]]})
CALLER_INFO_TASK = Task(argument_spec={}, execute=tell_caller)
