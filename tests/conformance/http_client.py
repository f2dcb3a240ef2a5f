# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sends one request exactly as a table words it; the usual clients tidy up the very headers some cases are about."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 30.0
CARRIES_A_BODY = {"POST", "PUT", "PATCH"}


@dataclass(frozen=True)
class Reply:
    """What came back; `body` is decoded when it is JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


def send(url: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
    """`body` None sends no Content-Length where that is customary, b"" sends `Content-Length: 0`."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with contextlib.closing(kind(parts.netloc, timeout=TIMEOUT)) as connection:
        connection.putrequest(method, parts.path.rstrip("/") + path, skip_accept_encoding=True)
        for name, value in {"Accept": "application/json", **headers}.items():
            connection.putheader(name, value)
        if body is not None or method in CARRIES_A_BODY:
            connection.putheader("Content-Length", str(len(body or b"")))
        # A server may answer a body it finds too long before it has read all of it.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.endheaders(body)
        response = connection.getresponse()
        text = response.read().decode("utf-8")
        names = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, names, _decoded(text, names))


def _decoded(text: str, headers: Mapping[str, str]) -> Any:
    if not text:
        return None
    return json.loads(text) if "json" in headers.get("content-type", "") else text
