# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate of words finds each word of its list in prose and identifiers, and allows the terms that replace them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gates.words import BEGIN, END, EXEMPT, GLOSSARY, WORDS, Word, glossary, problems, with_glossary

PATHS = (
    "plugins/module_utils/_model/plan.py",
    "docs/user-guide.md",
    "tests/unit/test_plan.py",
    "tests/faults/test_x.py",
)

every_word = pytest.mark.parametrize("word", WORDS, ids=lambda word: word.example)


def path_of(word: Word) -> str:
    return next(path for path in PATHS if word.concerns(path))


@every_word
@pytest.mark.parametrize(
    "form",
    [
        "{}.",
        "({}, or not)",
        "{}-like",
        pytest.param(str.upper, id="upper"),
        pytest.param(lambda text: f"def test_{text.replace(' ', '_')}_here()", id="snake"),
        pytest.param(lambda text: f"class The{text.title().replace(' ', '')}Of", id="camel"),
    ],
)
def test_a_word_is_found_in_prose_and_identifiers(word: Word, form: str | Callable[[str], str]) -> None:
    path, line = path_of(word), form.format(word.example) if isinstance(form, str) else form(word.example)
    (found, *_more) = problems({path: f"The first line.\n{line}\n"})
    assert found.startswith(f"{path}:2: ") and word.instead in found


@every_word
def test_a_word_is_replaced_by_one_that_may_be_used(word: Word) -> None:
    for path in PATHS:
        assert problems({path: word.instead}) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("plugins/module_utils/_http/client.py", "BearerAuth sends a bearer token; forbear."),
        ("plugins/module_utils/_http/client.py", "the connection is refused, as in Connection refused"),
        (
            "plugins/module_utils/_http/client.py",
            "for one in many:\n    yield one\nyields pauses, indoors, retold, untold",
        ),
        ("docs/contributing.md", "`make faults` runs the fault suite in tests/faults"),
        ("docs/reliability.md", "One fault at each request"),
        ("tests/faults/injected.py", "FAULTS: dict[str, Fault]"),
        ("tests/unit/gates/test_house.py", "the house rules"),
        (EXEMPT[1], WORDS[0].example),
    ],
)
def test_a_good_sense_is_left_alone(path: str, text: str) -> None:
    assert problems({path: text}) == []


@pytest.mark.parametrize("path", PATHS)
def test_the_glossary_uses_no_such_word(path: str) -> None:
    assert problems({path: glossary()}) == []


def test_the_glossary_stands_between_its_marks() -> None:
    page = f"# Page\n\n{BEGIN}\nold\n{END}\n\nThe rest.\n"
    written = with_glossary(page)
    assert written == f"# Page\n\n{glossary()}\nThe rest.\n" and with_glossary(written) == written
    assert [line.split(" | ")[0].removeprefix("| ") for line in written.splitlines() if line.startswith("| ")][2:] == (
        sorted(GLOSSARY)
    )


def test_lines_of_the_glossary_are_single() -> None:
    for term, meaning in GLOSSARY.items():
        assert "\n" not in meaning and "|" not in meaning and meaning.endswith("."), term
