# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Import the tarball like Galaxy and Automation Hub, and fail on warnings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.gates.dist import build
from tests.gates.tree import VENV

CONFIGURATION = """\
[galaxy-importer]
CHECK_REQUIRED_TAGS = True
REQUIRE_V1_OR_GREATER = True
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = True
RUN_ANSIBLE_TEST = False
"""


def install() -> Path:
    """Creates a separate environment once, because the importer needs older packages than .venv."""
    venv = VENV / "galaxy-importer"
    if not (venv / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin/python", "-m", "pip", "install", "--quiet", "galaxy-importer>=0.4.30"], check=True)
        (venv / "ready").touch()
    return venv


def main() -> int:
    venv = install()
    with tempfile.TemporaryDirectory(prefix="importer-") as directory:
        configuration = Path(directory, "galaxy-importer.cfg")
        configuration.write_text(CONFIGURATION)
        environment = os.environ | {
            "GALAXY_IMPORTER_CONFIG": str(configuration),
            "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        environment.pop("ANSIBLE_COLLECTIONS_PATH", None)
        ran = subprocess.run(
            [venv / "bin/python", "-m", "galaxy_importer.main", build(Path(directory))],
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    print(ran.stdout)
    complaints = re.findall(r"^(?:WARNING|ERROR|CRITICAL).*", ran.stdout, re.MULTILINE)
    finished = "Importer processing completed successfully" in ran.stdout
    return 1 if ran.returncode or complaints or not finished else 0


if __name__ == "__main__":
    sys.exit(main())
