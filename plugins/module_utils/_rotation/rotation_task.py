# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The task that manages a rotation of an IAM user's keys without losing a key unintentionally."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import (
    STATE,
    id_errors,
    id_given,
    parse_given,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Outcome, apply
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    PROJECT_OPTIONS,
    project_errors,
    project_id_of,
    project_named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_task import LONGEST_WAIT
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.preflight import (
    Known,
    check_preconditions,
    conflicts_with,
    precondition_error,
    require_free_secret_names,
    require_no_conflict,
    required_read,
    usable_connection,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotate_now import (
    ROTATED_TWICE,
    rotate_now,
    was_rotated_twice,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_plan import (
    DeclaredRotation,
    RotationPlan,
    place_of,
    plan_rotation,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_store import (
    ADOPTED,
    RotationStore,
    listed_rotations,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_table import (
    AWS_IAM_ROTATION,
    LONGEST_INTERVAL,
    mapping_errors,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

ROTATION_OPTIONS: dict[str, dict[str, Any]] = {
    "rotation_id": {"type": "str"},
    "connection_name": {"type": "str"},
    "recreate": {"type": "bool", "default": False},
    "rotate": {"type": "bool", "default": False},
    "max_age_days": {"type": "int"},
    "wait_timeout": {"type": "int", "default": 120},
    "delete_secrets": {"type": "bool", "default": False, "no_log": False},
    "revoke_generated_credentials": {"type": "bool", "default": False},
    "state": STATE,
}
ROTATION_TYPES = {
    "connection_name": Text(),
    "wait_timeout": Integer(1, LONGEST_WAIT, "seconds"),
    "max_age_days": Integer(1, LONGEST_INTERVAL, "days"),
}
ADDRESS = ("name", "environment", "secret_path")
"""The options that identify a rotation within its project if rotation_id is not given."""


def parse_rotation(params: Mapping[str, Any]) -> tuple[Options, DeclaredRotation, list[str]]:
    """Returns the desired fields, the other options, and the validation errors of both."""
    errors = id_errors(params, "rotation_id") + project_errors(params)
    desired = AWS_IAM_ROTATION.parse(params, errors)
    errors += mapping_errors(desired.get("secrets_mapping", {}))
    if params.get("rotation_id") is None:
        errors += [f"{option} is required unless rotation_id is given" for option in ADDRESS if option not in desired]
        if params.get("project_id") is None and params.get("project_slug") is None:
            errors.append("project_id or project_slug is required unless rotation_id is given")
    parse_given(ROTATION_TYPES, params, errors)
    present = params["state"] == "present"
    if not present and (params["rotate"] or params.get("max_age_days") is not None):
        errors.append("rotate and max_age_days cannot be used with state: absent")
    declared = DeclaredRotation(
        present=present,
        recreate=params["recreate"],
        rotate=params["rotate"],
        max_age_days=params.get("max_age_days"),
        delete_secrets=params["delete_secrets"],
        revoke_generated_credentials=params["revoke_generated_credentials"],
    )
    return desired, declared, errors


class RotationRun:
    """One run: finds the rotation, plans, checks the preconditions, and applies the plan."""

    def __init__(self, run: Run, desired: Options, declared: DeclaredRotation) -> None:
        self.run = run
        self.desired = desired
        self.declared = declared
        self.known = Known()
        self.store = RotationStore(
            run.client,
            rotation_id=id_given(run.params, "rotation_id"),
            desired=desired,
            wait_seconds=run.params["wait_timeout"],
            final_check=self._require_still_no_conflict,
        )

    def find(self) -> Wire | None:
        """Returns the current state. Replaces the connection's name by its id, without a lookup if the rotation already
        has that connection."""
        current = self._read()
        if current is None and self.run.params.get("rotation_id") is not None and self.declared.present:
            raise precondition_error(
                "not_found",
                f"AWS IAM rotation {self.run.params['rotation_id']} does not exist.",
                "To create a rotation, omit rotation_id, because the server chooses the id.",
            )
        if self.declared.present:
            self._resolve_connection(current)
        return self._elsewhere() if current is None and self.declared.present else current

    def _read(self) -> Wire | None:
        try:
            return self.store.read()
        except InfisicalError as error:
            if error.kind == "permission" and "project_id" in self.desired:
                # An unknown project causes 403 (server-notes#unknown-projects). This lookup reports it with the
                # existing ones.
                project_named(self.run.client, self.desired)
            raise

    def _resolve_connection(self, current: Wire | None) -> None:
        name = (self.run.params.get("connection_name") or "").strip()
        if not name:
            return
        if current is not None and current["connection"]["name"] == name:
            self.desired["connection_id"] = current["connectionId"]
            return
        project_id = current["projectId"] if current else self.desired["project_id"]
        with required_read("which connection is meant"):
            self.known.connection = usable_connection(self.run.client, project_id, name=name)
        self.desired["connection_id"] = self.known.connection["id"]

    def _elsewhere(self) -> Wire | None:
        """Returns the rotation with this name, connection and IAM user in another folder of the project. The
        declaration has moved it. If it were created a second time, the two would delete each other's keys."""
        with required_read("which rotations exist"):
            listed = self.known.listed = listed_rotations(self.run.client, self.desired["project_id"])
        user = self.desired.get("parameters", {}).get("user_name", "")
        connection_id = self.desired.get("connection_id", "")
        moved = [
            one for one in listed if one["name"] == self.desired["name"] and conflicts_with(one, connection_id, user)
        ]
        if len(moved) > 1:
            places = ", ".join(f"{place_of(one)} ({one['id']})" for one in moved)
            raise precondition_error(
                "conflict", f"Several rotations of IAM user {user} are named '{moved[0]['name']}': {places}."
            )
        if moved:
            self.store.rotation_id = moved[0]["id"]
        return moved[0] if moved else None

    def review(self, planned: RotationPlan) -> None:
        """Raises InfisicalError if something prevents the plan, also in check mode."""
        table, client = planned.table, self.run.client
        after = table.after or {}
        if table.action == "create":
            self.known.replaced = planned.replaced
            check_preconditions(client, after, self.known)
        if table.action == "update" and "name" in table.changed_options:
            with required_read("which rotations exist"):
                require_no_conflict(listed_rotations(client, after["project_id"]), after, planned.current)
        if table.action == "update" and "secrets_mapping" in table.changed_options:
            require_free_secret_names(client, after, list((table.before or {})["secrets_mapping"].values()))

    def _require_still_no_conflict(self, after: Options) -> None:
        """Raises InfisicalError if another run has created a conflicting rotation since the plan was checked. If a
        rotation is created twice, the server issues a key for each request before it rejects the second, and may delete
        the key in use."""
        with required_read("which rotations exist"):
            require_no_conflict(listed_rotations(self.run.client, after["project_id"]), after, None)

    def carry_out(self, planned: RotationPlan) -> tuple[Options | None, Wire | None]:
        if planned.table.action == "delete":
            self.store.remove(
                delete_secrets=self.declared.delete_secrets,
                revoke_generated_credentials=self.declared.revoke_generated_credentials,
            )
            return None, None
        if planned.replaced is not None:
            return self._replace(planned)
        options, wire = planned.table.after, planned.current
        if planned.table.changed:
            outcome = self._apply(planned)
            options, wire = outcome.options, outcome.wire
        if planned.rotate and wire is not None:
            before = wire
            try:
                wire = rotate_now(self.store, before, self.run.params["wait_timeout"], self.run.progress)
            except InfisicalError as error:
                error.changed = error.changed or planned.table.changed
                raise
            if was_rotated_twice(before, wire):
                self.run.warn(ROTATED_TWICE.format(wire["name"]))
            options = AWS_IAM_ROTATION.read(wire)
        return options, wire

    def _apply(self, planned: RotationPlan) -> Outcome:
        outcome = apply(self.store, planned.table)
        if self.store.adopted:
            self.run.warn(ADOPTED)
        return outcome

    def _replace(self, planned: RotationPlan) -> tuple[Options | None, Wire | None]:
        """Deletes the rotation with its keys and secrets, then recreates it as planned."""
        after = planned.table.after or {}
        self.store.remove(delete_secrets=True, revoke_generated_credentials=True)
        # From here on, it is identified by its new name and place.
        self.store.desired = after
        try:
            require_free_secret_names(self.run.client, after)
            outcome = self._apply(planned)
        except InfisicalError as error:
            before = "The former rotation is deleted and its keys are revoked, but the new one could not be created."
            error.message = f"{before} {error.message}"
            error.advice = "Correct the cause and run the task again."
            error.changed = True
            raise
        return outcome.options, outcome.wire


def reconcile_rotation(run: Run) -> dict[str, Any]:
    desired, declared, errors = parse_rotation(run.params)
    run.check_options(errors)
    for warning in AWS_IAM_ROTATION.warnings(desired):
        run.warn(warning)
    project_id = project_id_of(run.client, run.params)
    if project_id is not None:
        desired["project_id"] = project_id
    rotation_run = RotationRun(run, desired, declared)
    current = rotation_run.find()
    planned = plan_rotation(current, rotation_run.desired, declared, run.client.now())
    rotation_run.review(planned)
    for warning in planned.warnings:
        run.warn(warning)
    options, wire = planned.table.after, current
    if planned.changed and not run.check_mode:
        options, wire = rotation_run.carry_out(planned)
    return result_of(planned, declared, options, wire)


def result_of(
    planned: RotationPlan, declared: DeclaredRotation, options: Options | None, wire: Wire | None
) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": planned.changed, "diff": planned.diff(), "rotated": planned.rotate}
    if planned.replaced is not None and wire is planned.current:
        # In check mode, a rotation that would be created has no id yet.
        wire = None
    known = wire if planned.changed and planned.table.action == "create" else wire or planned.current
    result["rotation_id"] = known["id"] if known else None
    if known is not None:
        result["connection_name"] = known["connection"]["name"]
    removed = planned.current if planned.table.action == "delete" else planned.replaced
    if removed is not None:
        recreated = planned.replaced is not None
        result["generated_credentials_revoked"] = recreated or declared.revoke_generated_credentials
        result["secrets_deleted"] = recreated or declared.delete_secrets
    if options is not None:
        result["aws_iam_rotation"] = {"rotation_id": result["rotation_id"], **AWS_IAM_ROTATION.returned(options)}
        for key, wire_name in AWS_IAM_ROTATION.also_returned:
            if wire is not None and wire_name in wire:
                result[key] = wire[wire_name]
    return result


AWS_IAM_ROTATION_TASK = Task(
    argument_spec={**AWS_IAM_ROTATION.argument_spec(), **PROJECT_OPTIONS, **ROTATION_OPTIONS},
    rules={
        "required_one_of": [["rotation_id", "name"]],
        "mutually_exclusive": [["project_id", "project_slug"], ["connection_id", "connection_name"]],
    },
    execute=reconcile_rotation,
)
