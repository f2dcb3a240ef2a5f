# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The two execution paths of a task: as a module, and in the process that runs the play."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule, _load_params, missing_required_lib, remove_values
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import HAS_REQUESTS, Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import (
    CONNECTION_RULES,
    CONNECTION_SPEC,
    secrets_in_urls,
    urls_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._login.login_data import with_login_data
from ansible_collections.machineid.infisical.plugins.module_utils._runner.given_options import read_options
from ansible_collections.machineid.infisical.plugins.module_utils._runner.masking import register_secrets, spelled
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task, merged_rules
from ansible_collections.machineid.infisical.plugins.module_utils._runner.unexpected import failed_result, foreseen

VERBOSITY_OF_TRACEBACKS = 3
FAILURE_KEYS = ("msg", "failure", "traceback")

UNREAD_RESULT = "INFISICAL_ANSIBLE_RESULT_IS_NOT_READ"
"""The environment variable in which an action plugin notes for its module that the result is not registered."""


def argument_rules(task: Task) -> dict[str, Any]:
    """Returns the argument spec and the rules between options, as keyword arguments of
    AnsibleModule and core's validator."""
    rules = merged_rules(CONNECTION_RULES, task.rules)
    return {"argument_spec": {**CONNECTION_SPEC, **task.argument_spec}, **rules}


def read_arguments(spec: dict[str, Any], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What core's validator gets to see of the options ``given``, those that ``login_data`` holds among them, and what
    is wrong with them."""
    taken, errors = read_options(spec, given)
    return taken if errors else with_login_data(taken, spec), errors


class Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule that treats a null option as not given, and whose own failures have the kind
    ``validation``. It masks a password in a URL first, before another option fails validation and before the
    arguments are logged to the system log."""

    def _load_params(self) -> None:
        given = _load_params() or {}
        self.params, _errors = read_arguments(self.argument_spec, given)
        self.no_log_values.update(spelled(secrets_in_urls(urls_of(given))))

    def fail_json(self, msg: str, **result: Any) -> None:
        result.setdefault("failure", InfisicalError("validation", msg).failure())
        super().fail_json(msg, **result)


class UnloggedModule(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule that leaves its options out of the system's log: which of them are secret is in the argument
    spec that they do not fit. Its own ``no_log`` would not do, as the task's takes the place of that."""

    def _log_invocation(self) -> None:
        """Logs nothing."""


def run_module(task: Task) -> None:
    """Runs ``task`` as an Ansible module."""
    rules = argument_rules(task)
    given = _load_params() or {}
    errors = read_options(rules["argument_spec"], given)[1]
    if errors:
        # Core's validator does not process invalid options: it misinterprets some and crashes on others.
        anything = {name: {"type": "raw"} for name in given if not name.startswith("_ansible_")}
        # Nor are they logged: the argument spec says which are secret, but they do not match it.
        module = UnloggedModule(supports_check_mode=True, argument_spec=anything)
        module.no_log_values.update(spelled(secrets_in_urls(urls_of(given))))
        module.fail_json(**failed_result(InvalidOptions(errors), changed=False), invocation={"module_args": {}})
    module = Module(supports_check_mode=True, **rules)
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"))
    run = Run(module.params, check_mode=module.check_mode, result_is_read=UNREAD_RESULT not in os.environ)
    result = perform(task, run, diff=module._diff, verbosity=module._verbosity)
    result["invocation"] = displayed_arguments(module.params, module.no_log_values)
    module.no_log_values.update(spelled(module.no_log_values), register_secrets(run.hidden))
    module.no_log_values.difference_update(spelled(run.returned))
    for warning in run.warnings:
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def run_in_process(
    task: Task,
    arguments: dict[str, Any],
    clients: dict[Hashable, Client],
    *,
    check_mode: bool,
    diff: bool,
    verbosity: int = 0,
    progress: Callable[[str], None] | None = None,
    result_is_read: bool = True,
) -> dict[str, Any] | None:
    """Returns the result that ``run_module`` would return for ``arguments``, or None if core's validator rejects them.
    The caller then has to run the module, so that the error has its usual wording."""
    rules = argument_rules(task)
    given, errors = read_arguments(rules["argument_spec"], arguments)
    if errors:
        failed: dict[str, Any] = remove_values(
            failed_result(InvalidOptions(errors), changed=False), spelled(secrets_in_urls(urls_of(arguments)))
        )
        return failed
    validated = ModuleArgumentSpecValidator(**rules).validate(given)
    if validated.error_messages:
        return None
    params = validated.validated_parameters
    run = Run(params, check_mode=check_mode, clients=clients, progress=progress, result_is_read=result_is_read)
    result = perform(task, run, diff=diff, verbosity=verbosity)
    if run.warnings:
        result["warnings"] = run.warnings
    own = validated._no_log_values | secrets_in_urls(urls_of(params))
    result["invocation"] = displayed_arguments(params, own)
    secrets = (spelled(own) | register_secrets(run.hidden)) - spelled(run.returned)
    cleaned: dict[str, Any] = remove_values(result, secrets)
    return cleaned


def errors_of_core(task: Task, arguments: Mapping[str, Any]) -> list[str]:
    """Returns why core's validator rejects ``arguments``, without secrets. For callers that have no module to run."""
    rules = argument_rules(task)
    given, _errors = read_arguments(rules["argument_spec"], arguments)
    validated = ModuleArgumentSpecValidator(**rules).validate(given)
    secrets = spelled(validated._no_log_values | secrets_in_urls(urls_of(arguments)))
    messages = [
        f"there is no option {error}" if isinstance(error, UnsupportedError) else str(error)
        for error in validated.errors
    ]
    removed: list[str] = remove_values(messages, secrets)
    return removed


def displayed_arguments(params: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
    """Returns the options of a task without secret ones, even if the result returns one of them."""
    arguments: dict[str, Any] = {"module_args": remove_values(params, spelled(secrets))}
    return arguments


def perform(task: Task, run: Run, *, diff: bool, verbosity: int) -> dict[str, Any]:
    """Returns the result of one run: the result of the task, or its failure in the documented form,
    also for unexpected exceptions."""
    try:
        result = task.execute(run)
    except Exception as error:  # core's own ways to end a task early are not derived from Exception
        failure = foreseen(error)
        result = failed_result(failure, changed=run.has_written if failure.changed is None else failure.changed)
    if not diff:
        result.pop("diff", None)
    if verbosity < VERBOSITY_OF_TRACEBACKS:
        result.pop("traceback", None)
    secrets = spelled([*run.secrets, *run.returned])
    for part in (result, *result.get("identities", ())):
        if part.get("failed"):
            # A secret that the result returns is also removed, because the failure of a censored result is displayed.
            part.update({key: remove_values(part[key], secrets) for key in FAILURE_KEYS if key in part})
    return result
