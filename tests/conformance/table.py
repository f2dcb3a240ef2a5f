# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads the tables under cases/ and unfolds their sequences, methods and rows into single cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's parser in C, if available: it is ten times as fast."""

STEP_WORDS = frozenset(
    "name do base body raw type as headers advance times sigv4 keep keep_header "
    "status refused invalid answer has like but omitted lists response_headers".split()
)
SEQUENCE_WORDS = frozenset("name source methods variants given steps each columns rows server needs extra".split())
FILE_WORDS = frozenset("title source recorded server not_held method sequences".split())
# What a method's entry says besides its placeholders.
METHOD_WORDS = frozenset(("name", "groups"))
ANSWER_WORDS = ("status", "refused", "invalid", "answer", "has", "like", "lists")


@dataclass(frozen=True)
class Step:
    """One request with the answer expected; a set-up step only has to succeed and is not counted."""

    words: Mapping[str, Any]
    counted: bool

    @property
    def title(self) -> str:
        return str(self.words.get("name") or self.words["do"])


@dataclass(frozen=True)
class Case:
    """A scenario that is complete on a fresh server."""

    id: str
    sequence: str
    source: str
    recorded: str
    server: str
    needs: frozenset[str]
    variables: Mapping[str, Any]
    steps: tuple[Step, ...]

    @property
    def held(self) -> int:
        """How many recorded exchanges this case holds."""
        return sum(step.counted for step in self.steps)


@dataclass(frozen=True)
class NotHeld:
    """A recorded exchange that no case holds, and why."""

    recorded: str
    entry: str
    reason: str


@dataclass(frozen=True)
class Shared:
    """What all files of one profile have in common: see the words in README.md."""

    exact: bool
    invalid_status: int
    envelope: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    methods: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shapes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Everything one profile is held to."""

    shared: Shared
    cases: tuple[Case, ...]
    not_held: tuple[NotHeld, ...]

    @property
    def sequences(self) -> Mapping[str, Sequence[Case]]:
        """The cases of each sequence for each method or variant, by name."""
        found: dict[str, list[Case]] = {}
        for case in self.cases:
            found.setdefault(case.sequence, []).append(case)
        return found


class TableError(ValueError):
    """A table uses a word or a name that does not exist."""


@cache
def load(profile: str) -> Table:
    directory = CASES / profile
    files = {path: _yaml(path) for path in sorted(directory.rglob("[!_]*.yml"))}
    shared = _with_methods(
        Shared(**_yaml(directory / "_shared.yml")),
        [content["method"] for content in files.values() if "method" in content],
    )
    cases: list[Case] = []
    not_held: list[NotHeld] = []
    for path, content in files.items():
        _known(content, FILE_WORDS, str(path))
        for sequence in content.get("sequences", ()):
            cases.extend(_unfold(shared, path.stem, content, sequence))
        for entry in content.get("not_held", ()):
            not_held.append(
                NotHeld(str(entry.get("recorded", content.get("recorded", ""))), entry["entry"], entry["reason"])
            )
    return Table(shared, tuple(cases), tuple(not_held))


def _with_methods(shared: Shared, entries: Sequence[Mapping[str, Any]]) -> Shared:
    """Add what the methods' own files say: the placeholders of each, and the groups it belongs to."""
    groups: dict[str, list[str]] = {}
    for entry in entries:
        for group in entry["groups"]:
            groups.setdefault(group, []).append(entry["name"])
    methods = {
        entry["name"]: {word: value for word, value in entry.items() if word not in METHOD_WORDS} for entry in entries
    }
    return replace(shared, methods=methods, groups=groups)


def _unfold(shared: Shared, stem: str, content: Mapping[str, Any], sequence: Mapping[str, Any]) -> Iterator[Case]:
    where = f"{stem}: {sequence.get('name')}"
    _known(sequence, SEQUENCE_WORDS, where)
    own = [content["method"]["name"]] if "method" in content else None
    for variant, known in _variants(shared, sequence, own, where):
        for row, bound, steps in _rows(shared, sequence, where):
            variables = {**shared.shapes, **known, **bound}
            name = ":".join(part for part in (stem, sequence["name"], "" if own else variant) if part)
            yield Case(
                id=f"{name}:{row}" if row else name,
                sequence=name,
                source=sequence.get("source", content.get("source", "")),
                recorded=str(variables.get("recorded", content.get("recorded", ""))),
                server=sequence.get("server", content.get("server", "plain")),
                needs=frozenset([*sequence.get("needs", ()), *known.get("needs", ())]),
                variables=variables,
                steps=steps,
            )


def _variants(
    shared: Shared, sequence: Mapping[str, Any], own: Sequence[str] | None, where: str
) -> list[tuple[str, Mapping[str, Any]]]:
    """What a sequence is played once for, with the placeholders each brings along; in a method's file that method."""
    if "variants" in sequence:
        return [(name, shared.variants[name]) for name in sequence["variants"]]
    methods = sequence.get("methods", own)
    if methods is None:
        return [("", {})]
    if isinstance(methods, str):
        if methods != "all" and methods not in shared.groups:
            raise TableError(f"{where}: no method belongs to the group {methods!r}")
        methods = shared.methods if methods == "all" else shared.groups[methods]
    return [(name, shared.methods[name]) for name in methods]


def _rows(
    shared: Shared, sequence: Mapping[str, Any], where: str
) -> Iterator[tuple[str, Mapping[str, Any], tuple[Step, ...]]]:
    """Per row its name, what its columns bind and its steps; a sequence without rows is a single one."""
    counted = not sequence.get("extra", False)
    given = tuple(_step(shared, step, False, where) for step in sequence.get("given", ()))
    if "rows" not in sequence:
        yield "", {}, given + tuple(_step(shared, step, counted, where) for step in sequence["steps"])
        return
    columns = sequence.get("columns")
    for name, row in sequence["rows"].items():
        bound = dict(zip(columns, row, strict=True)) if columns else {}
        words = _laid_over(sequence["each"], {} if columns else row)
        yield str(name), bound, (*given, _step(shared, words, counted, f"{where}: {name}"))


def _laid_over(each: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The words of one row; an answer of its own replaces the one of all rows."""
    if any(word in row for word in ANSWER_WORDS):
        each = {word: value for word, value in each.items() if word not in ANSWER_WORDS}
    return {**each, **row}


def _step(shared: Shared, words: str | Mapping[str, Any], counted: bool, where: str) -> Step:
    if isinstance(words, str):
        if words not in shared.steps:
            raise TableError(f"{where}: no shared step is called {words!r}")
        return Step({"name": words, **shared.steps[words]}, False)
    _known(words, STEP_WORDS, where)
    refused = words.get("refused")
    if isinstance(refused, str) and not refused.startswith("{"):
        if refused not in shared.answers:
            raise TableError(f"{where}: no shared answer is called {refused!r}")
        words = {**words, "refused": shared.answers[refused]}
    return Step(words, counted)


def _known(given: Mapping[str, Any], words: frozenset[str], where: str) -> None:
    unknown = set(given) - words
    if unknown:
        raise TableError(f"{where}: unknown words {sorted(unknown)}")


def _yaml(path: Path) -> dict[str, Any]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    if not isinstance(content, dict):
        raise TableError(f"{path} holds no mapping")
    return content
