# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A requests session whose answers come to an end, in time and in size, whatever the other side does.

requests and urllib3 limit the pause between two bytes, neither the whole answer nor its size. So what reads from the
socket counts, below both of them: headers, bodies and their framing alike, also those of a proxy.
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
"""Bytes that the body of an answer may have, decompressed."""

MAXIMUM_FRAMING = 1024 * 1024
"""Bytes that may come on top of a body: status line, headers, chunk sizes, trailers."""


class Unusable(Exception):
    """The answer that is coming in is larger than allowed, or encoded in a way that was not asked for."""


def too_large() -> Unusable:
    return Unusable(f"more than {MAXIMUM_SIZE // (1024 * 1024)} MiB")


class LimitedReader(io.RawIOBase):
    """What a response reads from its socket, until its time or its bytes are used up.

    The socket's timeout at the beginning, which is the read timeout that the caller gave, is what there is for all.
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
            # An alert may say that our certificate is not accepted. All else breaks a connection that was made.
            if "ALERT" in (error.reason or ""):
                raise
            raise ConnectionAbortedError(f"TLS: {error.reason or error}") from error
        self._left -= count or 0
        if self._left < 0:
            raise too_large()
        return count

    def close(self) -> None:
        if not self.closed:
            # The connection is used again, and sending the next request is not limited by what this answer left.
            with suppress(OSError):
                self._sock.settimeout(self._timeout)
            try:
                self._raw.close()
            finally:
                super().close()


class LimitedResponse(http.client.HTTPResponse):
    """The standard library's response, over a :class:`LimitedReader`."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        reader: Any = self.fp
        self.fp = io.BufferedReader(LimitedReader(reader.detach(), sock))


@cache
def limited(pool_class: Any) -> Any:
    """``pool_class``, be it for http, https or a SOCKS proxy, with connections whose responses are limited."""
    connection_class = type(pool_class.ConnectionCls)(
        pool_class.ConnectionCls.__name__, (pool_class.ConnectionCls,), {"response_class": LimitedResponse}
    )
    return type(pool_class)(pool_class.__name__, (pool_class,), {"ConnectionCls": connection_class})


def limit(manager: Any) -> None:
    """Makes the pools that ``manager`` is going to open limited ones."""
    classes = manager.pool_classes_by_scheme.items()
    manager.pool_classes_by_scheme = {scheme: limited(pool_class) for scheme, pool_class in classes}


class LimitedAdapter(BaseAdapter):  # type: ignore[misc]
    """Sends over limited connections, directly and by proxies."""

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
    """A session to be used by ``exchange`` of ``_bounded_http``. ``max_retries`` as of requests' HTTPAdapter."""

    def __init__(self, max_retries: Any = 0) -> None:
        super().__init__()
        for prefix in ("https://", "http://"):
            self.mount(prefix, LimitedAdapter(max_retries=max_retries))
        # What can be decompressed in parts here. requests would ask for all that other libraries can.
        self.headers["Accept-Encoding"] = "gzip, deflate"

    def get_redirect_target(self, resp: Any) -> None:
        """None, so that requests does not follow: it would read a redirect's body without a limit."""

    def next_address(self, response: Any) -> str:
        """Where a redirect leads to. Raises ValueError when that is no address."""
        location = requests.Session.get_redirect_target(self, response) or ""
        return str(requests.compat.urljoin(response.url, requests.utils.requote_uri(location)))
