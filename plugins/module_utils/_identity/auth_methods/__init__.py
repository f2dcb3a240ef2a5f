# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The auth methods that can be attached to an identity: one table a file, and nothing else.

A file that is added here becomes an option of ``identities`` and the role with ``make generate``.
"""

from __future__ import annotations
