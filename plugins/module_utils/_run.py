# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The two doors between Ansible and a task: as a module, and in the process that runs the play."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib, remove_values
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator

from ansible_collections.machineid.infisical.plugins.module_utils._client import HAS_REQUESTS, Client
from ansible_collections.machineid.infisical.plugins.module_utils._connection import (
    CONNECTION_RULES,
    CONNECTION_SPEC,
    secrets_in_urls,
    urls_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._secrets import register_secrets
from ansible_collections.machineid.infisical.plugins.module_utils._task import Run, Task
from ansible_collections.machineid.infisical.plugins.module_utils._unforeseen import failed_result

VERBOSITY_OF_TRACEBACKS = 3
FAILURE_KEYS = ("msg", "failure", "traceback")


def argument_rules(task: Task) -> dict[str, Any]:
    """The argument spec and the rules between options, as both AnsibleModule and core's validator take them."""
    rules: dict[str, Any] = {}
    for name, rule in (*CONNECTION_RULES.items(), *task.rules.items()):
        rules[name] = {**rules.get(name, {}), **rule} if isinstance(rule, dict) else [*rules.get(name, []), *rule]
    return {"argument_spec": {**CONNECTION_SPEC, **task.argument_spec}, **rules}


class Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule that masks from the first moment what a URL holds of a password: before another option is
    refused, and before the system's log says what the module was called with."""

    def _load_params(self) -> None:
        super()._load_params()
        self.no_log_values.update(secrets_in_urls(urls_of(self.params)))


def run_module(task: Task) -> None:
    """Runs ``task`` as an Ansible module."""
    module = Module(supports_check_mode=True, **argument_rules(task))
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"))
    run = Run(module.params, check_mode=module.check_mode)
    result = perform(task, run, diff=module._diff, verbosity=module._verbosity)
    result["invocation"] = shown_arguments(module.params, module.no_log_values)
    module.no_log_values.update(register_secrets(run.hidden))
    module.no_log_values.difference_update(run.returned)
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
) -> dict[str, Any] | None:
    """The result that ``run_module`` would give for ``arguments``, or None when core's validator refuses them: then the
    module has to be run, for the error to be worded as ever."""
    validated = ModuleArgumentSpecValidator(**argument_rules(task)).validate(unshared(arguments))
    if validated.error_messages:
        return None
    params = validated.validated_parameters
    run = Run(params, check_mode=check_mode, clients=clients, progress=progress)
    result = perform(task, run, diff=diff, verbosity=verbosity)
    if run.warnings:
        result["warnings"] = run.warnings
    given = validated._no_log_values | secrets_in_urls(urls_of(params))
    result["invocation"] = shown_arguments(params, given)
    secrets = (given | set(register_secrets(run.hidden))) - run.returned
    cleaned: dict[str, Any] = remove_values(result, secrets)
    return cleaned


def shown_arguments(params: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
    """The options that a task was run with, without those that are secret, even if the result has to tell one."""
    shown: dict[str, Any] = {"module_args": remove_values(params, secrets)}
    return shown


def unshared(value: Any) -> Any:
    """A copy in which nothing stands twice, as after the way into a module: of a YAML anchor's value, which is one
    object in several places, core's validator fills in the defaults once and then takes them for given."""
    if isinstance(value, dict):
        return {key: unshared(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [unshared(item) for item in value]
    return value


def perform(task: Task, run: Run, *, diff: bool, verbosity: int) -> dict[str, Any]:
    """The result of one run: what the task answers, or its failure in the form that is documented, whatever went
    wrong."""
    try:
        result = task.execute(run)
    except Exception as error:  # core's own ways to end a task early are no Exception
        result = failed_result(error)
    if not diff:
        result.pop("diff", None)
    if verbosity < VERBOSITY_OF_TRACEBACKS:
        result.pop("traceback", None)
    secrets = {*run.secrets, *run.returned}
    for part in (result, *result.get("identities", ())):
        if part.get("failed"):
            # Also without a secret that the result returns: a failure is what is displayed of a censored result.
            part.update({key: remove_values(part[key], secrets) for key in FAILURE_KEYS if key in part})
    return result
