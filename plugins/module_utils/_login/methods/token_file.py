# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tokens that are provided to a workload as files."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

LONGEST_TOKEN = 1024 * 1024
"""Maximum number of characters to read: more than any token has, in case the file is endless."""


def token_in(path: str, what: str, advice: str) -> str:
    """Returns the text of the file. Raises InfisicalError, which calls it ``what``, if it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(LONGEST_TOKEN)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise InfisicalError("authentication", f"The {what} {path} cannot be read: {reason}.", advice=advice) from error
