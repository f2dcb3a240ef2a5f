# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the documentation of every plugin and role, and that the options and modules that it names exist."""

from __future__ import annotations

import sys

from tests.gates.tree import staged, tool

COMMAND = "lint-collection-docs --plugin-docs --validate-collection-refs all --check-extra-docs-refs"


def main() -> int:
    with staged() as tree:
        return tool("antsibull-docs", *COMMAND.split(), ".", collections=tree.parents[2], cwd=tree).returncode


if __name__ == "__main__":
    sys.exit(main())
