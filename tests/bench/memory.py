# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The peak memory of a process that converges a fleet."""

from __future__ import annotations

import resource
import subprocess
import sys

from tests.bench.report import Section
from tests.bench.server import emulator

FLEETS = (0, 50, 800)


def peak_megabytes(url: str, token: str, number: int) -> float:
    """Measures in a separate process, because a peak never falls. Returns mebibytes."""
    command = [sys.executable, "-m", "tests.bench.memory", url, token, str(number)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def section() -> Section:
    table = Section("Peak memory", ("identities", "MiB"))
    with emulator() as server:
        token = server.login()
        peaks = [peak_megabytes(server.url, token, number) for number in FLEETS]
    table.rows = [(str(number), f"{peak:.0f}") for number, peak in zip(FLEETS, peaks, strict=True)]
    return table


def main() -> None:
    from tests.bench.fleet import converge, declared
    from tests.bench.server import Server

    url, token, number = sys.argv[1:]
    if int(number):
        converge(Server(url, "", "", ""), token, declared(int(number)), 4)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
