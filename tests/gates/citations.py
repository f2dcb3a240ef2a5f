# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check citations: each refers to a fact in docs/server-notes.md, and each fact is cited.

A citation is written as server-notes, a hash and the anchor of a heading, both in code and in links of documents.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.gates.tree import ROOT, tracked

NOTES = "docs/server-notes.md"
CASES = "tests/conformance/cases"
GENERAL = "<!-- general reading -->"
"""Marks a section whose facts need not be cited."""

RELEASES = ("2024-07", "2024-10", "current", "newest")
SEEN = re.compile(r"`[\w-]+`(?:, `[\w-]+`)*(?=: )")
CITATION = re.compile(r"\bserver-notes(?:\.md)?#([\w-]*)")
OWN_LINK = re.compile(r"\]\(#([\w-]+)\)")
HEADING = re.compile(r"(#+) (.*)")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CASE = re.compile(r"`([\w-]+(?:/\w+)+: [^`]+)`")

DOCUMENT = re.compile(r"\b[\w-]+\.md\b")
NOT_OURS = re.compile(
    r"\bquirks\b|\bmeasured-20\d\d|\bcontract\.yml\b|\brecorded/|\bpeers H\d"
    r"|\u00a7|\b(?:facts?|recorded|recordings?) \d"
)
"""References to documents that are not in the repository, and citations by number."""
WRITTEN_ELSEWHERE = ("CHANGELOG.md",)
"""Documents that tools generate, in addition to those of the repository."""


@dataclass(frozen=True)
class Heading:
    """A heading of the notes with the text up to the next one. ``general``: its section is general reading."""

    level: int
    title: str
    text: str
    general: bool

    @property
    def anchor(self) -> str:
        """The anchor that GitHub derives from the title."""
        return re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")

    @property
    def is_fact(self) -> bool:
        return self.level == 3


def headings(page: str) -> list[Heading]:
    found = []
    section_is_general = False
    for part in re.split(r"^(?=#+ )", FENCE.sub("", page), flags=re.MULTILINE):
        first, _newline, text = part.partition("\n")
        match = HEADING.fullmatch(first)
        if match is None:
            continue
        level = len(match[1])
        section_is_general = GENERAL in text if level == 2 else section_is_general
        found.append(Heading(level, match[2], text, section_is_general))
    return found


def problems(texts: Mapping[str, str]) -> list[str]:
    """Returns the problems of the citations of a repository, given the texts of its files by path."""
    page = headings(texts[NOTES])
    anchors = {one.anchor for one in page}
    known = {Path(path).name for path in texts if path.endswith(".md")} | set(WRITTEN_ELSEWHERE)
    cited = {anchor for path, text in texts.items() if path != NOTES for anchor in CITATION.findall(text)}
    return [
        *problems_of_page(page, known_cases(texts)),
        *(
            f"{NOTES}: nothing cites '{one.title}' ({one.anchor}); cite it, remove it, or move it to general reading"
            for one in page
            if one.is_fact and not one.general and one.anchor not in cited
        ),
        *(
            f"{path}:{number}: {problem}"
            for path, text in texts.items()
            for number, line in enumerate(text.splitlines(), 1)
            for problem in problems_of_line(line, path, anchors, known)
        ),
    ]


def problems_of_page(page: Iterable[Heading], cases: frozenset[str]) -> Iterator[str]:
    for anchor, count in Counter(one.anchor for one in page).items():
        if count > 1:
            yield f"{NOTES}: {count} headings have the anchor {anchor}"
    for fact in page:
        if not fact.is_fact:
            continue
        seen = SEEN.match(fact.text.lstrip())
        if seen is None or not set(re.findall(r"[\w-]+", seen[0])) <= set(RELEASES):
            yield f"{NOTES}: '{fact.title}' has to begin with the releases it was seen on: {', '.join(RELEASES)}"
        _before, marker, see = fact.text.partition("- **See**: ")
        if not marker:
            yield f"{NOTES}: '{fact.title}' has no line 'See' that says how to see it again"
        for case in CASE.findall(" ".join(see.split())):
            if case not in cases:
                yield f"{NOTES}: '{fact.title}' names a conformance case that there is not: {case}"


def problems_of_line(line: str, path: str, anchors: Set[str], documents: Set[str]) -> Iterator[str]:
    # The notes contain an example of a citation, and link to each other by anchor only.
    pattern = OWN_LINK if path == NOTES else CITATION
    for anchor in pattern.findall(line):
        if anchor not in anchors:
            yield f"{NOTES} has no heading with the anchor '{anchor}'"
    outside = [name for name in DOCUMENT.findall(line) if name not in documents]
    outside += [found[0] for found in NOT_OURS.finditer(line)]
    if outside:
        yield f"cites '{outside[0]}', which is not in the repository; cite a fact of {NOTES} by its anchor"


def known_cases(texts: Mapping[str, str]) -> frozenset[str]:
    """The sequences of the conformance tables, as the notes write them: ``release/file: sequence``; the file of an auth
    method is ``methods/name``."""
    return frozenset(
        f"{path.relative_to(CASES).with_suffix('')}: {sequence['name']}"
        for path in map(Path, texts)
        if path.is_relative_to(CASES) and path.suffix == ".yml" and not path.name.startswith("_")
        for sequence in yaml.safe_load(texts[str(path)]).get("sequences", ())
    )


def texts_of(root: Path) -> dict[str, str]:
    """Returns the text files of the working tree that git tracks or would track, by path."""
    found = {}
    for name in tracked(root):
        try:
            found[name] = (root / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, IsADirectoryError, FileNotFoundError):
            continue  # a picture; a link to a directory; deleted, but the deletion is not committed yet
    return found


def main() -> int:
    texts = texts_of(ROOT)
    found = problems(texts)
    facts = sum(one.is_fact for one in headings(texts[NOTES]))
    print("\n".join(found) or f"citations: every one leads to one of {facts} facts of {NOTES}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
