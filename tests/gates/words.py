# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hold the vocabulary to the terms that readers know: GLOSSARY defines them, WORDS lists what they replace.

`make generate` writes GLOSSARY into docs/architecture.md. The check reads every tracked text file except those of
EXEMPT. Identifiers are split into words first, so that `told_apart` and `toldApart` are found as well as `told`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.gates.citations import texts_of
from tests.gates.tree import ROOT

PAGE = "docs/architecture.md"
BEGIN = "<!-- glossary, written by `make generate` from tests/gates/words.py -->"
END = "<!-- end of the glossary -->"
EXEMPT = ("LICENSE", "tests/gates/words.py")

GLOSSARY = {
    "back off": (
        "Wait before a retry because the server asks for it; or give up an object that another run created first."
    ),
    "bulk run": "The concurrent processing of many identities in one `identities` task.",
    "conformance case": "A recorded or documented exchange with a server that the emulator has to reproduce.",
    "converge": "Change the current state until it equals the desired state.",
    "current state": "What the server stores at the moment of a read.",
    "desired state": "What the options of a task declare. Options that are not given are not part of it.",
    "drift": "Differences between a stored declaration and the current state.",
    "duplicate": "A second object with the same name or description, which the server allows.",
    "emulator profile": "A release that the emulator imitates: `current` or `2024-10`.",
    "execution path": "How a task runs: in process (in Ansible's own process) or as a module.",
    "fault suite": "The tests behind `make faults`: plays against a network and a server that are made to fail.",
    "field": "A row of a table: one option, its wire name, its value type, and the rules for it.",
    "mask": "Replace a secret in everything that is displayed or logged.",
    "nested option": "An option inside another option of type dictionary, also called suboption by Ansible.",
    "plan": "What to write, from a comparison of current and desired state. Check mode reports it, a run applies it.",
    "planner": "The object that plans one identity with all its settings before anything is written.",
    "resource": "A table: the fields of one kind of object, and the paths and properties of its API.",
    "validation error": "A sentence about an invalid option. A task reports all of them together.",
    "value type": "How the values of a field are validated, compared, displayed and converted to and from JSON.",
}
"""Each term of the project with one line on what it means."""


@dataclass(frozen=True)
class Word:
    """A word that is not used, and the term to use instead.

    ``pattern`` is a regular expression for it, ``example`` a text that it matches. ``only`` and ``but`` are prefixes of
    the paths that are checked, or are not. ``allowed`` is a regular expression for texts in which it has a good sense.
    """

    pattern: str
    instead: str
    example: str
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    allowed: str = ""

    def concerns(self, path: str) -> bool:
        return (not self.only or path.startswith(self.only)) and not (self.but and path.startswith(self.but))

    def found_in(self, line: str) -> Iterator[str]:
        """Each use of the word in ``line``, whose identifiers are split into words."""
        allowed = [match.span() for match in re.finditer(self.allowed, line, re.I)] if self.allowed else []
        for match in re.finditer(rf"\b(?:{self.pattern})\b", line, re.I):
            if not any(start <= match.start() and match.end() <= end for start, end in allowed):
                yield match[0]


FOR_USERS = ("plugins/", "roles/", "playbooks/", "changelogs/", "README.md", "SECURITY.md", "docs/")
FAULT_INJECTION = ("docs/reliability.md", "docs/emulator.md", "docs/server-notes.md", "docs/architecture.md")
"""Documents about faults of networks and servers, and the emulator that injects them."""

WORDS = (
    Word("wish(?:es|ed|ing)?", "desired state, desired value", "the wished state"),
    Word("twins?", "duplicate", "its twin"),
    Word("doors?", "execution path", "through both doors"),
    Word("conceal(?:s|ed|ing)?", "mask", "conceal secrets"),
    Word("reveal(?:s|ed|ing)?", "unmask, display", "it reveals the secret"),
    Word("tell(?:s|ing)?|told", "report, return, say", "what the server tells"),
    Word("shown", "display, return, list", "is never shown"),
    Word("settle(?:s|d)?|settling", "finish, complete, resolve", "once all is settled"),
    Word("patience|patiently", "backoff, timeout", "no patience"),
    Word("yield(?:s|ed|ing)? to", "back off", "the younger one yields to it"),
    Word("keepers?", "planner", "the identity keeper"),
    Word("rosters?", "bulk run", "the roster"),
    Word("whole identit(?:y|ies)", "planner", "a whole identity"),
    Word("rumours?", "unconfirmed answer", "a rumour"),
    Word("anew", "again", "it is made anew"),
    Word("bears?|borne", "have, share a name", "a name that several bear"),
    Word("the house", "the project", "rules of the house", allowed="the house rules"),
    Word("crossed", "interrupted, conflict", "somebody crossed it"),
    Word("in any doubt|no doubt", "if it cannot be determined", "refused in any doubt"),
    Word("stands? in the way", "prevent", "what stands in the way"),
    Word("kinds? of values?|value kinds?", "value type", "every kind of value"),
    Word("nested parts|parts? of an option", "nested option", "the parts of an option"),
    Word(
        "faults?|faulty",
        "validation error, invalid",
        "all faults of the options",
        only=FOR_USERS,
        but=FAULT_INJECTION,
        allowed="fault suite|make faults|tests/faults|fault injection|tests/emulator/faults",
    ),
    Word(
        "faults? of (?:an? |the )?options?|option faults?",
        "validation error",
        "two faults of an option",
        but=FOR_USERS,
    ),
    Word(
        "refus(?:e|es|ed|ing|al|als)",
        "reject, fail, error",
        "the option is refused",
        only=FOR_USERS,
        but=("docs/server-notes.md", "docs/emulator.md"),
        allowed="connections? (?:is |was )?refused|refused? connections?",
    ),
)


def words_of(line: str) -> str:
    """``line`` with its identifiers split into words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+", " ", line)


def problems(texts: Mapping[str, str]) -> list[str]:
    """The uses of words that are not used, given the texts of a repository's files by path."""
    return [
        f"{path}:{number}: '{found}': use {word.instead}"
        for path, text in sorted(texts.items())
        if path not in EXEMPT
        for number, line in enumerate(text.splitlines(), 1)
        for word in WORDS
        if word.concerns(path)
        for found in word.found_in(words_of(line))
    ]


def glossary() -> str:
    """The glossary as a Markdown table, between its marks."""
    rows = [f"| {term} | {meaning} |" for term, meaning in sorted(GLOSSARY.items())]
    return "\n".join([BEGIN, "| Term | Meaning |", "| --- | --- |", *rows, END, ""])


def with_glossary(page: str) -> str:
    """``page`` with what stands between the marks replaced."""
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END + "\n")
    return before + glossary() + after


def main() -> int:
    found = problems(texts_of(ROOT))
    print("\n".join(found) or f"words: none of the {len(WORDS)} that the project does not use")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
