# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stateful double of an Infisical server, good enough to test playbooks on."""

from __future__ import annotations

from .server import Emulator

__all__ = ["Emulator"]
