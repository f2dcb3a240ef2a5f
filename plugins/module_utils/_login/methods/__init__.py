# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login methods that prove who a machine is, one class a file. A file, and a cloud's library, is loaded when it
is used."""

from __future__ import annotations
