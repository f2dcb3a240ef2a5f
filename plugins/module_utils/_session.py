# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tasks that take an access token for the tasks that follow, and give it back."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._task import Run, Task


def log_in(run: Run) -> dict[str, Any]:
    run.refuse([])
    client = run.client
    # The token is what this task is for: it is returned, and the result is kept from being displayed instead.
    run.secrets.clear()
    return {"changed": False, "login_data": {"url": client.server.url, "access_token": client.token}}


def log_out(run: Run) -> dict[str, Any]:
    run.refuse([])
    client = run.client
    try:
        client.call("POST", "/api/v1/auth/token/revoke", body={"accessToken": client.token}, authenticated=False)
    except InfisicalError as error:
        # Expired, used up or revoked before: the token is as dead as it should be.
        if error.kind not in ("authentication", "not_found"):
            raise
    return {"changed": False}


LOGIN_TASK = Task(argument_spec={}, execute=log_in, holds_a_secret=lambda result: "login_data" in result)
LOGOUT_TASK = Task(argument_spec={}, execute=log_out, rules={"required_one_of": [["login_data", "token"]]})
