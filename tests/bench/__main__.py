# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measure everything in one run and print the results; `--write` also writes them into docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import budget, execution_paths, fleet, memory
from tests.bench.report import Section, missed

PAGE = Path(__file__).resolve().parents[2] / "docs/performance.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end of what was measured -->\n"

MEASUREMENTS: dict[str, Callable[[], list[Section]]] = {
    "execution_paths": lambda: [execution_paths.section()],
    "budget": lambda: [budget.section()],
    "fleet": fleet.sections,
    "memory": lambda: [memory.section()],
}


def machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measurement", nargs="*", choices=list(MEASUREMENTS), help="default: all of them")
    parser.add_argument("--write", action="store_true", help=f"write the result into {PAGE.name}")
    arguments = parser.parse_args()
    sections: list[Section] = []
    print(machine(), flush=True)
    for name in arguments.measurement or MEASUREMENTS:
        for section in MEASUREMENTS[name]():
            print(f"\n{section.markdown()}", flush=True)
            sections.append(section)
    if arguments.write:
        before, rest = PAGE.read_text().split(BEGIN)
        measured = "\n".join([machine() + "\n", *(section.markdown() for section in sections)])
        PAGE.write_text(f"{before}{BEGIN}\n{measured}\n{END}{rest.split(END)[1]}")
    for sentence in missed(sections):
        print(f"MISSED: {sentence}")
    return 1 if missed(sections) else 0


if __name__ == "__main__":
    sys.exit(main())
