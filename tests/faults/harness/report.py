# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Counts by family, and what was broken, with a command that runs just that case."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.harness.case import Broken

VARIES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\{[^}]*\}")
KEPT = 110


@dataclass
class Report:
    """``causes``: violations that look alike are printed once, with their number."""

    causes: bool = False
    runs: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    alike: dict[str, list[str]] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        return sum(self.rules.values())

    def add(self, case: str, broken: list[Broken]) -> None:
        family = case.partition("/")[0]
        self.runs[family] += 1
        self.broken[family] += bool(broken)
        for rule, detail in broken:
            self.rules[rule] += 1
            self.alike.setdefault(signature(rule, detail), []).append(f"{rule}: {detail}\n    {command(case)}")
            if not self.causes:
                print(f"{rule}: {detail}\n    {command(case)}", flush=True)

    def summary(self) -> str:
        lines = []
        if self.causes:
            for examples in sorted(self.alike.values(), key=len, reverse=True):
                lines.append(f"{len(examples)} × {examples[0]}")
        lines += ["", f"{'family':<12} {'runs':>7} {'with violations':>16}"]
        lines += [f"{family:<12} {count:>7,} {self.broken[family]:>16,}" for family, count in self.runs.items()]
        if self.rules:
            lines += ["", *(f"{rule}: {count:,}" for rule, count in self.rules.most_common())]
        lines += ["", f"runs: {sum(self.runs.values()):,}, violations: {self.violations:,}"]
        return "\n".join(lines)


def command(case: str) -> str:
    return f"make faults CASES='{case}'"


def signature(rule: str, detail: str) -> str:
    """What violations of one cause have in common, more or less."""
    return f"{rule} {VARIES.sub('#', detail)[:KEPT]}"
