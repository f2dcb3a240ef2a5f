# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Build the tarball users get, install it elsewhere, and see that what arrives is whole, documented and runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.gates.tree import COLLECTION, VENV, staged

SHIPPED = {
    *("plugins", "meta", "roles", "playbooks", "extensions", "changelogs"),
    *("README.md", "LICENSE", "CHANGELOG.md", "CHANGELOG.rst", "MANIFEST.json", "FILES.json"),
}
NEEDED = {"plugins", "meta", "changelogs", "README.md", "LICENSE"}
# What Ansible says of arguments that do not fit; nothing else that a module says proves that it started.
REFUSAL = re.compile("Unsupported parameters|missing required arguments|one of the following is required")


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of .venv that does not know of the checkout: .venv puts that on Python's path."""
    program = VENV / "bin" / command[0]
    environment = os.environ | {"ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false"} | variables
    return subprocess.run([program, *command[1:]], env=environment, capture_output=True, text=True, check=False)


def build(directory: Path) -> Path:
    """The tarball, made from the working tree."""
    with staged() as tree:
        built = run("ansible-galaxy", "collection", "build", "--output-path", directory, tree)
    if built.returncode:
        raise SystemExit(built.stdout + built.stderr)
    return next(directory.glob("*.tar.gz"))


def wrong_contents(tarball: Path) -> list[str]:
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    tops = {name.split("/")[0] for name in names}
    faults = [f"shipped, but not meant for users: {top}" for top in sorted(tops - SHIPPED)]
    faults += [f"not shipped: {top}" for top in sorted(NEEDED - tops)]
    return faults + [f"shipped left-over: {name}" for name in names if "__pycache__" in name or "/." in name]


def faults_of_module(module: str, collections: str) -> list[str]:
    """Documentation that renders, and a module that starts: it refuses an option it does not have."""
    name = f"{COLLECTION}.{module}"
    doc = run("ansible-doc", "--json", "--type", "module", name, ANSIBLE_COLLECTIONS_PATH=collections)
    if doc.returncode or not json.loads(doc.stdout)[name].get("doc"):
        return [f"{name}: ansible-doc: {doc.stderr.strip()}"]
    task = ("ansible", "localhost", "--module-name", name, "--args", "no_such_option=1")
    ran = run(*task, ANSIBLE_COLLECTIONS_PATH=collections, ANSIBLE_LOCALHOST_WARNING="false")
    output = ran.stdout + ran.stderr
    if not REFUSAL.search(output) or "Traceback" in output:
        return [f"{name}: does not start:\n{output}"]
    return []


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="dist-") as directory:
        tarball = build(Path(directory))
        faults = wrong_contents(tarball)
        collections = str(Path(directory, "collections"))
        installed = run("ansible-galaxy", "collection", "install", "--offline", tarball, "-p", collections)
        if installed.returncode:
            faults.append(installed.stdout + installed.stderr)
        home = Path(collections, "ansible_collections", *COLLECTION.split("."))
        modules = sorted(path.stem for path in home.glob("plugins/modules/*.py"))
        if not modules:
            faults.append("no module was installed")
        for module in modules:
            faults += faults_of_module(module, collections)
        for role in sorted(path.name for path in home.glob("roles/*")):
            doc = run("ansible-doc", "--type", "role", f"{COLLECTION}.{role}", ANSIBLE_COLLECTIONS_PATH=collections)
            if doc.returncode or role not in doc.stdout:
                faults.append(f"role {role}: ansible-doc: {doc.stdout}{doc.stderr}")
        introspected = run("ansible-builder", "introspect", "--sanitize", collections)
        if introspected.returncode or "requests" not in introspected.stdout:
            faults.append(f"an execution environment would lack requests: {introspected.stdout}{introspected.stderr}")
    print("\n".join(faults) or f"the tarball is whole: {len(modules)} modules documented and started")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
