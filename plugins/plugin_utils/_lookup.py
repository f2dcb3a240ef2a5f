# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a task for a lookup plugin: with the options, validation, messages and masking of the modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.module_utils.basic import missing_required_lib
from ansible.utils.display import Display

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import HAS_REQUESTS
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import errors_of_core, run_in_process
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Task

display = Display()

DEEPEST = 3
"""Levels of options with texts: an option, ``login_data``, and its ``connection``."""


def looked_up(task: Task, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the result of ``task``. Raises AnsibleLookupError with the message of its failure.

    Lookups run where templates are evaluated, which check mode does not prevent. The task must therefore only read.
    """
    if not HAS_REQUESTS:
        raise AnsibleLookupError(missing_required_lib("requests"))
    arguments = {name: decrypted(value) for name, value in arguments.items()}
    # A lookup has its own client: it revokes its token at the end.
    result = run_in_process(
        task, arguments, {}, check_mode=False, diff=False, verbosity=display.verbosity, progress=display.display
    )
    if result is None:
        raise AnsibleLookupError(str(InvalidOptions(errors_of_core(task, arguments))))
    for warning in result.get("warnings", ()):
        display.warning(warning)
    if "traceback" in result:
        display.vvv(result["traceback"])
    if result.get("failed"):
        raise AnsibleLookupError(result["msg"])
    return result


def decrypted(value: Any, depth: int = DEEPEST) -> Any:
    """Returns ``value`` with encrypted texts as ordinary ones. Before 2.19, core passes a variable that Ansible Vault
    encrypts by itself to a lookup as an object that is decrypted when it is read."""
    if getattr(value, "__ENCRYPTED__", False):
        return str(value)
    if depth and isinstance(value, Mapping):
        return {key: decrypted(one, depth - 1) for key, one in value.items()}
    if depth and isinstance(value, (list, tuple)):
        return [decrypted(one, depth - 1) for one in value]
    return value
