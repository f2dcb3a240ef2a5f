# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the gates share: the tools of .venv, and a throw-away copy of the collection where those expect it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
COLLECTION = "machineid.infisical"


def tracked(root: Path) -> list[str]:
    """The paths of what git tracks or would track, below `root`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(filter(None, listing.stdout.split("\0")))


@contextmanager
def staged(*, leave: Callable[[str], bool] = lambda name: False) -> Iterator[Path]:
    """What git tracks or would track, as it is in the working tree now, under `ansible_collections/`; without the paths
    to ``leave``."""
    with tempfile.TemporaryDirectory(prefix="collection-") as directory:
        tree = Path(directory, "ansible_collections", *COLLECTION.split("."))
        for name in tracked(ROOT):
            source = ROOT / name
            # It may be deleted, and the deletion not committed yet.
            if os.path.lexists(source) and not leave(name):
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, tree / name, follow_symlinks=False)
        # ansible-test and ansible-lint ask git which files count.
        subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
        yield tree


def tool(program: str, *arguments: str | Path, collections: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program of .venv that knows of the collections in one place only, and not of the checkout."""
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run([VENV / "bin" / program, *arguments], env=environment, text=True, check=False, **options)
