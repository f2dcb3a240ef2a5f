# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The language that tables are written in, and what is done with a table: plan, reconcile, verify.

A ``Field`` is one option, a ``Resource`` one kind of object on the server, a value type says how values of one type
are checked, compared and encoded. It imports ``_http``. It must not know any particular resource: where a table needs
an ``if`` here, the language lacks a word.
"""

from __future__ import annotations
