# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The server's address: normal form and validation."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2000


def normal_url(url: str) -> str:
    """Returns the server's address without a trailing slash and without the ``/api`` of the CLI's variables."""
    bare = url.strip().rstrip("/")
    return bare[: -len("/api")] if bare.endswith("/api") else bare


def is_address(url: str) -> bool:
    """Returns whether requests can be sent to paths below ``url``."""
    host = hostname(url)
    if not host or not url.lower().startswith(("http://", "https://")) or re.search(r"[\s?#\\]", url):
        return False
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return len(url) <= LONGEST_ADDRESS


def hostname(url: str) -> str | None:
    try:
        address = urlsplit(url)
        return address.hostname if address.port is None or address.port else None
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
