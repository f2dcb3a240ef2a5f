# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Machine identities: lookup by options, the identity itself, its auth methods and memberships, and the caller's
session.

An auth method is one table in ``auth_methods``. This package imports ``_project``, ``_runner``, ``_model`` and
``_http``, and must not know about tasks that manage many identities.
"""

from __future__ import annotations
