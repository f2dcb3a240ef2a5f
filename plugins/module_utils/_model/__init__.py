# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table language, and the engine for tables: plan, reconcile, verify.

A ``Field`` is one option, a ``Resource`` one type of object on the server, and a value type defines how values are
validated, compared and encoded. This package imports ``_http``. It must not know particular resources: if a table needs
an ``if`` here, the language lacks a word.
"""

from __future__ import annotations
