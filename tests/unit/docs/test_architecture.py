# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page on the architecture explains every word of the table language, and names nothing that is not there."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins import module_utils
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import ListType
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import ValueType

from .documents import ARCHITECTURE, ROOT, code, table

PAGE = ARCHITECTURE.read_text()


def value_types(base: type[ValueType] = ValueType) -> Iterator[str]:
    """The names of all value types, in whatever package; ``ListType`` is only what lists have in common."""
    for one in base.__subclasses__():
        if one is not ListType:
            yield one.__name__
        yield from value_types(one)


def import_everything() -> None:
    for module in pkgutil.walk_packages(module_utils.__path__, f"{module_utils.__name__}."):
        import_module(module.name)


@pytest.mark.parametrize("of", [Field, Resource])
def test_every_word_of_the_table_language_has_its_row(of: Any) -> None:
    rows = table(PAGE, of.__name__)
    assert [code(word) for word, _says, _example in rows] == [[one.name] for one in fields(of)]
    assert all(says and example for _word, says, example in rows)


def test_every_value_type_has_its_row() -> None:
    import_everything()
    rows = table(PAGE, "Value type")
    documented = [name for row in rows for name in code(row[0])]
    assert sorted(documented) == sorted(set(value_types()))
    assert all(all(row) for row in rows)


def test_every_invariant_is_held_by_a_test_or_gate_that_exists() -> None:
    for invariant, held_by in table(PAGE, "Invariant"):
        assert code(held_by), invariant
        assert all((ROOT / path).is_file() for path in code(held_by)), held_by


def test_files_that_the_page_names_exist() -> None:
    utils = ROOT / "plugins/module_utils"
    named = {name for name in code(PAGE) if re.fullmatch(r"[\w./]+/[\w.]*", name)}
    assert named, "no file is named"
    assert not [name for name in sorted(named) if not ((ROOT / name).exists() or (utils / name).exists())]


def test_functions_that_a_task_passes_exist() -> None:
    """In the diagram and the table of steps."""
    sources = "".join(path.read_text() for path in (ROOT / "plugins").rglob("*.py"))
    called = set(re.findall(r"\b([a-z_]+)\(\)", PAGE.split("## Invariants")[0]))
    assert called and not [name for name in sorted(called) if f"def {name}(" not in sources]
