# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate of citations accepts a correct repository, and reports each violation."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.gates.citations import CASES, NOTES, headings, known_cases, problems, texts_of

CITE = "server-notes" + "#"
LINK = "[change](server-notes.md" + "#ids-change)"
ELSEWHERE = "notes-of-mine" + ".md"

FACT = """\
### Lists are reset

`2024-10`, `current`: An update empties what it leaves out, see [below](#ids-change).

- **Code**: sends the whole.
- **See**: `current/patch: a list
  opens`
"""
OTHER = """\
### Ids change

`newest`: Each write makes new ones.

- **See**: `GET /api/things`, twice
"""
GENERAL = """\
## To come

<!-- general reading -->

### Nobody needs this yet

`current`: It is there.

- **See**: look
"""
SOUND = {
    NOTES: f"# Notes\n\n## Updates\n\n{FACT}\n{OTHER}\n{GENERAL}",
    f"{CASES}/current/patch.yml": "sequences:\n  - name: a list opens\n  - name: a field stays\n",
    f"{CASES}/current/methods/aws.yml": "sequences:\n  - name: a list opens\n",
    f"{CASES}/current/methods/token.yml": "method: {name: token}\n",
    f"{CASES}/current/_shared.yml": "exact: false\n",
    "plugins/update.py": f'"""Sends the whole ({CITE}lists-are-reset)."""\n',
    "docs/user-guide.md": f"Ids {LINK}, says [the readme](../README.md).\n",
    "README.md": "See docs/user-guide.md.\n",
}


def broken(path: str, old: str, new: str) -> list[str]:
    assert old in SOUND[path]
    return problems({**SOUND, path: SOUND[path].replace(old, new)})


def test_a_sound_repository_has_no_problems() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize("anchor", ["lists-are-rest", "lists", ""])
def test_a_citation_that_leads_nowhere(anchor: str) -> None:
    found = broken("plugins/update.py", "lists-are-reset)", f"lists-are-reset, {CITE}{anchor})")
    assert found == [f"plugins/update.py:1: {NOTES} has no heading with the anchor '{anchor}'"]


def test_a_link_between_facts_that_leads_nowhere() -> None:
    (found,) = broken(NOTES, "(#ids-change)", "(#ids-stay)")
    assert found.endswith("has no heading with the anchor 'ids-stay'") and found.startswith(f"{NOTES}:7:")


@pytest.mark.parametrize("title", ["Lists are reset", "LISTS are `reset`!"])
def test_an_anchor_that_exists_twice(title: str) -> None:
    again = FACT.replace("Lists are reset", title)
    assert broken(NOTES, OTHER, OTHER + again) == [f"{NOTES}: 2 headings have the anchor lists-are-reset"]


def test_a_fact_that_nothing_cites() -> None:
    """A link from another fact does not count."""
    found = broken("docs/user-guide.md", LINK, "change")
    assert found == [
        f"{NOTES}: nothing cites 'Ids change' (ids-change); cite it, remove it, or move it to general reading"
    ]


def test_general_reading_ends_with_its_section() -> None:
    after = FACT.replace("Lists are reset", "After the rest")
    (found,) = broken(NOTES, GENERAL, f"{GENERAL}\n## Further\n\n{after}")
    assert found.startswith(f"{NOTES}: nothing cites 'After the rest'")


@pytest.mark.parametrize(
    "begins", ["`2024-11`: An", "`current`, `later`: An", "Since 2024-10 an", "`current` An", "An `current`: an"]
)
def test_a_fact_of_no_known_release(begins: str) -> None:
    (found,) = broken(NOTES, "`2024-10`, `current`: An", begins)
    assert found.startswith(f"{NOTES}: 'Lists are reset' has to begin with the releases it was seen on")


def test_a_fact_that_does_not_say_how_to_see_it_again() -> None:
    (found,) = broken(NOTES, "- **See**: `GET /api/things`, twice\n", "")
    assert found == f"{NOTES}: 'Ids change' has no line 'See' that says how to see it again"


@pytest.mark.parametrize(
    "case",
    [
        "current/patch: a list closes",
        "current/put: a list opens",
        "2024-10/patch: a list",
        "current/methods/gcp: a list opens",
    ],
)
def test_a_conformance_case_that_there_is_not(case: str) -> None:
    (found,) = broken(NOTES, "`current/patch: a list\n  opens`", f"`current/patch: a field stays`, `{case}`")
    assert found == f"{NOTES}: 'Lists are reset' names a conformance case that there is not: {case}"


@pytest.mark.parametrize(
    "named",
    [
        ELSEWHERE,
        "quir" + "ks 3",
        "measured-20" + "24-10",
        "contract" + ".yml",
        "recorded" + "/21-aws",
        "\N{SECTION SIGN}4",
        "fact" + " 19",
        "recording" + " 21",
        "recorded" + " 26b",
        "peers" + " H7",
    ],
)
@pytest.mark.parametrize("path", ["plugins/update.py", "docs/user-guide.md", f"{CASES}/current/_shared.yml"])
def test_a_source_that_is_not_in_the_repository(named: str, path: str) -> None:
    (found,) = problems({**SOUND, path: f"{SOUND[path]}# See {named}.\n"})
    assert found.startswith(f"{path}:2: cites '") and "not in the repository" in found


def test_cases_are_known_by_release_file_and_sequence() -> None:
    assert known_cases(SOUND) == {
        "current/patch: a list opens",
        "current/patch: a field stays",
        "current/methods/aws: a list opens",
    }


def test_headings_in_code_are_none() -> None:
    page = "# Notes\n\n```console\n# make lint\n```\n\n## Updates\n"
    assert [one.title for one in headings(page)] == ["Notes", "Updates"]


def test_files_are_those_of_git_that_are_text(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for name, content in {".gitignore": b"built\n", "built": b"x", "kept": b"text", "picture": b"\xff\xfe\x00"}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    assert texts_of(tmp_path) == {".gitignore": "built\n", "kept": "text"}
