# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The in-process door of every module: what the action plugins of all of them share.

An action plugin is loaded once, by the process that forks the workers, and inherited by all of them; so what it
needs is imported at the top.
"""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.machineid.infisical.plugins.module_utils._client import HAS_REQUESTS, Client
from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._run import UNREAD_RESULT, run_in_process
from ansible_collections.machineid.infisical.plugins.module_utils._task import Task, no_secret

display = Display()

UNGUARDED = (
    "The result of this module can hold a secret, and Ansible displays what it fetches of an asynchronous task."
    " Give the task no_log: true, or leave async out."
)

clients: dict[Hashable, Client] = {}
"""What this worker is logged in to, for the items of a loop. A worker lives for one task on one host."""


class InProcessAction(ActionBase):  # type: ignore[misc]
    """Runs ``task`` in this process when its module would run here anyway, and as a module in any doubt."""

    task: Task
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        task = self.task
        if self._task.async_val and task.holds_a_secret is not no_secret and not self._task.no_log:
            refused = InfisicalError("validation", UNGUARDED, advice="")
            return {**result, "failed": True, "msg": str(refused), "failure": refused.failure()}
        own_result = None
        if self._runs_here(task_vars or {}):
            own_result = run_in_process(
                task,
                self._task.args,
                clients,
                check_mode=self._task.check_mode,
                diff=bool(self._task.diff),
                progress=display.display,
                result_is_read=bool(self._task.register),
            )
            if own_result is not None and not self._shows_invocation(task_vars):
                own_result.pop("invocation", None)
        if own_result is None:
            self._say_whether_the_result_is_read()
            own_result = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
        result.update(own_result)
        if task.holds_a_secret(result):
            result["_ansible_no_log"] = True
            if result.get("failed"):
                display.error(result["msg"])
        return result

    def _runs_here(self, task_vars: dict[str, Any]) -> bool:
        return (
            HAS_REQUESTS
            and self._connection.transport == "local"
            and not self._task.async_val
            and not self._play_context.become
            and not any(self._task.environment or ())
            and self._wished(task_vars)
        )

    def _say_whether_the_result_is_read(self) -> None:
        """Lets the module know, as the in-process path does, that a secret in its result would be lost."""
        if self.task.holds_a_secret is not no_secret and not self._task.register:
            self._task.environment = [*(self._task.environment or ()), {UNREAD_RESULT: "1"}]

    def _shows_invocation(self, task_vars: dict[str, Any] | None) -> bool:
        """Whether results hold the options of the task: always on older cores, a setting where core has it."""
        try:
            return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
        except AnsibleError:
            return True

    def _wished(self, task_vars: dict[str, Any]) -> bool:
        wish = task_vars.get("infisical_in_process", os.environ.get("INFISICAL_IN_PROCESS", True))
        return bool(boolean(self._templar.template(wish)))
