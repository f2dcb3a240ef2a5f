# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Counts by family, and violations with a command that repeats the case."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.faults.harness.case import Broken
from tests.gates.tree import ROOT

PAGE = ROOT / "docs" / "reliability.md"
MARKS = ("<!-- figures -->\n", "<!-- end of figures -->\n")
VARIES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\{[^}]*\}")
KEPT = 110


@dataclass
class Report:
    """With ``causes``, similar violations are printed once, at the end, with their number."""

    causes: bool = False
    runs: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    alike: dict[str, list[str]] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    @property
    def violations(self) -> int:
        return sum(self.rules.values())

    def add(self, case: str, broken: list[Broken]) -> None:
        family = case.partition("/")[0]
        self.runs[family] += 1
        self.broken[family] += bool(broken)
        for rule, detail in broken:
            self.rules[rule] += 1
            text = f"{rule}: {detail}\n    {command(case)}"
            self.alike.setdefault(signature(rule, detail), []).append(text)
            if not self.causes:
                print(text, flush=True)

    def summary(self) -> str:
        lines = []
        if self.causes:
            for examples in sorted(self.alike.values(), key=len, reverse=True):
                lines.append(f"{len(examples)} × {examples[0]}")
        if self.rules:
            lines += ["", *(f"{rule}: {count:,}" for rule, count in self.rules.most_common())]
        return "\n".join([*lines, "", self.figures(), "", self.total()])

    def figures(self) -> str:
        """Returns a table in Markdown, which is readable both in a terminal and in the documentation."""
        rows = [(family, f"{count:,}", f"{self.broken[family]:,}") for family, count in self.runs.items()]
        table = [("Family", "Runs", "With violations"), *rows]
        widths = [max(len(row[column]) for row in table) for column in range(3)]
        lines = [
            f"| {one.ljust(widths[0])} | {two.rjust(widths[1])} | {three.rjust(widths[2])} |"
            for one, two, three in table
        ]
        rule = f"| {'-' * widths[0]} | {'-' * (widths[1] - 1)}: | {'-' * (widths[2] - 1)}: |"
        return "\n".join([lines[0], rule, *lines[1:]])

    def total(self) -> str:
        return f"runs: {sum(self.runs.values()):,}, violations: {self.violations:,}"

    def record(self) -> None:
        """Writes the figures into the documentation, with commit and machine."""
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        minutes = (time.monotonic() - self.begun) / 60
        day = datetime.now(UTC).date().isoformat()
        where = f"Measured on {day} at commit `{commit}`, in {minutes:.0f} minutes on {os.cpu_count()} processors:"
        before, _mark, rest = PAGE.read_text().partition(MARKS[0])
        _old, _mark, after = rest.partition(MARKS[1])
        figures = f"{where} {self.total()}.\n\n{self.figures()}\n"
        PAGE.write_text(before + MARKS[0] + figures + MARKS[1] + after)


def command(case: str) -> str:
    return f"make faults CASES='{case}'"


def signature(rule: str, detail: str) -> str:
    """Returns approximately what violations with one cause have in common."""
    return f"{rule} {VARIES.sub('#', detail)[:KEPT]}"
