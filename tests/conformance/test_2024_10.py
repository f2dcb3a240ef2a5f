# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds a server to what a real one of 2024-10 was recorded to answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from tests.conformance.conftest import ServerFor
from tests.conformance.play import play_each
from tests.conformance.table import Case, load

PROFILE = "2024-10"
TABLE = load(PROFILE)


@pytest.mark.parametrize("cases", TABLE.sequences.values(), ids=TABLE.sequences)
def test_answers_as_recorded(cases: Sequence[Case], server_for: ServerFor) -> None:
    play_each(cases, TABLE.shared, partial(server_for, PROFILE))
