# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The logins that take an identity id and a proof: every module here checks the proof of one method."""

from __future__ import annotations

import importlib
import pkgutil

from ..login_table import Login


def load() -> list[Login]:
    """Collect the logins of all modules."""
    return [
        login
        for module in pkgutil.iter_modules(__path__)
        for login in importlib.import_module(f"{__name__}.{module.name}").LOGINS
    ]
