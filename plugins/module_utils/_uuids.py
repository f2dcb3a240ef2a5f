# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""UUIDs: most ids of Infisical and of the clouds are one."""

from __future__ import annotations

import re

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def lower_uuid(text: str) -> str:
    """A UUID in lower case, as Infisical and the clouds write them; any other text as it is."""
    return text.lower() if UUID.match(text) else text


def uuid_fault(text: str) -> str | None:
    return None if UUID.match(text) else "must be a UUID such as 3c90c3cc-0d44-4b50-8888-8dd25736052a"
