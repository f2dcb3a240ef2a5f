# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever the server sends, a failure is one line of limited length that is safe for terminals."""

from __future__ import annotations

import json
import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import MARK, printable

ESC = "\x1b"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a name", "a name"),
        ("ünïcödé 名前 👩‍🚀", "ünïcödé 名前 👩‍🚀"),
        ("a\nb\r\nc\td\u2028e\x85f", "a b c d e f"),
        ("a \n\n b", "a b"),
        ("an end\n", "an end"),
        (f"{ESC}[31mred{ESC}[0m", "red"),
        (f"{ESC}[2J{ESC}[1;1Hgone", "gone"),
        ("\x9b31mred", "red"),
        (f"{ESC}]0;a title\x07text", "text"),
        (f"{ESC}]8;;http://evil.example{ESC}\\click{ESC}]8;;{ESC}\\", "click"),
        ("\x9d0;a title\x9ctext", "text"),
        (f"{ESC}Pq#0{ESC}\\text", "text"),
        (f"{ESC}cafter a reset", "after a reset"),
        (f"{ESC}]0;without an end", "0;without an end"),
        ("a\x00\x08b", "a\ufffdb"),
        ("a\x7fb", "a\ufffdb"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("a\u2066b\u2069", "a\ufffdb\ufffd"),
        ("a\ud800b", "a\ufffdb"),
        ("a\ufeff\u200bb", "a\ufffdb"),
        (3, "3"),
    ],
)
def test_what_a_text_looks_like(text: object, line: str) -> None:
    assert printable(text) == line


ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x1b\x9b\x9d[]\\;m\x07\n "))


@given(ANY, st.integers(20, 80))
def test_any_text_is_one_short_line_and_stays_so(text: str, limit: int) -> None:
    line = printable(text, limit)
    assert len(line) <= limit
    assert printable(line, limit) == line
    assert not [one for one in line if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", line)
    line.encode()


def test_what_is_too_long_says_so_and_ends_with_a_whole_word() -> None:
    line = printable("word " * 1000, 100)
    assert line == "word " * 16 + "word" + MARK and len(line) <= 100
    assert printable("x" * 101, 100) == "x" * (100 - len(MARK)) + MARK
    secret = "eyJhbGciOi" * 20
    assert printable(f"You sent {secret}", 100) == f"You sent{MARK}"
    assert printable("x" * 100, 100) == "x" * 100
    assert printable(f"{ESC}[31m" * 10_000, 100) == MARK, "even if nothing of it remains"


@pytest.mark.parametrize("unit", [ESC, f"{ESC}[", f"{ESC}]", "\x9d", "\x9b0", " \n", f"{ESC} ", "\x00", "a "])
def test_ten_megabytes_of_anything_cost_no_time(unit: str) -> None:
    begun = time.monotonic()
    assert len(printable(unit * (10_000_000 // len(unit)), 100_000)) <= 100_000
    assert time.monotonic() - begun < 2


def test_every_text_of_a_failure_is_clean_and_short() -> None:
    odd = f"{ESC}]0;title\x07a\nb\u202e " + "long " * 2_000_000
    error = InfisicalError("server", odd, error=odd, server_message=odd, request_id=odd, advice=odd)
    text = json.dumps([str(error), error.failure(), *error.args])
    assert len(text) < 20_000
    assert not re.search(r"\\u001b|\\n|\\u202e", text) and "title" not in text
    assert len(error.error or "") <= 100 and len(error.request_id or "") <= 100
    assert len(error.server_message or "") <= 1000
    error.message = f"{error.message} Later: {ESC}[31mred"
    assert ESC not in str(error)


def test_all_errors_are_named_each_in_short() -> None:
    errors = [f"identities[{index}].name: {ESC}[31m" + "x" * 5000 for index in range(50)]
    text = str(InvalidOptions(errors))
    assert ESC not in text and len(text) < 60_000
    assert all(f"identities[{index}].name" in text for index in range(50))
