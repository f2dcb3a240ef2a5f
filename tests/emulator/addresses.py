# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Trusted IPs: the form they are stored in, and whether an address is among them."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from .errors import bad_request
from .schema import Field, array, required, shape, text

ANY = ({"ipAddress": "0.0.0.0/0"}, {"ipAddress": "::/0"})
LEADING_NUMBER = re.compile(r"\s*([+-]?\d+)")

trusted_ips = array(shape({"ipAddress": required(text())}), minimum=1)


def trusted_ips_field() -> Field:
    return Field(trusted_ips, default=list(ANY))


def needs_plan(entries: list[dict[str, str]]) -> bool:
    """Anything but the two exact any-texts needs the plan (server-notes#ip-allowlisting-plan)."""
    return any(entry["ipAddress"] not in ("0.0.0.0/0", "::/0") for entry in entries)


def stored(entries: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [parse(entry["ipAddress"]) for entry in entries]


def parse(entry: str) -> dict[str, Any]:
    """Split off the prefix as leniently as the server does: parseInt, spelling kept
    (server-notes#networks-are-stored-as-typed)."""
    address, slash, rest = entry.strip().partition("/")
    prefix = LEADING_NUMBER.match(rest)
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        raise invalid() from None
    kept: dict[str, Any] = {"type": f"ipv{version}", "ipAddress": address}
    if slash:
        if not prefix or not 0 <= int(prefix[1]) <= (32 if version == 4 else 128):
            raise invalid()
        kept["prefix"] = int(prefix[1])
    return kept


def invalid() -> Exception:
    return bad_request("The IP is not a valid IPv4, IPv6, or CIDR block")


def trusts(entries: list[dict[str, Any]], ip: str) -> bool:
    """Whether an address lies in one of the stored networks."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    for entry in entries:
        text = entry["ipAddress"].partition("%")[0]
        network = ipaddress.ip_network(f"{text}/{entry['prefix']}" if "prefix" in entry else text, strict=False)
        if address in network:
            return True
    return False
