# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Build the tarball, install it elsewhere, and check that the result is complete, documented and works."""

from __future__ import annotations

import json
import re
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.gates.tree import COLLECTION, staged, tool

SHIPPED = {
    *("plugins", "meta", "roles", "playbooks", "extensions", "changelogs"),
    *("README.md", "SECURITY.md", "LICENSE", "CHANGELOG.md", "CHANGELOG.rst", "MANIFEST.json", "FILES.json"),
}
NEEDED = {"plugins", "meta", "changelogs", "README.md", "LICENSE"}
# Ansible's message about unsupported arguments, which proves that the module was started.
REJECTION = re.compile("Unsupported parameters|missing required arguments|one of the following is required")


def build(directory: Path) -> Path:
    """Builds the tarball from the working tree."""
    with staged() as tree:
        command = ("ansible-galaxy", "collection", "build", "--output-path", directory, tree)
        built = tool(*command, collections=tree.parents[2], capture_output=True)
    if built.returncode:
        raise SystemExit(built.stdout + built.stderr)
    return next(directory.glob("*.tar.gz"))


def wrong_contents(tarball: Path) -> list[str]:
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    tops = {name.split("/")[0] for name in names}
    errors = [f"shipped, but not meant for users: {top}" for top in sorted(tops - SHIPPED)]
    errors += [f"not shipped: {top}" for top in sorted(NEEDED - tops)]
    return errors + [f"shipped left-over: {name}" for name in names if "__pycache__" in name or "/." in name]


def documentation_errors(kind: str, name: str, collections: Path) -> list[str]:
    """Checks that the documentation of a plugin renders."""
    doc = tool("ansible-doc", "--json", "--type", kind, name, collections=collections, capture_output=True)
    if doc.returncode or not json.loads(doc.stdout)[name].get("doc"):
        return [f"{name}: ansible-doc: {doc.stderr.strip()}"]
    return []


def errors_of_module(module: str, collections: Path) -> list[str]:
    """Checks that the documentation renders, and that a module starts: it rejects an unknown option."""
    name = f"{COLLECTION}.{module}"
    if errors := documentation_errors("module", name, collections):
        return errors
    task = ("ansible", "localhost", "--module-name", name, "--args", "no_such_option=1")
    ran = tool(*task, collections=collections, capture_output=True)
    output = ran.stdout + ran.stderr
    if not REJECTION.search(output) or "Traceback" in output:
        return [f"{name}: does not start:\n{output}"]
    return []


def errors_of_lookup(lookup: str, collections: Path) -> list[str]:
    """Checks that the documentation renders, and that the lookup starts: it rejects an unknown option."""
    name = f"{COLLECTION}.{lookup}"
    expression = f"msg={{{{ lookup('{name}', 'x', no_such_option=1) }}}}"
    task = ("ansible", "localhost", "--module-name", "ansible.builtin.debug", "--args", expression)
    ran = tool(*task, collections=collections, capture_output=True)
    output = ran.stdout + ran.stderr
    started = "there is no option no_such_option" in output and "Traceback" not in output
    return documentation_errors("lookup", name, collections) + [f"{name}: does not start:\n{output}"] * (not started)


def errors_of_role(role: str, collections: Path) -> list[str]:
    doc = tool("ansible-doc", "--type", "role", f"{COLLECTION}.{role}", collections=collections, capture_output=True)
    return [] if role in doc.stdout else [f"role {role}: ansible-doc: {doc.stdout}{doc.stderr}"]


def errors_of_installation(tarball: Path, collections: Path) -> list[str]:
    install = ("ansible-galaxy", "collection", "install", "--offline", tarball, "-p", collections)
    installed = tool(*install, collections=collections, capture_output=True)
    if installed.returncode:
        return [installed.stdout + installed.stderr]
    home = collections.joinpath("ansible_collections", *COLLECTION.split("."))
    errors = []
    for module in sorted(home.glob("plugins/modules/*.py")):
        errors += errors_of_module(module.stem, collections)
    for lookup in sorted(home.glob("plugins/lookup/*.py")):
        errors += errors_of_lookup(lookup.stem, collections)
    for kind in ("inventory", "filter"):
        for plugin in sorted(home.glob(f"plugins/{kind}/*.py")):
            errors += documentation_errors(kind, f"{COLLECTION}.{plugin.stem}", collections)
    for role in sorted(home.glob("roles/*")):
        errors += errors_of_role(role.name, collections)
    introspect = ("ansible-builder", "introspect", "--sanitize", collections)
    introspected = tool(*introspect, collections=collections, capture_output=True)
    if "requests" not in introspected.stdout:
        errors.append(f"an execution environment would lack requests: {introspected.stdout}{introspected.stderr}")
    return errors


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="dist-") as directory:
        tarball = build(Path(directory))
        errors = wrong_contents(tarball) + errors_of_installation(tarball, Path(directory, "collections"))
    print(
        "\n".join(errors) or "the tarball is whole: everything in it is documented, and every module and lookup starts"
    )
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
