# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The auth methods the emulator knows: every module here is one method, found by its name.

A module's `TABLES` says for each release that has the method what it takes, stores and answers, and how it logs in.
"""

from __future__ import annotations

import importlib
import pkgutil

from ..method_table import AuthMethod
from ..profiles import PROFILES


def load() -> dict[str, dict[str, AuthMethod]]:
    """Collect the tables: by release, then by slug, in the order of the modules' names."""
    tables: dict[str, dict[str, AuthMethod]] = {name: {} for name in PROFILES}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        for profile, method in importlib.import_module(f"{__name__}.{name}").TABLES.items():
            tables[profile][method.slug] = method
    return tables


METHODS = load()


def secret_fields() -> frozenset[str]:
    """The names of all fields that some method marks as secret."""
    methods = [method for by_slug in METHODS.values() for method in by_slug.values()]
    return frozenset(name for method in methods for name, field in method.every_field() if field.secret)
