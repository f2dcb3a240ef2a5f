# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Marks values as data, so that Ansible never templates names that other people wrote on the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template
except ImportError:  # before 2.19, where every string that is not wrapped is a template
    trust_as_template = None

BEGINNINGS = ("{{", "{%", "{#")
HEADER = "#jinja2:"
"""At the beginning of a string, it changes the delimiters of templates."""


def is_template(text: str) -> bool:
    """Returns whether any ansible-core would treat ``text`` as a template."""
    return text.startswith(HEADER) or any(beginning in text for beginning in BEGINNINGS)


def as_data(value: Any) -> Any:
    """Returns ``value`` for an inventory, with all strings marked so that they are never templated.

    A string without a template is trusted nevertheless, because core from 2.19 on would list it as a dictionary with an
    untrusted mark.
    """
    return strings_of(value, lambda text: mark(text) if is_template(text) else trusted(text))


def mark(text: str) -> Any:
    """Marks ``text`` as data. From 2.19 on, that is the default for strings."""
    return wrap_var(text) if trust_as_template is None else str.__str__(text)


def trusted(text: str) -> Any:
    """Marks ``text`` as a template. Before 2.19, composed values are wrapped and need to be unwrapped."""
    return str.__str__(text) if trust_as_template is None else trust_as_template(text)


def strings_of(value: Any, change: Callable[[str], Any]) -> Any:
    """Returns a copy of ``value`` with ``change`` applied to every string in it, including keys."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {strings_of(key, change): strings_of(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [strings_of(one, change) for one in value]
    return value
