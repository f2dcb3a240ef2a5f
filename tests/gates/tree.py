# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A throw-away copy of the collection where Ansible's tools expect it; run as a script, run a command in one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
COLLECTION = "machineid.infisical"


@contextmanager
def staged() -> Iterator[Path]:
    """What git tracks or would track, as it is in the working tree now, under `ansible_collections/`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="collection-") as directory:
        tree = Path(directory, "ansible_collections", *COLLECTION.split("."))
        for name in filter(None, listing.stdout.split("\0")):
            source = ROOT / name
            if os.path.lexists(source):  # deleted, but the deletion is not committed yet
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, tree / name, follow_symlinks=False)
        # ansible-test and ansible-lint ask git which files count.
        subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
        yield tree


def main(command: list[str]) -> int:
    with staged() as tree:
        environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])}
        return subprocess.run(command, cwd=tree, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
