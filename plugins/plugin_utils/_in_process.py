# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The in-process execution path: the base class of the action plugins of all modules.

An action plugin is loaded once by the process that forks the workers, so everything it needs is imported at the top.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Hashable
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import HAS_REQUESTS, Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import secrets_in_urls
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import UNREAD_RESULT, run_in_process
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Task, no_secret
from ansible_collections.machineid.infisical.plugins.module_utils._runner.unexpected import failed_result
from ansible_collections.machineid.infisical.plugins.plugin_utils._display import (
    display,
    display_censored,
    nothing_secret_displayed,
)

UNGUARDED = (
    "The result of this module can contain a secret, and Ansible displays results of asynchronous tasks."
    " Set no_log: true on the task and leave ANSIBLE_DEBUG unset, or remove async."
)

UNREAD = {"module_stdout", "module_stderr"}
"""The keys in which core returns the output of a module that printed anything other than its result."""

SECRET_VARIABLES = {
    variable
    for option in CONNECTION_OPTIONS
    if option.secret
    for variable in (*option.env, *(one for several in option.env_of_method.values() for one in several))
}
SECRET_BY_NAME = re.compile(r"secret|token|passw|_key|proxy", re.IGNORECASE)
"""Environment variables with secret values: those that the modules read, and others with typical names."""

clients: dict[Hashable, Client] = {}
"""The logged-in clients of this worker, shared by the items of a loop. A worker runs one task on one host."""


class InProcessAction(ActionBase):  # type: ignore[misc]
    """Runs ``task`` in this process if its module would run here anyway, and otherwise as a module."""

    task: Task
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = True
    _silenced: bool | None = None
    """Whether the task has ``no_log``. Set when the task runs."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        task = self.task
        if self._silenced is None:
            self._silenced = bool(self._task.no_log)
        can_hold_a_secret = task.holds_a_secret is not no_secret
        if self._task.async_val and can_hold_a_secret and (constants.DEFAULT_DEBUG or not self._silenced):
            return {**result, **failed_result(InfisicalError("validation", UNGUARDED, advice=""), changed=False)}
        own_result = None
        if self._runs_here(task_vars or {}):
            own_result = self._run_here(task_vars)
        if own_result is None:
            self._say_whether_the_result_is_read()
            # Both, because core passes a copy to the connection.
            contexts = (self._play_context, getattr(self._connection, "_play_context", None))
            with nothing_secret_displayed(contexts, self._secrets_of_environment()):
                own_result = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
        traceback = own_result.pop("traceback", None)
        if traceback:
            display.vvv(traceback)
        result.update(own_result)
        if task.holds_a_secret(result) or (can_hold_a_secret and UNREAD & result.keys()):
            result["_ansible_no_log"] = True
            # Before 2.19, core censors the results of loop items one by one, but passes them uncensored to callbacks in
            # the result of the loop, unless the task itself has no_log.
            self._task.no_log = True
        if self._task.no_log and not self._silenced:
            display_censored(result, diff=bool(self._task.diff))
        return result

    def _run_here(self, task_vars: dict[str, Any] | None) -> dict[str, Any] | None:
        result = run_in_process(
            self.task,
            self._task.args,
            clients,
            check_mode=self._task.check_mode,
            diff=bool(self._task.diff),
            verbosity=display.verbosity,
            progress=display.display,
            result_is_read=bool(self._task.register),
        )
        if result is None:
            return None
        if not self._shows_invocation(task_vars):
            result.pop("invocation", None)
        # The result is data, as from a module: strings must lose the origin that core records, which would make them
        # templates.
        as_from_a_module: dict[str, Any] = json.loads(json.dumps(result))
        return as_from_a_module

    def _secrets_of_environment(self) -> list[str]:
        """Returns the secrets in the task's ``environment``, which core displays as part of the command."""
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        secret = {name for name in environment if name in SECRET_VARIABLES or SECRET_BY_NAME.search(name)}
        return [*(str(environment[name]) for name in secret), *secrets_in_urls(environment.values())]

    def _runs_here(self, task_vars: dict[str, Any]) -> bool:
        return (
            HAS_REQUESTS
            and self._connection.transport == "local"
            and not self._task.async_val
            and not self._play_context.become
            and not any(self._task.environment or ())
            and self._desired(task_vars)
        )

    def _say_whether_the_result_is_read(self) -> None:
        """Notes for the module that its result is not registered, so that a secret in it would be lost."""
        if self.task.holds_a_secret is not no_secret and not self._task.register:
            self._task.environment = [*(self._task.environment or ()), {UNREAD_RESULT: "1"}]

    def _shows_invocation(self, task_vars: dict[str, Any] | None) -> bool:
        """Returns whether results contain the options of the task: always on older cores,
        otherwise according to a setting."""
        try:
            return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
        except AnsibleError:
            return True

    def _desired(self, task_vars: dict[str, Any]) -> bool:
        setting = task_vars.get("infisical_in_process", os.environ.get("INFISICAL_IN_PROCESS", True))
        return bool(boolean(self._templar.template(setting)))
