# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds all examples that users can copy: the EXAMPLES of plugins and the YAML blocks of the documents."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .harness import BIN, ROOT, Runner
from .playbook_yaml import loaded

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\S*)[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.DOTALL | re.MULTILINE)
YAML = ("yaml", "yml", "yaml+jinja")


@dataclass(frozen=True)
class Block:
    """One YAML block of a document."""

    place: str
    text: str

    @property
    def is_runnable(self) -> bool:
        """Whether it is a list of plays or tasks, and not configuration."""
        return kind_of(loaded(self.text)) is not None


def kind_of(content: Any) -> str | None:
    """Returns ``plays``, ``tasks``, or None for anything that Ansible does not run."""
    if not isinstance(content, list) or not content or not all(isinstance(entry, dict) for entry in content):
        return None
    if all("hosts" in entry or any(str(key).endswith("import_playbook") for key in entry) for entry in content):
        return "plays"
    if any("." in str(key) or key in ("block", "name") for entry in content for key in entry):
        return "tasks"
    return None


def blocks() -> Iterator[Block]:
    """Returns the YAML blocks of README.md, docs/ and the roles' READMEs."""
    for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("roles/*/README.md"))]:
        if not path.exists():
            continue
        text = path.read_text()
        for match in FENCE.finditer(text):
            if match["language"] in YAML:
                line = text.count("\n", 0, match.start()) + 1
                indent = len(match["indent"])
                lines = [line[indent:] for line in match["text"].splitlines()]
                yield Block(f"{path.relative_to(ROOT)}:{line}", "\n".join(lines))


def modules() -> list[str]:
    """Returns the names of the collection's modules."""
    return sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[!_]*.py"))


def lookups() -> list[str]:
    """Returns the names of the collection's lookup plugins."""
    return sorted(path.stem for path in (ROOT / "plugins" / "lookup").glob("[!_]*.py"))


def examples_of(kind: str, plugins: Sequence[str], runner: Runner) -> dict[str, str]:
    """Returns the EXAMPLES of ``plugins``, all of one kind, as `ansible-doc` displays them."""
    names = [f"machineid.infisical.{name}" for name in plugins]
    done = subprocess.run(
        [str(BIN / "ansible-doc"), "--json", "--type", kind, *names],
        env=runner.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    documented: dict[str, Any] = json.loads(done.stdout)
    return {name.rpartition(".")[2]: documentation["examples"] for name, documentation in documented.items()}


def playbook_of(text: str, path: Path) -> list[dict[str, Any]]:
    """Returns tasks or plays as plays on this machine."""
    content = loaded(text)
    if kind_of(content) == "plays":
        plays: list[dict[str, Any]] = content
        return plays
    return [{"name": path.name, "hosts": "localhost", "gather_facts": False, "tasks": content}]
