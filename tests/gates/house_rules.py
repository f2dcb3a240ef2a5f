# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hold plugins/ to the rules no linter knows: short files, private utils that say what they are for, no ignore file."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path

from tests.gates.tree import ROOT

MODULE_CODE_LINES = 35
UTILS_LINES = 300
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(source: str) -> int:
    """Lines that hold code: no comment, blank line, docstring or documentation block."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Expr(value=ast.Constant())
                | ast.Assign(targets=[ast.Name(id="DOCUMENTATION" | "EXAMPLES" | "RETURN")])
            ):
                lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def faults_of_module(path: Path) -> list[str]:
    count = code_lines(path.read_text())
    return [f"{count} lines of code; a module is a table of at most {MODULE_CODE_LINES}"] * (count > MODULE_CODE_LINES)


def faults_of_util(path: Path, source: str) -> list[str]:
    faults = []
    if not any(part.startswith("_") for part in path.parts):
        faults.append("private utils start with an underscore")
    if source.strip() and not ast.get_docstring(ast.parse(source)):
        faults.append("opens with no sentence on what it is for")
    if (count := len(source.splitlines())) > UTILS_LINES:
        faults.append(f"{count} lines; at most {UTILS_LINES}")
    return faults


def main() -> int:
    plugins = ROOT / "plugins"
    faults = {path: ["nothing is ignored here"] for path in ROOT.glob("tests/sanity/ignore*")}
    for path in plugins.rglob("*.py"):
        kind, *rest = path.relative_to(plugins).parts
        if kind == "modules":
            faults[path] = faults_of_module(path)
        elif kind in ("module_utils", "plugin_utils", "action"):
            faults[path] = faults_of_util(Path("_" if kind == "action" else "", *rest), path.read_text())
    listed = [f"{path.relative_to(ROOT)}: {fault}" for path in sorted(faults) for fault in faults[path]]
    print("\n".join(listed) or f"house rules: {len(faults)} files of plugins/ keep them")
    return 1 if listed else 0


if __name__ == "__main__":
    sys.exit(main())
