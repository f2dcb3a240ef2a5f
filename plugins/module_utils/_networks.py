# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Addresses and CIDR ranges by value, so that two spellings of one network are the same network."""

from __future__ import annotations

import ipaddress
import re

STRICT_IPV4 = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}\Z")


def network_fault(text: str) -> str | None:
    """What is wrong with ``text`` as an address or CIDR range, None when nothing is.

    Stricter than Python and than the server, which takes ``/8abc`` for ``/8`` (measured-2024-10.md fact 23):
    no leading zeros in IPv4, no netmasks, no zone ids.
    """
    address, slash, prefix = text.partition("/")
    form = "must be an IPv4 or IPv6 address or CIDR range such as 10.0.0.0/8"
    if "%" in address:
        return f"{form}, without a zone id"
    if slash and not prefix.isdigit():
        return f"{form}; the prefix length must be a number"
    if ":" not in address and not STRICT_IPV4.match(address):
        return f"{form}; host names and leading zeros are not allowed"
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return form
    return None


def canonical_network(text: str) -> str:
    """The one spelling of a network: a single host without prefix, else lowest address and prefix length.

    What the server stored in a form that is no network comes back unchanged.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return text
    return str(network.network_address) if network.num_addresses == 1 else str(network)
