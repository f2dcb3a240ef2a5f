# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many identities in one task: what is declared of each, the plan of all of it, the bulk run, and the export.

It imports everything but ``_rotation``; nothing imports it but modules and the inventory plugin.
"""

from __future__ import annotations
