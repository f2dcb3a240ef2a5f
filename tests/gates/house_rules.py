# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check rules for plugins/ that no linter has: short files, private utils with a docstring, no ignore file."""

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
    """Returns the number of lines with code, which excludes comments, blank lines, docstrings and documentation."""
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


def errors_of_module(path: Path) -> list[str]:
    count = code_lines(path.read_text())
    return [f"{count} lines of code; a module is a table of at most {MODULE_CODE_LINES}"] * (count > MODULE_CODE_LINES)


def errors_of_util(path: Path, source: str) -> list[str]:
    errors = []
    if not any(part.startswith("_") for part in path.parts):
        errors.append("private utils start with an underscore")
    if source.strip() and not ast.get_docstring(ast.parse(source)):
        errors.append("opens with no sentence on what it is for")
    if (count := len(source.splitlines())) > UTILS_LINES:
        errors.append(f"{count} lines; at most {UTILS_LINES}")
    return errors


def main() -> int:
    plugins = ROOT / "plugins"
    errors = {path: ["nothing is ignored here"] for path in ROOT.glob("tests/sanity/ignore*")}
    for path in plugins.rglob("*.py"):
        folder, *rest = path.relative_to(plugins).parts
        if folder == "modules":
            errors[path] = errors_of_module(path)
        elif folder in ("module_utils", "plugin_utils", "action"):
            errors[path] = errors_of_util(Path("_" if folder == "action" else "", *rest), path.read_text())
    listed = [f"{path.relative_to(ROOT)}: {error}" for path in sorted(errors) for error in errors[path]]
    print("\n".join(listed) or f"house rules: {len(errors)} files of plugins/ keep them")
    return 1 if listed else 0


if __name__ == "__main__":
    sys.exit(main())
