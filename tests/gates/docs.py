# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the documentation of every plugin and role, and that each option or module it names exists."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from tests.gates.tree import staged, tool

COMMAND = "lint-collection-docs --plugin-docs --validate-collection-refs all --check-extra-docs-refs"


def forget_actions(runtime: Path) -> None:
    """antsibull-docs takes the redirect of an action for one of the module, and looks options up in the wrong place."""
    content = yaml.safe_load(runtime.read_text())
    content.get("plugin_routing", {}).pop("action", None)
    runtime.write_text(yaml.safe_dump(content))


def main() -> int:
    with staged() as tree:
        forget_actions(tree / "meta/runtime.yml")
        return tool("antsibull-docs", *COMMAND.split(), ".", collections=tree.parents[2], cwd=tree).returncode


if __name__ == "__main__":
    sys.exit(main())
