# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Addresses and CIDR ranges, compared by value."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import got, named, quoted

STRICT_IPV4 = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}\Z")


def network_error(text: str) -> str | None:
    """Returns an error if ``text`` is not an address or CIDR range, otherwise None.

    This is stricter than Python and than the server, which interprets ``/8abc`` as ``/8``
    (server-notes#networks-are-stored-as-typed): no leading zeros in IPv4, no netmasks, no zone ids.
    """
    address, slash, prefix = text.partition("/")
    form = "must be an IPv4 or IPv6 address or CIDR range such as 10.0.0.0/8"
    if "%" in address:
        return f"{form}, without a zone id"
    if slash and not (prefix.isascii() and prefix.isdigit()):
        return f"{form}; the prefix length must be a number"
    if ":" not in address and not STRICT_IPV4.match(address):
        return f"{form}; host names and leading zeros are not allowed"
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return form
    return None


SPELLED_OUT = ("ip_address", "ipAddress", "prefix", "type")
"""The keys of an element that is a dictionary: that of Terraform, and those of the API."""


def spelled_out_error(element: Mapping[Any, Any]) -> str | None:
    """Returns an error about a dictionary for a network, except about the network itself. If a misspelt key were
    ignored, the list would be shorter than intended."""
    address, prefix = element.get("ip_address", element.get("ipAddress")), element.get("prefix")
    if not isinstance(address, str) or not address.strip():
        return f"must have an ip_address, got {got(element)}"
    unknown = [key for key in element if key not in SPELLED_OUT]
    if unknown:
        return f"has no {named(unknown)}; it can have {', '.join(SPELLED_OUT)}"
    if isinstance(prefix, bool) or not (prefix is None or re.match(r"[0-9]{1,3}\Z", str(prefix))):
        return f"must have a number as prefix, got {got(prefix)}"
    return f"must have one ip_address, got {quoted(address)}" if "," in address else None


def canonical_network(text: str) -> str:
    """Returns the canonical form of a network: a single host without prefix, otherwise lowest address and prefix
    length.

    A text that is not a network, which the server may store, is returned unchanged.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return text
    return str(network.network_address) if network.num_addresses == 1 else str(network)
