# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login methods that prove the identity of a machine, one class per file. Files and cloud libraries are imported on
demand."""

from __future__ import annotations
