# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds a server to what the source and the published API of the present release say."""

from __future__ import annotations

import pytest

from tests.conformance.conftest import ServerFor
from tests.conformance.play import play
from tests.conformance.table import Case, load

PROFILE = "current"
TABLE = load(PROFILE)


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda case: case.id)
def test_answers_as_documented(case: Case, server_for: ServerFor) -> None:
    play(case, TABLE.shared, server_for(PROFILE, case))
