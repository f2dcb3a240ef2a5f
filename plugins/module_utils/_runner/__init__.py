# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module is apart from Ansible, its two execution paths, and what is kept from being displayed.

It imports ``_login``, ``_model`` and ``_http``. It must not know any module: a module hands it a ``Task``.
"""

from __future__ import annotations
