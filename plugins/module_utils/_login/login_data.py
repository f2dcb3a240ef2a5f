# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""``login_data``: what a login hands to the tasks that follow, so that they need nothing else to reach the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PER_REQUEST = ("validate_certs", "ca_path", "client_cert", "client_key", "timeout", "retries")
"""The connection options that count for every request, not only for the login."""

HELD = "login_data.connection."


def login_data_spec(types: Mapping[str, str]) -> dict[str, Any]:
    """The argument spec of ``login_data``; ``types`` are the connection options' own. The options that it holds have
    neither default nor environment variable: what is not in it comes from where it would come without it."""
    return {
        "type": "dict",
        "options": {
            "url": {"type": "str"},
            "access_token": {"type": "str", "required": True, "no_log": True},
            "connection": {
                "type": "dict",
                "options": {name: {"type": types[name]} for name in PER_REQUEST},
                "required_by": {"client_key": ["client_cert"]},
            },
        },
    }


def held_by(params: Mapping[str, Any]) -> dict[str, Any]:
    """The connection options that ``login_data`` holds; none of one that another collection or release has made."""
    return dict((params.get("login_data") or {}).get("connection") or {})


def with_login_data(given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The options ``given`` to a task, of the argument spec ``spec``, and for those that are not what ``login_data``
    holds.

    To be done before core's validator looks for environment variables and defaults: afterwards an option that was
    given cannot be told from one that was not. An option that is null or blank is not given. A client key belongs to
    its certificate: of the two, either both or none come from ``login_data``.
    """
    taken = dict(given)
    held = held_by(given)
    key = held.pop("client_key", None)
    if "client_cert" in held:
        # Also as nothing, which keeps the key of another certificate from being read from the environment.
        held["client_key"] = key
    for name in PER_REQUEST:
        spellings = (name, *spec[name].get("aliases", ()))
        if any(is_given(taken.get(spelling)) for spelling in spellings):
            if name == "client_cert":
                held.pop("client_key", None)
        elif name in held:
            for spelling in spellings:
                taken.pop(spelling, None)
            taken[name] = held[name]
    return taken


def is_given(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def divided(params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options of a task, and apart from them those that have the value of ``login_data``: an error has to name the
    place where the user finds the value. What a task replaces of ``login_data`` is in neither."""
    held = {name: value for name, value in held_by(params).items() if value is not None and params.get(name) == value}
    return {name: value for name, value in params.items() if name not in held}, held


def text_of_connection(params: Mapping[str, Any]) -> str:
    """The options of ``params`` that count for every request, as the JSON text that ``login_data`` holds.

    One text, as modules of infisical.vault take every value within ``login_data`` for a secret, and mask it wherever
    it turns up in their results: with the number 5 in it they would return each secret that has a 5 with asterisks.
    """
    return json.dumps({name: params[name] for name in PER_REQUEST if is_given(params.get(name))}, sort_keys=True)
