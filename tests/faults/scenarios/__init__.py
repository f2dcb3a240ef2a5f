# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every scenario by name. A new one is a function, and a line of SCENARIOS in the module of its subject."""

from __future__ import annotations

from tests.faults.harness.stage import Scenario
from tests.faults.scenarios import aws, identities, secrets

SCENARIOS: dict[str, Scenario] = {one.name: one for one in (*identities.SCENARIOS, *secrets.SCENARIOS, *aws.SCENARIOS)}
