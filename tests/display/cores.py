# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ansible-cores to test: that of .venv, and with `make display` every supported one with an installed Python."""

from __future__ import annotations

import fcntl
import os
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from tests.gates import pythons, sanity
from tests.gates.tree import VENV

OWN = ".".join(metadata.version("ansible-core").split(".")[:2])
EVERY = bool(os.environ.get("DISPLAY_EVERY_CORE"))


def chosen() -> list[str]:
    return sorted({*sanity.CORES, OWN}, key=lambda core: (core != OWN, core)) if EVERY else [OWN]


def bin_of(core: str) -> Path:
    """Returns the directory with the commands of ``core``, installed with `requests` on first use. Skips the test if
    the machine has no Python for this core."""
    if core == OWN:
        return VENV / "bin"
    found = pythons.find()
    python = next((found[version] for version in sanity.CORES[core] if version in found), None)
    if python is None:
        pytest.skip(f"ansible-core {core}: no suitable Python on this machine")
    (VENV / "cores").mkdir(exist_ok=True)
    with open(VENV / "cores" / f"{core}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        venv = sanity.install(core, python)
        if not list(venv.glob("lib/python*/site-packages/requests")):
            subprocess.run([venv / "bin/python", "-m", "pip", "install", "--quiet", "requests"], check=True)
    return venv / "bin"
