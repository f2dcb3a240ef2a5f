# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads tables, headings, links and commands of the documents."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "README.md"
GUIDE = ROOT / "docs/user-guide.md"
ROTATION = ROOT / "docs/key-rotation.md"
AWX = ROOT / "docs/awx.md"
ARCHITECTURE = ROOT / "docs/architecture.md"
CONTRIBUTING = ROOT / "docs/contributing.md"
RELIABILITY = ROOT / "docs/reliability.md"
NOTES = ROOT / "docs/server-notes.md"
SECURITY = ROOT / "SECURITY.md"
FAULTS = ROOT / "tests/faults/README.md"
ROLE = ROOT / "roles/onboard/README.md"
PRODUCTS = (ROOT / "tests/emulator/README.md", ROOT / "tests/conformance/README.md")
EVERY = (README, ROLE, SECURITY, *sorted((ROOT / "docs").glob("*.md")), *PRODUCTS, FAULTS)

REPOSITORY = "https://github.com/machineid/infisical-ansible"
FENCE = re.compile(r"^```.*?^```\n", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def table(text: str, first_heading: str) -> list[list[str]]:
    """Returns the rows of the only table with this heading of the first column, cell by cell."""
    lines = text.splitlines()
    headings = [index - 1 for index, line in enumerate(lines) if line.startswith("| ---")]
    (start,) = [index for index in headings if lines[index].startswith(f"| {first_heading} |")]
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def code(cell: str) -> list[str]:
    """Returns the texts in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def prose(path: Path) -> str:
    """Returns a document without its code blocks."""
    return FENCE.sub("", path.read_text())


def anchors(path: Path) -> set[str]:
    """Returns the anchors of a document, as GitHub derives them."""
    headings = re.findall(r"^#+ (.*)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path: Path) -> list[str]:
    return LINK.findall(prose(path))


def section(path: Path, heading: str) -> str:
    """Returns the text under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", path.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{path.name} has no heading {heading}"
    return found.group(1)
