# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The results as tables for the terminal and for docs/performance.md, with their bounds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Section:
    """One table. ``bounds`` are sentences, each with whether the bound held."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    bounds: list[tuple[str, bool]] = field(default_factory=list)

    def markdown(self) -> str:
        lines = [f"## {self.title}", "", self._row(self.columns), self._row(("---",) * len(self.columns))]
        lines += [self._row(row) for row in self.rows]
        lines += [""] + [f"* {sentence}: **{'held' if held else 'MISSED'}**" for sentence, held in self.bounds]
        return "\n".join(lines).rstrip() + "\n"

    @staticmethod
    def _row(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cells) + " |"


def missed(sections: list[Section]) -> list[str]:
    return [sentence for section in sections for sentence, held in section.bounds if not held]
