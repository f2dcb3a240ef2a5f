# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds the tables themselves to what they state: nothing recorded is dropped, no case hides another."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conformance.server import KINDS, NEEDS
from tests.conformance.table import CASES, load

PROFILES = sorted(path.name for path in CASES.iterdir() if path.is_dir())


@pytest.mark.parametrize("profile", PROFILES)
def test_every_recorded_exchange_is_held_or_listed_as_not_held(profile: str) -> None:
    table = load(profile)
    found = Counter({recorded: 0 for recorded in table.shared.recorded})
    for case in table.cases:
        if case.held and case.recorded:
            found[case.recorded] += case.held
    found.update(entry.recorded for entry in table.not_held if entry.recorded)
    assert dict(found) == dict(table.shared.recorded)


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_not_held_says_why(profile: str) -> None:
    for entry in load(profile).not_held:
        assert entry.entry and len(entry.reason.split()) > 3, entry


@pytest.mark.parametrize("profile", PROFILES)
def test_cases_have_names_of_their_own_and_say_where_they_come_from(profile: str) -> None:
    cases = load(profile).cases
    assert [name for name, count in Counter(case.id for case in cases).items() if count > 1] == []
    assert [case.id for case in cases if "server-notes" not in case.source] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_cases_ask_for_servers_there_are(profile: str) -> None:
    for case in load(profile).cases:
        assert case.server in KINDS and case.needs <= set(NEEDS), case.id


@pytest.mark.parametrize("profile", PROFILES)
def test_a_method_belongs_to_groups_that_are_played(profile: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (CASES / profile).glob("[!_]*.yml"))
    unused = [group for group in load(profile).shared.groups if f"methods: {group}\n" not in text]
    assert unused == []
