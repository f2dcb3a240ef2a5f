# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The task that reads rotations of IAM users' keys: configuration, last result and next date."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import id_errors, id_given
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    PROJECT_OPTIONS,
    project_errors,
    project_id_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_store import (
    RotationStore,
    listed_rotations,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_table import AWS_IAM_ROTATION
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

SELECTORS = ("name", "environment", "secret_path")


def returned_rotation(wire: Wire) -> dict[str, Any]:
    """Returns a rotation with its status. The answer contains no secrets, and only known keys are returned."""
    returned: dict[str, Any] = {"rotation_id": wire["id"], **AWS_IAM_ROTATION.returned(AWS_IAM_ROTATION.read(wire))}
    returned["connection_name"] = wire["connection"]["name"]
    returned["last_rotation_manual"] = wire.get("isLastRotationManual")
    returned.update({key: wire.get(wire_name) for key, wire_name in AWS_IAM_ROTATION.also_returned})
    return returned


def found_rotations(run: Run) -> list[Wire]:
    rotation_id = id_given(run.params, "rotation_id")
    if rotation_id is not None:
        one = RotationStore(run.client, rotation_id=rotation_id, desired={}).read()
        return [] if one is None else [one]
    return listed_rotations(run.client, project_id_of(run.client, run.params) or "", AWS_IAM_ROTATION.path)


def report_rotations(run: Run) -> dict[str, Any]:
    params = run.params
    errors = id_errors(params, "rotation_id") + project_errors(params)
    selected = AWS_IAM_ROTATION.parse({option: params.get(option) for option in SELECTORS}, errors)
    run.check_options(errors)
    found = [returned_rotation(one) for one in found_rotations(run)]
    found = [one for one in found if all(one[option] == value for option, value in selected.items())]
    found.sort(key=lambda one: (one["environment"], one["secret_path"], one["name"]))
    return {"changed": False, "aws_iam_rotations": found}


AWS_IAM_ROTATION_INFO_TASK = Task(
    argument_spec={
        "rotation_id": {"type": "str"},
        **PROJECT_OPTIONS,
        **{option: spec for option, spec in AWS_IAM_ROTATION.argument_spec().items() if option in SELECTORS},
    },
    rules={
        "required_one_of": [["rotation_id", "project_id", "project_slug"]],
        "mutually_exclusive": [["project_id", "project_slug"]],
    },
    execute=report_rotations,
)
