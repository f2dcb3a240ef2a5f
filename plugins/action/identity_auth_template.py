# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The in-process execution path of identity_auth_template, written by `make generate`."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.modules.identity_auth_template import TASK
from ansible_collections.machineid.infisical.plugins.plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Runs identity_auth_template in the process that runs the play."""

    task = TASK
