# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""``login_data``: what a login hands to the tasks that follow, so that they need nothing else to reach the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PER_REQUEST = ("validate_certs", "ca_path", "client_cert", "client_key", "timeout", "retries")
"""The connection options that apply to every request, not only to the login."""

HELD = "login_data.connection."


def login_data_spec(types: Mapping[str, str]) -> dict[str, Any]:
    """Returns the argument spec of ``login_data``; ``types`` are the types of the connection options. Its options have
    neither defaults nor environment variables, because missing ones are determined as without ``login_data``."""
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
    """Returns the connection options in ``login_data``. Empty if another collection or release created it."""
    return dict((params.get("login_data") or {}).get("connection") or {})


def with_login_data(given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The options ``given`` to a task, of the argument spec ``spec``, and for those that are not what ``login_data``
    holds.

    To be called before core's validator reads environment variables and defaults, because afterwards given options
    cannot be distinguished from others. An option that is null or blank counts as not given. A client key belongs to
    its certificate: either both or none come from ``login_data``.
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
    """Returns the options of a task, and separately those from ``login_data``, because an error has to name the origin
    of a value. Values of ``login_data`` that the task replaces are in neither."""
    held = {name: value for name, value in held_by(params).items() if value is not None and params.get(name) == value}
    return {name: value for name, value in params.items() if name not in held}, held


def text_of_connection(params: Mapping[str, Any]) -> str:
    """Returns the options of ``params`` that apply to every request, as the JSON text for ``login_data``.

    It is one text, because the modules of infisical.vault treat every value in ``login_data`` as a secret and mask it
    in their results: with the number 5 in it, they would mask every 5 in the secrets that they return.
    """
    return json.dumps({name: params[name] for name in PER_REQUEST if is_given(params.get(name))}, sort_keys=True)
