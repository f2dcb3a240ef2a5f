# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Logs in with the connection options of a task and returns a client. ``methods`` has one class per login method.

This package imports ``_http`` and ``_model``. It must not know what a task does with the client.
"""

from __future__ import annotations
