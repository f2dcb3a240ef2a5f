# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Validation of ids and slugs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def lower_uuid(text: str) -> str:
    """Returns a UUID in lower case, as Infisical and the clouds write them, and any other text unchanged."""
    return text.lower() if UUID.match(text) else text


def uuid_error(text: str) -> str | None:
    return None if UUID.match(text) else "must be a UUID such as 3c90c3cc-0d44-4b50-8888-8dd25736052a"


def id_error(text: str) -> str | None:
    wrong = uuid_error(text)
    return f"{wrong}, got {quoted(text)}" if wrong else None


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def slug_error(text: str) -> str | None:
    if SLUG.match(text):
        return None
    return f"must be lower-case letters and digits, with single hyphens between them, got {quoted(text)}"


def project_slug_error(text: str) -> str | None:
    """Validates the length: the server answers 401 or 422 to other lengths, which proves nothing about the project."""
    if 5 <= len(text) <= 36:
        return slug_error(text)
    return f"must be 5 to 36 characters, got {quoted(text)}"


def project_id_error(text: str) -> str | None:
    """Validates a project id: a UUID, or an older id of a migrated installation."""
    if re.match(r"[A-Za-z0-9-]{1,36}\Z", text):
        return None
    return f"must be the id of a project, at most 36 letters, digits and hyphens, got {quoted(text)}"


def http_url_error(text: str) -> str | None:
    """Validates an address that the server fetches documents from."""
    try:
        address = urlsplit(text)
        fine = address.scheme in ("http", "https") and bool(address.hostname) and not re.search(r"\s", text)
    except ValueError:
        fine = False
    return None if fine else f"must be an address such as https://example.com, got {quoted(text)}"


def https_url_error(text: str) -> str | None:
    """Validates an address that the server only contacts over TLS."""
    return (
        http_url_error(text) if text.lower().startswith("https:") else f"must begin with https://, got {quoted(text)}"
    )
