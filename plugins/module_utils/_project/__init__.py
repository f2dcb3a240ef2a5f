# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Projects, as far as other tasks name them: found by id or slug, on every release.

It imports ``_runner``, ``_model`` and ``_http``.
"""

from __future__ import annotations
