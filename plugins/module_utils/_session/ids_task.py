# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The task of the lookup plugin that returns the ids of identities by name."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import NO_API
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import identity_ids_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import (
    SCOPE_OPTIONS,
    SCOPE_RULES,
    scope_errors,
    scope_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import got, length_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import UUID
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task
from ansible_collections.machineid.infisical.plugins.module_utils._session.session import own_session


def report_ids(run: Run) -> dict[str, Any]:
    names: list[str] = run.params["_terms"]
    errors = scope_errors(run.params)
    wrong = length_error(names)
    if wrong:
        errors.append(f"_terms {wrong}")
    for index, name in enumerate(names):
        Text().parse(f"_terms[{index}]", name, errors)
    run.check_options(errors)
    with own_session(run) as client:
        ids = identity_ids_of(scope_of(client, run.params), [name.strip() for name in names])
        # Unlike the result of a task, they become part of other texts, such as commands, directly.
        for name, found in zip(names, ids):
            if not UUID.match(found):
                raise InfisicalError("server", f"The id of '{name}' in the answer is {got(found)}.", advice=NO_API)
        return {"changed": False, "ids": ids}


IDENTITY_IDS_TASK = Task(
    argument_spec={"_terms": {"type": "list", "elements": "str", "required": True}, **SCOPE_OPTIONS},
    rules=SCOPE_RULES,
    execute=report_ids,
)
