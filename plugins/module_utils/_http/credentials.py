# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a credential may consist of: checked where one is read, so that none is refused, and quoted, further down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

TOKENS = ("token", "universal_auth_client_id", "universal_auth_client_secret", "jwt")
"""The options that hold a machine's credential: visible ASCII characters, which is what a header can carry."""

NAMES_AND_PASSWORDS = ("ldap_username", "ldap_password")
"""The options that people choose: any text of one line."""


def stripped(params: Mapping[str, Any]) -> dict[str, Any]:
    """``params`` with each credential without what is around it, such as the line end of a file. The blanks around a
    password may be part of it."""
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
    """What is wrong with those of ``options`` that are credentials and given. Never quotes them."""
    errors = []
    for option in options:
        value = params.get(option)
        if not value:
            continue
        if option in TOKENS:
            errors += [f"{option} {error}" for error in token_errors(value)]
        elif option in NAMES_AND_PASSWORDS and re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", value):
            errors.append(f"{option} must be one line of text, but holds a line end or another control character")
    return errors


def token_errors(value: str) -> list[str]:
    """Why ``value`` cannot be a token: nothing or one sentence, which does not quote it."""
    if re.fullmatch("[!-~]*", value):
        return []
    for pattern, what in (
        ("[\r\n]", "a line end"),
        (r"\s", "a blank"),
        ("[\x00-\x1f\x7f]", "a control character"),
        ("[^!-~]", "a character that is not ASCII"),
    ):
        if re.search(pattern, value):
            return [f"must consist of visible ASCII characters, but holds {what}"]
    return []


def sendable(value: str, name: str, kind: str = "validation") -> str:
    """``value``, when a header can carry it. Else raises InfisicalError, which calls it ``name`` and quotes nothing."""
    for error in token_errors(value):
        raise InfisicalError(kind, f"{name} {error}.")
    return value
