# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many identities in one task: declaration, planner, bulk run and export.

This package imports every package except ``_rotation``. Only modules and the inventory plugin import it.
"""

from __future__ import annotations
