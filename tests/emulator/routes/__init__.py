# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the emulated API serves: every module here declares its `routes`."""

from __future__ import annotations

import importlib
import pkgutil

from ..routing import Routes


def load() -> list[Routes]:
    """Collect the routes of all modules."""
    return [importlib.import_module(f"{__name__}.{module.name}").routes for module in pkgutil.iter_modules(__path__)]
