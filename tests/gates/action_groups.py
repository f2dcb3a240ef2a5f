# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hold meta/runtime.yml and the modules' documentation to the files that are really there."""

from __future__ import annotations

import json
import sys

import yaml

from tests.gates.tree import COLLECTION, ROOT, staged, tool

GROUP = "infisical"


def faults_of_runtime(modules: set[str]) -> list[str]:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    grouped = runtime["action_groups"][GROUP]
    faults = [f"action group {GROUP} lacks {name}" for name in sorted(modules - set(grouped))]
    faults += [f"action group {GROUP} lists {name}, which is no module" for name in sorted(set(grouped) - modules)]
    if grouped != sorted(set(grouped)):
        faults.append(f"action group {GROUP} is not sorted, or lists a module twice")
    actions = {path.stem for path in ROOT.glob("plugins/action/*.py")}
    return faults + [f"no action plugin runs {name} in process" for name in sorted(modules - actions)]


def faults_of_documentation(modules: set[str]) -> list[str]:
    names = [f"{COLLECTION}.{module}" for module in sorted(modules)]
    with staged() as tree:
        command = ("ansible-doc", "--json", "--type", "module", *names)
        answer = tool(*command, collections=tree.parents[2], capture_output=True)
    if answer.returncode:
        return [answer.stderr]
    docs = json.loads(answer.stdout)
    faults = []
    for name in names:
        attribute = docs[name]["doc"].get("attributes", {}).get("action_group", {})
        if attribute.get("support") != "full" or f"{COLLECTION}.{GROUP}" not in attribute.get("membership", []):
            faults.append(f"{name}: its documentation does not say that it is in the action group {COLLECTION}.{GROUP}")
    return faults


def main() -> int:
    modules = {path.stem for path in ROOT.glob("plugins/modules/*.py")}
    faults = faults_of_runtime(modules) + (faults_of_documentation(modules) if modules else ["there are no modules"])
    print("\n".join(faults) or f"action group {GROUP}: all {len(modules)} modules, and nothing else")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
