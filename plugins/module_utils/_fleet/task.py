# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The task that manages many identities."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.bulk_run import (
    OneIdentity,
    converge_all,
    finish_credentials,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import (
    DECLARATION_RULES,
    declaration_spec,
    parse_declarations,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.finders import AccessFinders, IdentityFinder
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.planner import Rules
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import (
    ROLE_IN_PROJECT,
    SCOPE_OPTIONS,
    SCOPE_RULES,
    is_in_project,
    scope_errors,
    scope_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.task import (
    CREDENTIAL_TYPES,
    delivery_rules,
    destination_errors,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

CONCURRENCY = Integer(1, 100)
FAILURES_LISTED = 5


def reconcile_identities(run: Run) -> dict[str, Any]:
    params = run.params
    errors: list[str] = []
    warnings: list[str] = []
    declarations = parse_declarations(params["identities"], errors, warnings)
    errors += scope_errors(params)
    if is_in_project(params):
        errors += [f"identities[{one.position}].{ROLE_IN_PROJECT}" for one in declarations if "role" in one.desired]
    parse_given({"concurrency": CONCURRENCY}, params, errors)
    credentials = [one for declared in declarations if declared.present for one in declared.credentials]
    run.check_options(errors + destination_errors(credentials, run.connection.url))
    for warning in warnings:
        run.warn(warning)
    client = run.client
    scope = scope_of(client, params)
    finder = IdentityFinder(scope, len(declarations))
    rules = Rules(
        check_mode=run.check_mode,
        prune_auth_methods=params["prune_auth_methods"],
        allow_open_methods=params["allow_open_methods"],
        finders=AccessFinders(client, declarations),
        delivery=delivery_rules(run),
    )
    identities = [OneIdentity(client, declared, finder, rules) for declared in declarations]
    outcomes: list[str] = []
    succeeded = False
    try:
        converge_all(identities, finder, params["concurrency"], run.progress)
        succeeded = not any(one.failure for one in identities)
    finally:
        outcomes = finish_credentials(identities, params["concurrency"], succeeded=succeeded)
    return summed_up(run, [one.result() for one in identities], outcomes)


def summed_up(run: Run, results: list[dict[str, Any]], outcomes: list[str]) -> dict[str, Any]:
    """Returns the result of the task. ``outcomes`` are sentences about credentials that
    were revoked after a failure."""
    diffs = [diff for result in results for diff in [result.pop("diff", None)] if diff]
    for result in results:
        for warning in result.pop("warnings", []):
            run.warn(f"{result['name']}: {warning}")
    failed = [result for result in results if result.get("failed")]
    changed = [result for result in results if result.get("changed")]
    answer: dict[str, Any] = {
        "changed": bool(changed),
        "diff": diffs,
        "identities": results,
        "summary": {
            "total": len(results),
            "changed": len(changed),
            "unchanged": len([one for one in results if not one.get("changed") and not one.get("failed")]),
            "failed": [one["name"] for one in failed],
        },
    }
    if failed:
        listed = "; ".join(f"{one['name']}: {one['msg']}" for one in failed[:FAILURES_LISTED])
        more = f"; and {len(failed) - FAILURES_LISTED} more" if len(failed) > FAILURES_LISTED else ""
        answer["failed"] = True
        answer["msg"] = " ".join([f"{len(failed)} of {len(results)} identities failed. {listed}{more}", *outcomes])
        answer["failure"] = failed[0]["failure"]
        tracebacks = [one.pop("traceback") for one in failed if "traceback" in one]
        if tracebacks:
            answer["traceback"] = "\n".join(tracebacks)
    return answer


IDENTITIES_TASK = Task(
    argument_spec={
        "identities": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": declaration_spec(),
            **DECLARATION_RULES,
        },
        **SCOPE_OPTIONS,
        "concurrency": {"type": "int", "default": 4},
        "prune_auth_methods": {"type": "bool", "default": False},
        "allow_open_methods": {"type": "bool", "default": True},
    },
    rules=SCOPE_RULES,
    execute=reconcile_identities,
    holds_a_secret=lambda result: any(
        credential.key in made
        for one in result.get("identities", [])
        for credential in CREDENTIAL_TYPES
        for made in one.get(credential.list_option, [])
    ),
)
