# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make faults`: runs and counts the cases of all families, and prints each violation with a command to repeat it."""

from __future__ import annotations

import argparse
import os
import sys

from tests.faults.families import FAMILIES, every_case
from tests.faults.harness.report import Report
from tests.faults.harness.runner import run_all, sample_of

PROGRESS = 500


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("cases", nargs="*", help="only these: a family, or a case as it stands in the report")
    parser.add_argument("--sample", type=int, metavar="N", help="about so many of the cases, the same in every run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--record", action="store_true", help="write the figures into docs/reliability.md")
    parser.add_argument("--causes", action="store_true", help="only one case of each cause that looks alike")
    return parser.parse_args()


def main() -> int:
    given = options()
    wanted = every_case(given.cases or FAMILIES)
    if given.sample:
        wanted = sample_of(wanted, given.sample)
    report = Report(causes=given.causes)
    complete = False
    try:
        for case, broken in run_all(wanted, given.jobs):
            report.add(case, broken)
            if sum(report.runs.values()) % PROGRESS == 0:
                print(f"{report.total()}, of {len(wanted):,}", file=sys.stderr, flush=True)
        complete = True
    except KeyboardInterrupt:
        print(f"interrupted before the end of {len(wanted):,} cases", file=sys.stderr)
    print(report.summary())
    if given.record and complete:
        report.record()
    return 0 if complete and not report.violations else 1


if __name__ == "__main__":
    sys.exit(main())
