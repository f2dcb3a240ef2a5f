# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The execution environment metadata of the collection, and the example of a definition. No image is built."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

from ansible_collections.machineid.infisical.plugins.doc_fragments.connection import ModuleDocFragment

from ..harness import BIN, COLLECTIONS, ROOT

EXAMPLE = ROOT / "docs" / "awx" / "execution-environment.yml"


def builder(*arguments: str | Path) -> str:
    done = subprocess.run([BIN / "ansible-builder", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def libraries(listed: list[str]) -> set[str]:
    """Returns the names without versions and conditions."""
    return {re.split(r"[ <>=~!#]", line)[0] for line in listed}


def test_an_execution_environment_gets_what_the_collection_needs() -> None:
    introspected = yaml.safe_load(builder("introspect", "--sanitize", COLLECTIONS))
    assert libraries(introspected["python"]) == {"requests"} and introspected["system"] == []


def test_the_example_makes_a_build_context(tmp_path: Path) -> None:
    builder("create", "--file", EXAMPLE, "--context", tmp_path / "context", "--output-filename", "Containerfile")
    build = tmp_path / "context" / "_build"
    assert yaml.safe_load((build / "requirements.yml").read_text()) == {
        "collections": [{"name": "machineid.infisical"}]
    }
    added = libraries((build / "requirements.txt").read_text().splitlines())
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["requirements"]
    assert added < libraries(documented) - {"requests"}, "some of the libraries of the login methods"
    base = yaml.safe_load(EXAMPLE.read_text())["images"]["base_image"]["name"]
    assert base in (tmp_path / "context" / "Containerfile").read_text()
