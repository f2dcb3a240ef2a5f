# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many identities in one task: few reads, several at a time, one failing without stopping the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._declaration import (
    DECLARATION_RULES,
    Declaration,
    declaration_spec,
    parse_declarations,
)
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._identity import IdentityStore
from ansible_collections.machineid.infisical.plugins.module_utils._lookup import (
    ambiguous_name,
    memberships,
    only_identity_named,
    organization_of_caller,
)
from ansible_collections.machineid.infisical.plugins.module_utils._projects import project_named
from ansible_collections.machineid.infisical.plugins.module_utils._task import Run, Task
from ansible_collections.machineid.infisical.plugins.module_utils._unforeseen import failed_result
from ansible_collections.machineid.infisical.plugins.module_utils._whole_identity import Rules, WholeIdentity

FEW = 10
"""Up to so many identities are looked up one by one; more are found in the organisation's whole list."""
SECONDS_BETWEEN_PROGRESS = 2.0
FAILURES_TOLD = 5


class Roster:
    """Finds the membership objects of declared identities with as few requests as their number allows."""

    def __init__(self, client: Client, organization_id: str, number: int) -> None:
        self.client = client
        self.organization_id = organization_id
        self._listed = memberships(client, organization_id) if number > FEW else None
        self._by_id = {one["identity"]["id"]: one for one in self._listed or []}
        self._by_name: dict[str, list[Wire]] = {}
        if self._listed:
            client.keeps_one_method = "authMethods" not in self._listed[0]["identity"]
        for one in self._listed or []:
            self._by_name.setdefault(one["identity"]["name"], []).append(one)

    def store(self, declared: Declaration) -> IdentityStore:
        return IdentityStore(
            self.client,
            identity_id=declared.identity_id,
            name=declared.name,
            organization_id=self.organization_id,
            # Looking for a twin after each create would cost a fleet one more read per identity.
            yields_to_twin=self._listed is None,
        )

    def find(self, declared: Declaration) -> Wire | None:
        found = self._found(declared)
        # The 2024-10 list leaves the metadata out (contract.yml, older_servers).
        if found is not None and "metadata" in declared.wanted and "metadata" not in found:
            return self._read(found["identity"]["id"])
        return found

    def _found(self, declared: Declaration) -> Wire | None:
        if declared.identity_id:
            listed = self._by_id.get(declared.identity_id)
            return listed if listed is not None or self._listed is not None else self._read(declared.identity_id)
        if self._listed is None:
            return only_identity_named(self.client, self.organization_id, declared.name)
        named = self._by_name.get(declared.name, [])
        if len(named) > 1:
            raise ambiguous_name(declared.name, named)
        return named[0] if named else None

    def _read(self, identity_id: str) -> Wire | None:
        try:
            wire: Wire = self.client.get(f"/api/v1/identities/{segment(identity_id)}")["identity"]
        except InfisicalError as error:
            if error.kind != "not_found":
                raise
            return None
        return wire


class Projects:
    """The ids of the projects that are declared, each looked up once, before the threads start."""

    def __init__(self, client: Client, declarations: Sequence[Declaration]) -> None:
        self._found: dict[tuple[Any, Any], str | InfisicalError] = {}
        for declared in declarations:
            for membership in declared.memberships:
                key = self._key(membership.project)
                if key not in self._found:
                    try:
                        self._found[key] = str(project_named(client, membership.project)["id"])
                    except InfisicalError as error:
                        self._found[key] = error

    def id_of(self, project: Mapping[str, Any]) -> str:
        found = self._found[self._key(project)]
        if isinstance(found, InfisicalError):
            raise found
        return found

    @staticmethod
    def _key(project: Mapping[str, Any]) -> tuple[Any, Any]:
        return project.get("project_id"), project.get("project_slug")


def converge_one(client: Client, declared: Declaration, roster: Roster, rules: Rules) -> dict[str, Any]:
    """One identity's result, its diff and warnings with it; a failure is a result as well."""
    whole = None
    try:
        store = roster.store(declared)
        current = roster.find(declared)
        if current is not None:
            store.identity_id = current["identity"]["id"]
        whole = WholeIdentity(client, declared, rules, store, current)
        whole.prepare()
        whole.carry_out()
        return whole.result()
    except Exception as error:  # also an unforeseen one must not cost the others their results
        return {**as_far_as_it_came(declared, whole), **failed_result(error)}


def as_far_as_it_came(declared: Declaration, whole: WholeIdentity | None) -> dict[str, Any]:
    """The result of an identity that failed, without the failure."""
    try:
        return whole.result() if whole else {"name": declared.label, "changed": False}
    except Exception:  # then it is not known what was done, and it must not pass for nothing
        return {"name": declared.label, "changed": True}


def converge_all(
    declarations: Sequence[Declaration],
    one: Callable[[Declaration], dict[str, Any]],
    concurrency: int,
    progress: Callable[[str], None],
) -> list[dict[str, Any]]:
    """The results in the order of the declarations."""
    results: list[dict[str, Any]] = [{} for _declared in declarations]
    told = time.monotonic()
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        places = {pool.submit(one, declared): index for index, declared in enumerate(declarations)}
        for done, future in enumerate(as_completed(places), start=1):
            results[places[future]] = future.result()
            if time.monotonic() - told >= SECONDS_BETWEEN_PROGRESS:
                told = time.monotonic()
                changed = sum(bool(result.get("changed")) for result in results)
                failed = sum(bool(result.get("failed")) for result in results)
                progress(f"identities: {done} of {len(results)} done, {changed} changed, {failed} failed")
    return results


def execute(run: Run) -> dict[str, Any]:
    params = run.params
    faults: list[str] = []
    warnings: list[str] = []
    declarations = parse_declarations(params["identities"], faults, warnings)
    if params["concurrency"] < 1:
        faults.append(f"concurrency must be at least 1, got {params['concurrency']}")
    run.refuse(faults)
    for warning in warnings:
        run.warn(warning)
    client = run.client
    organization_id = params.get("organization_id") or organization_of_caller(client)
    roster = Roster(client, organization_id, len(declarations))
    rules = Rules(
        check_mode=run.check_mode,
        prune_auth_methods=params["prune_auth_methods"],
        allow_open_methods=params["allow_open_methods"],
        project_id=Projects(client, declarations).id_of,
    )
    results = converge_all(
        declarations,
        lambda declared: converge_one(client, declared, roster, rules),
        params["concurrency"],
        run.progress,
    )
    return summed_up(run, results)


def summed_up(run: Run, results: list[dict[str, Any]]) -> dict[str, Any]:
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
        told = "; ".join(f"{one['name']}: {one['msg']}" for one in failed[:FAILURES_TOLD])
        more = f"; and {len(failed) - FAILURES_TOLD} more" if len(failed) > FAILURES_TOLD else ""
        answer["failed"] = True
        answer["msg"] = f"{len(failed)} of {len(results)} identities failed. {told}{more}"
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
        "organization_id": {"type": "str"},
        "concurrency": {"type": "int", "default": 4},
        "prune_auth_methods": {"type": "bool", "default": False},
        "allow_open_methods": {"type": "bool", "default": True},
    },
    execute=execute,
    holds_a_secret=lambda result: any(
        "client_secret" in secret for one in result.get("identities", []) for secret in one.get("client_secrets", [])
    ),
)
