# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The auth methods the emulator knows: every module here is one table, found by its name."""

from __future__ import annotations

import importlib
import pkgutil

from ..method_table import AuthMethod
from ..profiles import PROFILES


def load() -> dict[str, dict[str, AuthMethod]]:
    """Collect the tables: by release, then by slug."""
    tables: dict[str, dict[str, AuthMethod]] = {name: {} for name in PROFILES}
    for module in pkgutil.iter_modules(__path__):
        for profile, method in importlib.import_module(f"{__name__}.{module.name}").TABLES.items():
            tables[profile][method.slug] = method
    return tables


METHODS = load()
