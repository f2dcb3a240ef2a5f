# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The auth methods that can be attached to an identity: one table per file, and nothing else.

With ``make generate``, a new file becomes an option of ``identities`` and of the role.
"""

from __future__ import annotations
