# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The families of cases, in the order in which they are run. A new one is a module with NAME, ``cases`` and ``run``."""

from __future__ import annotations

from tests.faults.families import late, options, pairs, races, sequences, singles, spoilt

FAMILIES = {family.NAME: family for family in (singles, pairs, late, spoilt, races, sequences, options)}
