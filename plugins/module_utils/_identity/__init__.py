# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Machine identities: how options name one, the identity itself, its auth methods, its memberships, the caller's own
session.

An auth method is one table in ``auth_methods``. It imports ``_project``, ``_runner``, ``_model`` and ``_http``, and
must not know of tasks that handle many identities at once.
"""

from __future__ import annotations
