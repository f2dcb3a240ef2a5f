# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Values that are data and not templates, whatever somebody has written into a name on the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template
except ImportError:  # before 2.19, where every string is a template that is not wrapped
    trust_as_template = None

BEGINNINGS = ("{{", "{%", "{#")
HEADER = "#jinja2:"
"""At the beginning of a string it gives templates other delimiters."""


def is_template(text: str) -> bool:
    """Whether some ansible-core would take ``text`` for a template."""
    return text.startswith(HEADER) or any(beginning in text for beginning in BEGINNINGS)


def as_data(value: Any) -> Any:
    """``value`` for an inventory, so that no string in it is ever templated.

    A string that is no template is trusted all the same: there is nothing to run in it, and core from 2.19 on would
    list it as a dictionary that says it is untrusted.
    """
    return strings_of(value, lambda text: mark(text) if is_template(text) else trusted(text))


def mark(text: str) -> Any:
    """``text`` as something that is never a template. From 2.19 on that is so unless somebody says otherwise."""
    return wrap_var(text) if trust_as_template is None else str.__str__(text)


def trusted(text: str) -> Any:
    """``text`` as something that core may template. Before 2.19 it may be wrapped, as what is composed is."""
    return str.__str__(text) if trust_as_template is None else trust_as_template(text)


def strings_of(value: Any, change: Callable[[str], Any]) -> Any:
    """A copy of ``value`` with ``change`` made to every string in it, the keys among them."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {strings_of(key, change): strings_of(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [strings_of(one, change) for one in value]
    return value
