# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""HTTP exchanges with limits: a complete answer within a time, a size and a number of redirects, or the reason why
there is none."""

from __future__ import annotations

import http.client
import re
import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.limited_session import (
    MAXIMUM_SIZE,
    Unusable,
    too_large,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable

try:
    import requests
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
except ImportError:
    # No task runs without it; _runner/run.py reports that.
    pass

MAXIMUM_REDIRECTS = 5
LONGEST_CONNECT = 30.0
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Received:
    """A complete answer. ``headers`` have lower-case names, ``body`` is decompressed, ``url`` is the address that
    answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        return self.status in REDIRECTS and "location" in self.headers


class NoAnswer(Exception):
    """There is no usable answer. ``reason`` says why, and never quotes what was sent.

    ``kind`` is ``network``, ``tls``, or ``server`` if the server's answer, with ``status``, is unusable. ``sent`` says
    that the request may have reached the server, which may have carried it out.
    """

    def __init__(self, kind: str, reason: str, *, sent: bool, status: int | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.sent = sent
        self.status = status


def exchange(
    session: Any,
    request: Any,
    *,
    seconds: float,
    connect_seconds: float = LONGEST_CONNECT,
    verify: bool | str = True,
    cert: tuple[str, str | None] | None = None,
    follow: bool = False,
) -> Received:
    """Sends a requests.Request with a LimitedSession and returns the answer. Raises NoAnswer, or OSError if a
    certificate file does not exist.

    ``seconds`` limits the time from the end of the request to the last byte of the answer; with ``follow``, of all
    redirects together. ``connect_seconds``, or ``seconds`` if that is less, limits the time to connect.
    ``request.auth`` must be set, so that no ``.netrc`` entry replaces it; it is sent to one host only.
    """
    deadline = time.monotonic() + seconds
    allowed = seconds
    for _hop in range(MAXIMUM_REDIRECTS + 1):
        response = opened(session, request, (min(allowed, connect_seconds), allowed), verify, cert)
        received = received_from(response, seconds)
        if not (follow and received.is_redirect):
            return received
        try:
            target = session.next_address(response)
        except ValueError as error:
            raise NoAnswer("network", f"redirected to an invalid address: {reason_of(error)}", sent=True) from None
        auth = without_auth if session.should_strip_auth(response.url, target) else request.auth
        request = requests.Request(request.method, target, headers=request.headers, auth=auth)
        allowed = deadline - time.monotonic()
        if allowed <= 0:
            raise NoAnswer("network", timed_out(seconds), sent=True)
    raise NoAnswer("network", f"more than {MAXIMUM_REDIRECTS} redirects", sent=True)


def without_auth(request: Any) -> Any:
    return request


def opened(session: Any, request: Any, timeout: tuple[float, float], verify: Any, cert: Any) -> Any:
    """Sends one request and returns the response before its body is read. ``timeout`` is as in requests."""
    try:
        prepared = session.prepare_request(request)
    except (ValueError, requests.exceptions.RequestException) as error:
        # An error about a header quotes the header, and so does its chain of causes.
        raise NoAnswer("network", reason_of(error), sent=False) from None
    try:
        settings = session.merge_environment_settings(prepared.url, {}, True, verify, cert)
        return session.send(prepared, timeout=timeout, allow_redirects=False, **settings)
    except Unusable as error:
        raise NoAnswer("server", str(error), sent=True) from None
    except requests.exceptions.SSLError as error:
        raise NoAnswer("tls", reason_of(error), sent=False) from error
    except requests.exceptions.Timeout as error:
        sent = not was_never_sent(error)
        raise NoAnswer("network", timed_out(timeout[1]) if sent else reason_of(error), sent=sent) from error
    except ValueError as error:
        # An unusable address, a header that cannot be sent, or an invalid header in the answer.
        raise NoAnswer("network", reason_of(error), sent=isinstance(error, requests.exceptions.InvalidHeader)) from None
    except (requests.exceptions.RequestException, HTTPError) as error:
        raise NoAnswer("network", reason_of(error), sent=not was_never_sent(error)) from error


def received_from(response: Any, seconds: float) -> Received:
    """Reads the body of the response. ``seconds`` is only for the message of a timeout."""
    try:
        body = b"".join(decompressed(pieces(response), response.headers.get("content-encoding", "")))
    except Unusable as error:
        raise NoAnswer("server", str(error), sent=True, status=response.status_code) from None
    except socket.timeout:
        raise NoAnswer("network", timed_out(seconds), sent=True) from None
    except zlib.error as error:
        raise NoAnswer("network", f"decompressing the answer failed: {error}", sent=True) from error
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        reason = timed_out(seconds) if caused_by(error, socket.timeout) else reason_of(error)
        raise NoAnswer("network", reason, sent=True) from error
    finally:
        # Returns the connection to the pool if the answer was read completely, and closes it otherwise.
        response.close()
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, headers, body, response.url)


def pieces(response: Any) -> Iterator[bytes]:
    """Yields the complete body as it was sent, compressed or not."""
    count = 0
    while True:
        piece: bytes = response.raw.read(CHUNK, decode_content=False)
        if not piece:
            break
        count += len(piece)
        yield piece
    # urllib3 before 2 accepts a truncated body as complete.
    length = response.headers.get("content-length", "")
    chunked = "transfer-encoding" in response.headers
    bodiless = response.status_code in (204, 304) or response.request.method == "HEAD"
    if re.fullmatch("[0-9]{1,18}", length) and not chunked and not bodiless and count < int(length):
        raise http.client.IncompleteRead(b"", int(length) - count)


def decompressed(compressed: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Returns the decompressed body. Raises Unusable if it is too large, however small the compressed body is."""
    name = encoding.strip().lower()
    if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Unusable(f"a body with the content encoding {name}, which was not requested")
    left = MAXIMUM_SIZE
    decoder = None
    for piece in compressed:
        if name in ("", "identity"):
            plain = piece
        else:
            decoder = decoder or decoder_for(name, piece)
            plain = decoder.decompress(piece, left + 1)
            if decoder.unused_data:
                raise zlib.error("there is data after the end")
        left -= len(plain)
        if left < 0:
            raise too_large()
        yield plain
    if decoder is not None and not decoder.eof:
        raise zlib.error("it is truncated")


def decoder_for(name: str, first: bytes) -> Any:
    """Returns the decompressor for a body that starts with ``first``."""
    if name != "deflate":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # Some servers omit the zlib header.
    has_header = len(first) > 1 and first[0] & 0x0F == 8 and (first[0] * 256 + first[1]) % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def timed_out(seconds: float) -> str:
    return f"timed out: the answer was not complete after {seconds:g} s"


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yields ``error`` and all errors that caused it."""
    seen = set()
    queue = [error]
    while queue:
        one = queue.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *getattr(one, "args", ())]
        queue.extend(item for item in inner if isinstance(item, BaseException))


def caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(one, kind) for one in chain(error))


def was_never_sent(error: BaseException) -> bool:
    """Returns whether the connection failed before any byte of the request was sent."""
    return caused_by(error, NewConnectionError) or caused_by(error, ConnectTimeoutError)


def reason_of(error: BaseException) -> str:
    """Returns the innermost message of a requests error, without class names and object addresses. Never returns a
    message that quotes a header, which may contain the token."""
    inner: BaseException = error
    while True:
        causes = [one for one in (getattr(inner, "reason", None), *reversed(inner.args)) if isinstance(one, Exception)]
        if not causes:
            break
        inner = causes[0]
    text = str(inner)
    if isinstance(inner, UnicodeError) or re.search("header", text, re.IGNORECASE):
        return "a header is not valid in HTTP"
    # Nor a message that quotes the password of a proxy.
    text = re.sub(r"(?<=//)[^/\s]*@", "", text)
    # Shortened, because some messages quote the line that they cannot parse.
    return printable(re.sub(r"\A(<[^>]*>|\w+\([^)]*\)): ", "", text).rstrip(" ."), 300)
