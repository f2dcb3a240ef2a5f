# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A test double of the collection awx.awx with the same names and options, which stores all input in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent

PLUGIN = '''"""{kind} of a controller that is a file."""
import json
import os

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        _checked, given = self.validate_argument_spec(argument_spec=json.loads({spec!r}))
        given = {{name: value for name, value in given.items() if value is not None}}
        with open(os.environ["CONTROLLER_FILE"]) as file:
            kept = json.load(file)
        key = "{kind} " + given["name"]
        changed = kept.get(key) != given
        if changed and not self._task.check_mode:
            with open(os.environ["CONTROLLER_FILE"], "w") as file:
                json.dump({{**kept, key: given}}, file)
        return {{"changed": changed, "invocation": {{"module_args": given}}}}
'''
"""An action plugin, because modules would start ten processes per run."""


def specification(option: str | list[str]) -> dict[str, Any]:
    if isinstance(option, list):
        return {"type": "str", "choices": option}
    kind = option.rstrip("!")
    elements = {"elements": "str"} if kind == "list" else {}
    return {"type": kind, "required": option.endswith("!"), **elements}


def write_collection(directory: Path) -> None:
    """Installs the modules in ``directory``, a path for collections."""
    documented = yaml.safe_load((HERE / "modules.yml").read_text())
    plugins = directory / "ansible_collections" / "awx" / "awx" / "plugins" / "action"
    plugins.mkdir(parents=True)
    for kind, own in documented["modules"].items():
        options = {name: specification(option) for name, option in {**documented["common"], **own}.items()}
        (plugins / f"{kind}.py").write_text(PLUGIN.format(kind=kind, spec=json.dumps(options)))
