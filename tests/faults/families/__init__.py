# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The families of cases, in the order in which they run. Each is a module with NAME, ``cases`` and ``run``."""

from __future__ import annotations

from collections.abc import Iterable

from tests.faults.families import late, options, pairs, races, sequences, singles, spoilt
from tests.faults.harness.times import virtual_time

FAMILIES = {family.NAME: family for family in (singles, pairs, late, spoilt, races, sequences, options)}


def every_case(names: Iterable[str] = FAMILIES) -> list[str]:
    """Returns the cases of these families. A name that is not a family is treated as a case."""
    found: list[str] = []
    with virtual_time():
        for name in names:
            found += [f"{name}/{case}" for case in FAMILIES[name].cases()] if name in FAMILIES else [name]
    return found
