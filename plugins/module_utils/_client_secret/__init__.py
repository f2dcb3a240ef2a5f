# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Client secrets of universal auth: planned by description, created, delivered to a file or the result, revoked.

The server returns a secret only once, so a client secret has a life cycle and is not a table. This package imports
``_identity``, ``_runner``, ``_model`` and ``_http``.
"""

from __future__ import annotations
