# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tasks that keep and read app connections to AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, listing, record
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.kinds import Integer, Text
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import (
    STATE,
    id_faults,
    id_given,
    parse_given,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import converge
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    AT_MOST_ONE_PROJECT,
    PROJECT_OPTIONS,
    project_faults,
    project_id_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_store import (
    AwsConnectionStore,
    connection_by_id,
    no_connections,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_table import (
    AWS_CONNECTION,
    credentials_faults,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

LISTED = record({"appConnections": listing(AWS_CONNECTION.shape)})
LONGEST_WAIT = 86400


def parse_connection(params: Mapping[str, Any], faults: list[str]) -> Options:
    wanted = AWS_CONNECTION.parse(params, faults)
    if not wanted.get("credentials"):
        # What a result shows of a role's credentials, given back.
        wanted.pop("credentials", None)
    else:
        faults += credentials_faults(wanted["credentials"], wanted.get("method"))
    return wanted


def execute(run: Run) -> dict[str, Any]:
    params = run.params
    faults = id_faults(params, "connection_id") + project_faults(params)
    wanted = parse_connection(params, faults)
    parse_given({"wait_timeout": Integer(0, LONGEST_WAIT, "seconds")}, params, faults)
    run.refuse(faults)
    project_id = project_id_of(run)
    if project_id is not None:
        wanted["project_id"] = project_id
    store = AwsConnectionStore(
        run.client,
        connection_id=id_given(params, "connection_id"),
        name=wanted.get("name", ""),
        project_id=project_id,
        patience=params["wait_timeout"],
        tell=run.progress,
    )
    outcome = converge(
        store,
        wanted,
        present=params["state"] == "present",
        check_mode=run.check_mode,
        resent=("credentials",) if params["update_credentials"] == "always" else (),
    )
    if store.waited:
        run.warn(f"AWS accepted the credentials only after {store.waited:g} s.")
    result: dict[str, Any] = {"changed": outcome.plan.changed, "diff": outcome.plan.diff()}
    result["connection_id"] = store.connection_id
    if outcome.options is not None:
        result["aws_connection"] = told_connection(store.connection_id, outcome.options)
    return result


def told_connection(connection_id: str | None, options: Options) -> dict[str, Any]:
    """A connection as a result holds it: what the server tells, in a form that can be given back as options."""
    told = AWS_CONNECTION.told(options)
    if not told.get("project_id"):
        told.pop("project_id", None)
    return {"connection_id": connection_id, **told}


def connections_of(run: Run) -> list[Wire]:
    """All connections of the organisation, or of the project that the task names."""
    project_id = project_id_of(run)
    query = {"projectId": project_id} if project_id else None
    try:
        found: list[Wire] = checked(run.client.get(AWS_CONNECTION.path, query), LISTED)["appConnections"]
    except InfisicalError as error:
        if error.kind == "unsupported_by_server":
            raise no_connections(error) from error
        raise
    # A server that does not understand the query answers for the organisation.
    return [one for one in found if (one.get("projectId") or None) == project_id]


def read(run: Run) -> dict[str, Any]:
    params = run.params
    faults = id_faults(params, "connection_id") + project_faults(params)
    parse_given({"name": Text()}, params, faults)
    run.refuse(faults)
    connection_id = id_given(params, "connection_id")
    if connection_id is not None:
        one = connection_by_id(run.client, connection_id)
        found = [] if one is None else [one]
    else:
        found = connections_of(run)
    if params.get("name") is not None:
        found = [one for one in found if one["name"] == params["name"].strip()]
    found.sort(key=lambda one: (one["name"], one["id"]))
    told = [told_connection(one["id"], AWS_CONNECTION.read(one)) for one in found]
    return {"changed": False, "aws_connections": told}


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
    execute=execute,
)

AWS_CONNECTION_INFO_TASK = Task(
    argument_spec={"connection_id": {"type": "str"}, "name": {"type": "str"}, **PROJECT_OPTIONS},
    rules={"mutually_exclusive": AT_MOST_ONE_PROJECT},
    execute=read,
)
