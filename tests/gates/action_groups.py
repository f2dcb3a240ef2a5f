# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check that meta/runtime.yml and the documentation list exactly the existing modules."""

from __future__ import annotations

import json
import sys

import yaml

from tests.gates.tree import COLLECTION, ROOT, staged, tool

GROUP = "infisical"


def errors_of_runtime(modules: set[str]) -> list[str]:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    grouped = runtime["action_groups"][GROUP]
    errors = [f"action group {GROUP} lacks {name}" for name in sorted(modules - set(grouped))]
    errors += [f"action group {GROUP} lists {name}, which is no module" for name in sorted(set(grouped) - modules)]
    if grouped != sorted(set(grouped)):
        errors.append(f"action group {GROUP} is not sorted, or lists a module twice")
    actions = {path.stem for path in ROOT.glob("plugins/action/*.py")}
    return errors + [f"no action plugin runs {name} in process" for name in sorted(modules - actions)]


def errors_of_documentation(modules: set[str]) -> list[str]:
    names = [f"{COLLECTION}.{module}" for module in sorted(modules)]
    with staged() as tree:
        command = ("ansible-doc", "--json", "--type", "module", *names)
        answer = tool(*command, collections=tree.parents[2], capture_output=True)
    if answer.returncode:
        return [answer.stderr]
    docs = json.loads(answer.stdout)
    errors = []
    for name in names:
        attribute = docs[name]["doc"].get("attributes", {}).get("action_group", {})
        if attribute.get("support") != "full" or f"{COLLECTION}.{GROUP}" not in attribute.get("membership", []):
            errors.append(f"{name}: its documentation does not say that it is in the action group {COLLECTION}.{GROUP}")
    return errors


def main() -> int:
    modules = {path.stem for path in ROOT.glob("plugins/modules/*.py")}
    errors = errors_of_runtime(modules) + (errors_of_documentation(modules) if modules else ["there are no modules"])
    print("\n".join(errors) or f"action group {GROUP}: all {len(modules)} modules, and nothing else")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
