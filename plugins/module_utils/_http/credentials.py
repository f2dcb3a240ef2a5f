# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Validates credentials where they are read, so that no library rejects, and quotes, one later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

TOKENS = (
    "token",
    "universal_auth_client_id",
    "universal_auth_client_secret",
    "jwt",
    "alicloud_access_key_id",
    "alicloud_access_key_secret",
)
"""Options with credentials of machines: only visible ASCII characters, because that is what they consist of, and
what a header can contain."""

NAMES_AND_PASSWORDS = ("ldap_username", "ldap_password")
"""Options with passwords of people: any text of one line."""


def stripped(params: Mapping[str, Any]) -> dict[str, Any]:
    """Returns ``params`` with surrounding white space removed from credentials, such as the trailing newline of a file.
    White space around a password is kept, because it may be part of it."""
    found = dict(params)
    for option in TOKENS:
        if isinstance(found.get(option), str):
            found[option] = found[option].strip()
    for option in NAMES_AND_PASSWORDS:
        if isinstance(found.get(option), str):
            found[option] = found[option].strip("\r\n")
    if found.get("login_data"):
        token = found["login_data"].get("access_token")
        found["login_data"] = {**found["login_data"], "access_token": token.strip() if token else token}
    return found


def errors_of(params: Mapping[str, Any], options: tuple[str, ...]) -> list[str]:
    """Returns the validation errors of those ``options`` that are credentials and set. Never quotes their values."""
    errors = []
    for option in options:
        value = params.get(option)
        if not value:
            continue
        if option in TOKENS:
            errors += [f"{option} {error}" for error in token_errors(value)]
        elif option in NAMES_AND_PASSWORDS and re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", value):
            errors.append(f"{option} must be one line of text, but contains a line break or another control character")
    return errors


def token_errors(value: str) -> list[str]:
    """Returns why ``value`` cannot be a token, as a list of at most one sentence, which does not quote it."""
    if re.fullmatch("[!-~]*", value):
        return []
    for pattern, what in (
        ("[\r\n]", "a line break"),
        (r"\s", "a blank"),
        ("[\x00-\x1f\x7f]", "a control character"),
        ("[^!-~]", "a character that is not ASCII"),
    ):
        if re.search(pattern, value):
            return [f"must consist of visible ASCII characters, but contains {what}"]
    return []


def sendable(value: str, name: str, kind: str = "validation") -> str:
    """Returns ``value`` if a header can contain it. Otherwise raises InfisicalError, which calls the value ``name`` and
    does not quote it."""
    for error in token_errors(value):
        raise InfisicalError(kind, f"{name} {error}.")
    return value
