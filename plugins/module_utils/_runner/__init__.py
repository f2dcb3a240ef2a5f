# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Definition of a module independent of Ansible, its two execution paths, and masking of secrets.

This package imports ``_login``, ``_model`` and ``_http``. It must not know individual modules: a module passes a
``Task``.
"""

from __future__ import annotations
