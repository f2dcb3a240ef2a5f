# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Lookup of the projects that other tasks refer to, by id or slug, on every release.

This package imports ``_runner``, ``_model`` and ``_http``.
"""

from __future__ import annotations
