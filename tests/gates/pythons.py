# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Find the real Python interpreters of this machine. As a script, print the one to create `.venv` with."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys

Version = tuple[int, int]

MINORS = range(14, 5, -1)
# All packages of tests/requirements.txt can be installed on the first of these. The others are alternatives.
PREFERRED: tuple[Version, ...] = ((3, 13), (3, 12), (3, 14), (3, 11))
# ansible-test needs the interpreter that a virtual environment was created from, not the one in the environment.
PROBE = "import sys; print(*sys.version_info[:2], getattr(sys, '_base_executable', sys.executable))"


def identify(candidate: str) -> tuple[Version, str] | None:
    """Returns the version and real path of an interpreter, or None for a version manager's shim that does not work."""
    try:
        answer = subprocess.run([candidate, "-I", "-c", PROBE], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode:
        return None
    major, minor, path = answer.stdout.strip().split(" ", 2)
    return (int(major), int(minor)), path


def find() -> dict[Version, str]:
    """Returns every interpreter on PATH and beside the running one, as {(3, 12): "/usr/bin/python3.12"}."""
    # Version managers have one folder per version, side by side, and only the default version is on PATH.
    neighbours = os.path.join(os.path.dirname(os.path.realpath(sys.base_prefix)), "*", "bin")
    candidates = ["python3"]
    for minor in MINORS:
        candidates += [f"python3.{minor}", *sorted(glob.glob(os.path.join(neighbours, f"python3.{minor}")))]
    found: dict[Version, str] = {}
    for candidate in candidates:
        if shutil.which(candidate) and (known := identify(candidate)):
            found.setdefault(*known)
    return found


def main() -> int:
    found = find()
    for version in PREFERRED:
        if version in found:
            print(found[version])
            return 0
    print("no Python 3.11 or newer was found on PATH", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
