# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tasks that manage and read app connections to AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, listing, record
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import (
    STATE,
    id_errors,
    id_given,
    parse_given,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import converge
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    AT_MOST_ONE_PROJECT,
    PROJECT_OPTIONS,
    project_errors,
    project_id_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_store import (
    AwsConnectionStore,
    connection_by_id,
    no_connections,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_table import (
    AWS_CONNECTION,
    credentials_errors,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

LISTED = record({"appConnections": listing(AWS_CONNECTION.shape)})
LONGEST_WAIT = 86400


def parse_connection(params: Mapping[str, Any], errors: list[str]) -> Options:
    desired = AWS_CONNECTION.parse(params, errors)
    if not desired.get("credentials"):
        # The credentials of a role in a result, passed back as options.
        desired.pop("credentials", None)
    else:
        errors += credentials_errors(desired["credentials"], desired.get("method"))
    return desired


def reconcile_connection(run: Run) -> dict[str, Any]:
    params = run.params
    errors = id_errors(params, "connection_id") + project_errors(params)
    desired = parse_connection(params, errors)
    parse_given({"wait_timeout": Integer(0, LONGEST_WAIT, "seconds")}, params, errors)
    run.check_options(errors)
    project_id = project_id_of(run.client, run.params)
    if project_id is not None:
        desired["project_id"] = project_id
    store = AwsConnectionStore(
        run.client,
        connection_id=id_given(params, "connection_id"),
        name=desired.get("name", ""),
        project_id=project_id,
        wait_seconds=params["wait_timeout"],
        progress=run.progress,
    )
    outcome = converge(
        store,
        desired,
        present=params["state"] == "present",
        check_mode=run.check_mode,
        resent=("credentials",) if params["update_credentials"] == "always" else (),
    )
    if store.waited:
        run.warn(f"AWS accepted the credentials only after {store.waited:g} s.")
    result: dict[str, Any] = {"changed": outcome.plan.changed, "diff": outcome.plan.diff()}
    result["connection_id"] = store.connection_id
    if outcome.options is not None:
        result["aws_connection"] = returned_connection(store.connection_id, outcome.options)
    return result


def returned_connection(connection_id: str | None, options: Options) -> dict[str, Any]:
    """Returns a connection for a result, in a form that can be passed as options."""
    returned = AWS_CONNECTION.returned(options)
    if not returned.get("project_id"):
        returned.pop("project_id", None)
    return {"connection_id": connection_id, **returned}


def connections_of(run: Run) -> list[Wire]:
    """Returns all connections of the organisation, or of the task's project."""
    project_id = project_id_of(run.client, run.params)
    query = {"projectId": project_id} if project_id else None
    try:
        found: list[Wire] = checked(run.client.get(AWS_CONNECTION.path, query), LISTED)["appConnections"]
    except InfisicalError as error:
        if error.kind == "unsupported_by_server":
            raise no_connections(error) from error
        raise
    # A server that does not support the query answers for the organisation.
    return [one for one in found if (one.get("projectId") or None) == project_id]


def report_connections(run: Run) -> dict[str, Any]:
    params = run.params
    errors = id_errors(params, "connection_id") + project_errors(params)
    parse_given({"name": Text()}, params, errors)
    run.check_options(errors)
    connection_id = id_given(params, "connection_id")
    if connection_id is not None:
        one = connection_by_id(run.client, connection_id)
        found = [] if one is None else [one]
    else:
        found = connections_of(run)
    if params.get("name") is not None:
        found = [one for one in found if one["name"] == params["name"].strip()]
    found.sort(key=lambda one: (one["name"], one["id"]))
    returned = [returned_connection(one["id"], AWS_CONNECTION.read(one)) for one in found]
    return {"changed": False, "aws_connections": returned}


AWS_CONNECTION_TASK = Task(
    argument_spec={
        "connection_id": {"type": "str"},
        **AWS_CONNECTION.argument_spec(),
        **PROJECT_OPTIONS,
        "update_credentials": {"type": "str", "choices": ["always", "on_create"], "default": "on_create"},
        "wait_timeout": {"type": "int", "default": 60},
        "state": STATE,
    },
    rules={"required_one_of": [["connection_id", "name"]], "mutually_exclusive": AT_MOST_ONE_PROJECT},
    execute=reconcile_connection,
)

AWS_CONNECTION_INFO_TASK = Task(
    argument_spec={"connection_id": {"type": "str"}, "name": {"type": "str"}, **PROJECT_OPTIONS},
    rules={"mutually_exclusive": AT_MOST_ONE_PROJECT},
    execute=report_connections,
)
