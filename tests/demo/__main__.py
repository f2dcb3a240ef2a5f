# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Demonstrate the collection on the emulator: `make demo`, or `python -m tests.demo`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.emulator import Emulator

from .ledger import Broken, Ledger, say
from .story import Story


def main() -> int:
    started = time.monotonic()
    ledger = Ledger()
    with tempfile.TemporaryDirectory(prefix="demo-") as directory, Emulator(aws=True) as emulator:
        say(
            f"The emulator plays an Infisical server at {emulator.url}. Around it are AWS (moto), other clouds, a CI",
            "system, a cluster, a directory. The playbooks, Ansible and the collection are what a user runs.",
        )
        try:
            Story(emulator, Path(directory), ledger).run()
        except Broken as broken:
            say(f"\nThe demonstration failed in part {len(ledger.scenes)}. {broken}")
            return 1
    say(ledger.summary(time.monotonic() - started))
    return 0


if __name__ == "__main__":
    sys.exit(main())
