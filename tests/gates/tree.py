# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Shared by the gates: the tools of .venv, and a temporary copy of the collection at the path that they expect."""

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
    """Returns the paths below `root` that git tracks or would track."""
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
    """Copies the files of the working tree that git tracks or would track to a directory `ansible_collections/`, except
    for those whose path is to ``leave``."""
    with tempfile.TemporaryDirectory(prefix="collection-") as directory:
        tree = Path(directory, "ansible_collections", *COLLECTION.split("."))
        for name in tracked(ROOT):
            source = ROOT / name
            # It may be deleted without a commit.
            if os.path.lexists(source) and not leave(name):
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, tree / name, follow_symlinks=False)
        # ansible-test and ansible-lint use git to determine the files to check.
        subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
        yield tree


def tool(program: str, *arguments: str | Path, collections: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a program of .venv that finds collections only at the given path, and not the checkout."""
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run([VENV / "bin" / program, *arguments], env=environment, text=True, check=False, **options)
