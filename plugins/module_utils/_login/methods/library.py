# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The error for a login method whose library is not installed."""

from __future__ import annotations

import sys

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError


def library_missing(library: str, method: str, error: ImportError) -> InfisicalError:
    """Returns an error that names the library, the Python interpreter, the reason, and how to install it."""
    return InfisicalError(
        "authentication",
        f"{missing_required_lib(library, reason=f'to log in by {method}')} ({error})",
        advice=f"Install it with `{sys.executable} -m pip install {library}`, or use another login method.",
    )
