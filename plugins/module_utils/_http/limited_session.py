# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A requests session that limits the time and the size of every answer, whatever the server sends.

requests and urllib3 only limit the pause between two bytes. The limits are therefore enforced below them, where the
socket is read: for headers, bodies and their framing alike, including those of a proxy.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from contextlib import suppress
from functools import cache
from typing import Any

try:
    import requests
    from requests.adapters import HTTPAdapter
except ImportError:
    BaseAdapter: Any = object
    BaseSession: Any = object
else:
    BaseAdapter = HTTPAdapter
    BaseSession = requests.Session

MAXIMUM_SIZE = 32 * 1024 * 1024
"""Maximum size of the body of an answer, in bytes, decompressed."""

MAXIMUM_FRAMING = 1024 * 1024
"""Bytes that may be added to a body: status line, headers, chunk sizes, trailers."""


class Unusable(Exception):
    """The answer is larger than allowed, or has a content encoding that was not requested."""


def too_large() -> Unusable:
    return Unusable(f"more than {MAXIMUM_SIZE // (1024 * 1024)} MiB")


class LimitedReader(io.RawIOBase):
    """Reads a response from its socket until its time or its bytes are used up.

    The initial timeout of the socket, which is the caller's read timeout, limits the complete response.
    """

    def __init__(self, raw: Any, sock: Any) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout: float | None = sock.gettimeout()
        self._deadline = None if self._timeout is None else time.monotonic() + self._timeout
        self._left = MAXIMUM_SIZE + MAXIMUM_FRAMING

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._deadline is not None:
            remaining = self._deadline - time.monotonic()
            if remaining <= 0:
                raise socket.timeout("timed out")
            self._sock.settimeout(remaining)
        try:
            count: int | None = self._raw.readinto(buffer)
        except ssl.SSLError as error:
            # An alert may say that the client certificate is not accepted. All other errors interrupt an established
            # connection.
            if "ALERT" in (error.reason or ""):
                raise
            raise ConnectionAbortedError(f"TLS: {error.reason or error}") from error
        self._left -= count or 0
        if self._left < 0:
            raise too_large()
        return count

    def close(self) -> None:
        if not self.closed:
            # The connection is reused, and the remaining time of this answer must not limit the next request.
            with suppress(OSError):
                self._sock.settimeout(self._timeout)
            try:
                self._raw.close()
            finally:
                super().close()


class LimitedResponse(http.client.HTTPResponse):
    """The response of the standard library, read through a :class:`LimitedReader`."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        reader: Any = self.fp
        self.fp = io.BufferedReader(LimitedReader(reader.detach(), sock))


@cache
def limited(pool_class: Any) -> Any:
    """Returns ``pool_class`` (for http, https or a SOCKS proxy) with connections that limit their responses."""
    connection_class = type(pool_class.ConnectionCls)(
        pool_class.ConnectionCls.__name__, (pool_class.ConnectionCls,), {"response_class": LimitedResponse}
    )
    return type(pool_class)(pool_class.__name__, (pool_class,), {"ConnectionCls": connection_class})


def limit(manager: Any) -> None:
    """Makes ``manager`` open only pools with limited connections."""
    classes = manager.pool_classes_by_scheme.items()
    manager.pool_classes_by_scheme = {scheme: limited(pool_class) for scheme, pool_class in classes}


class LimitedAdapter(BaseAdapter):  # type: ignore[misc]
    """Sends requests over limited connections, directly and through proxies."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        limit(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not known:
            limit(manager)
        return manager


class LimitedSession(BaseSession):  # type: ignore[misc]
    """The session for ``exchange()``. ``max_retries`` is as in the HTTPAdapter of requests."""

    def __init__(self, max_retries: Any = 0) -> None:
        super().__init__()
        for prefix in ("https://", "http://"):
            self.mount(prefix, LimitedAdapter(max_retries=max_retries))
        # The encodings that ``exchange()`` can decompress incrementally. requests would accept all that are installed.
        self.headers["Accept-Encoding"] = "gzip, deflate"

    def get_redirect_target(self, resp: Any) -> None:
        """Returns None, so that requests does not follow redirects: it would read their bodies without a limit."""

    def next_address(self, response: Any) -> str:
        """Returns the address that a redirect leads to. Raises ValueError if it is invalid."""
        location = requests.Session.get_redirect_target(self, response) or ""
        return str(requests.compat.urljoin(response.url, requests.utils.requote_uri(location)))
