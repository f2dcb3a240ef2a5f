# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server's own requests: to the services that a test has started on this machine, and to the rest of the world,
which `services/internet.py` plays. Nothing leaves the machine."""

from __future__ import annotations

import http.client
import ipaddress
import json
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

from .clock import Clock
from .errors import internal, unauthorized
from .services.internet import Internet

TIMEOUT = 10


class Outgoing:
    """Sends requests. The stand-in for the rest of the world is started by the first that needs it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._internet: Internet | None = None
        self._lock = threading.Lock()

    @property
    def internet(self) -> Internet:
        with self._lock:
            if self._internet is None:
                self._internet = Internet(self.clock)
            return self._internet

    def stop(self) -> None:
        with self._lock:
            if self._internet is not None:
                self._internet.stop()
            self._internet = None

    def get(self, url: str, *, ca: str = "") -> Any:
        """Returns the JSON that is published there; that there is none is the server's own failure (500)."""
        status, content = self.send("GET", url, ca=ca)
        if status != 200:
            raise internal()
        return content

    def send(
        self, method: str, url: str, *, bearer: str = "", body: Any = None, ca: str = "", verify: bool = True
    ) -> tuple[int, Any]:
        """Returns status and content. With ``ca``, the peer has to have a certificate of this authority (PEM)."""
        target = urlsplit(url)
        address = target if is_loopback(target.hostname) else urlsplit(self.internet.url)
        headers = {"Host": target.netloc, "Accept": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection = connected(address.scheme, address.netloc, ca, verify)
            payload = None if body is None else json.dumps(body)
            connection.request(method, target.path or "/", payload, headers)
            response = connection.getresponse()
            content = json.loads(response.read())
            connection.close()
        except ssl.SSLError:
            raise unauthorized("Access denied: the certificate of the other side is not trusted.") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise internal() from None
        return response.status, content


def connected(scheme: str, netloc: str, ca: str, verify: bool) -> http.client.HTTPConnection:
    if scheme != "https":
        return http.client.HTTPConnection(netloc, timeout=TIMEOUT)
    context = ssl.create_default_context(cadata=ca or None)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(netloc, timeout=TIMEOUT, context=context)


def is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
