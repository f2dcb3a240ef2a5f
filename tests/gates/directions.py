# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check that the packages of plugins/module_utils import only what docs/architecture.md allows.

The rules are the rows of its table: `| `_model/` | what lives there | `_http` |`. A package that is not listed, a
listed package that does not exist, an import that is not allowed, and a package without a docstring are errors.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.gates.tree import ROOT

PAGE = "docs/architecture.md"
PREFIX = "ansible_collections.machineid.infisical.plugins."
UTILS = PREFIX + "module_utils."
ROW = re.compile(r"^\| `(?P<package>_\w+)/` \|[^|]*\| (?P<allowed>[^|]*) \|$", re.M)


def allowed_imports(page: str) -> dict[str, set[str]]:
    """Returns the packages that each package may import, from the table in ``page``."""
    return {row["package"]: set(re.findall(r"`(_\w+)`", row["allowed"])) for row in ROW.finditer(page)}


def imported(source: str) -> Iterator[str]:
    """Yields the dotted names that a file imports anywhere."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def errors_of_file(package: str, source: str, allowed: set[str]) -> list[str]:
    errors = []
    for name in sorted(set(imported(source))):
        if name.startswith("."):
            errors.append(f"imports {name} relatively; name it in full")
        elif name.startswith(UTILS):
            other = name[len(UTILS) :].split(".")[0]
            if other != package and other not in allowed:
                errors.append(f"imports {name[len(PREFIX) :]}, which {PAGE} does not allow")
        elif name.startswith(PREFIX) and name.rstrip(".") + "." != UTILS:
            errors.append(f"imports {name[len(PREFIX) :]}; what modules share imports no plugin")
    return errors


def errors_of_tree(utils: Path, page: str) -> list[str]:
    """Returns the errors of the packages in ``utils``."""
    table = allowed_imports(page)
    packages = {path.name for path in utils.iterdir() if path.is_dir() and path.name != "__pycache__"}
    errors = [f"{name}/ is not in the table of {PAGE}" for name in sorted(packages - table.keys())]
    errors += [f"{PAGE} names {name}/, which is not there" for name in sorted(table.keys() - packages)]
    errors += [f"{path.name} belongs into a package" for path in sorted(utils.glob("*.py"))]
    for package in sorted(packages & table.keys()):
        for folder in sorted({path.parent for path in (utils / package).rglob("*.py")}):
            init = folder / "__init__.py"
            if not init.exists() or not ast.get_docstring(ast.parse(init.read_text())):
                errors.append(f"{folder.relative_to(utils)}/__init__.py does not say what lives there")
        for path in sorted((utils / package).rglob("*.py")):
            found = errors_of_file(package, path.read_text(), table[package])
            errors += [f"{path.relative_to(utils)} {error}" for error in found]
    return errors


def main() -> int:
    errors = errors_of_tree(ROOT / "plugins/module_utils", (ROOT / PAGE).read_text())
    print("\n".join(errors) or "directions: every package imports what it may")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
