# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""HTTP exchanges that end: a whole answer in time, of a limited size, after few redirects, or a reason why not."""

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
    # Nothing of the collection runs without it, which _run.py says.
    pass

MAXIMUM_REDIRECTS = 5
LONGEST_CONNECT = 30.0
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Received:
    """A whole answer. ``headers`` have lower-case names; ``body`` is decompressed; ``url`` is what answered."""

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
    """There is no answer that can be used. ``reason`` says why, without a word of what was sent.

    ``kind`` is ``network``, ``tls``, or ``server`` where the server answers, with ``status``, what nobody can take in.
    ``sent``: the request may have reached the server, which may have carried it out.
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
    """The answer to a requests.Request, sent by a LimitedSession. Raises NoAnswer, or OSError for a certificate file
    that is not there.

    ``seconds`` limit the answer, from the end of the request to the last byte; with ``follow`` those of all redirects
    together. ``connect_seconds`` limit what comes before, unless they are more. ``request.auth`` must be set, so that
    no ``.netrc`` entry takes its place; it goes to one host only.
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
            raise NoAnswer("network", f"redirected to what is no address: {reason_of(error)}", sent=True) from None
        auth = without_auth if session.should_strip_auth(response.url, target) else request.auth
        request = requests.Request(request.method, target, headers=request.headers, auth=auth)
        allowed = deadline - time.monotonic()
        if allowed <= 0:
            raise NoAnswer("network", timed_out(seconds), sent=True)
    raise NoAnswer("network", f"more than {MAXIMUM_REDIRECTS} redirects", sent=True)


def without_auth(request: Any) -> Any:
    return request


def opened(session: Any, request: Any, timeout: tuple[float, float], verify: Any, cert: Any) -> Any:
    """The response to one request, of which the body is still to be read. ``timeout`` as of requests."""
    try:
        prepared = session.prepare_request(request)
    except (ValueError, requests.exceptions.RequestException) as error:
        # What is said of a header quotes it, and the chain of errors with it.
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
        # An address that cannot be asked, a header that cannot be sent, or one of the answer that cannot be read.
        raise NoAnswer("network", reason_of(error), sent=isinstance(error, requests.exceptions.InvalidHeader)) from None
    except (requests.exceptions.RequestException, HTTPError) as error:
        raise NoAnswer("network", reason_of(error), sent=not was_never_sent(error)) from error


def received_from(response: Any, seconds: float) -> Received:
    """The response with all of its body. ``seconds`` are for the message when they are over."""
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
        # Gives a connection back whose answer was read to the end, and ends any other.
        response.close()
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, headers, body, response.url)


def pieces(response: Any) -> Iterator[bytes]:
    """The body as it was sent, compressed or not, all of it."""
    count = 0
    while True:
        piece: bytes = response.raw.read(CHUNK, decode_content=False)
        if not piece:
            break
        count += len(piece)
        yield piece
    # urllib3 before 2 takes a body for whole that breaks off.
    length = response.headers.get("content-length", "")
    chunked = "transfer-encoding" in response.headers
    bodiless = response.status_code in (204, 304) or response.request.method == "HEAD"
    if re.fullmatch("[0-9]{1,18}", length) and not chunked and not bodiless and count < int(length):
        raise http.client.IncompleteRead(b"", int(length) - count)


def decompressed(compressed: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The body as it is meant. Raises Unusable for more than is allowed, however little was sent."""
    name = encoding.strip().lower()
    if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Unusable(f"a body that is encoded as {name}, which was not asked for")
    left = MAXIMUM_SIZE
    decoder = None
    for piece in compressed:
        if name in ("", "identity"):
            plain = piece
        else:
            decoder = decoder or decoder_for(name, piece)
            plain = decoder.decompress(piece, left + 1)
            if decoder.unused_data:
                raise zlib.error("there is more after the end")
        left -= len(plain)
        if left < 0:
            raise too_large()
        yield plain
    if decoder is not None and not decoder.eof:
        raise zlib.error("it breaks off")


def decoder_for(name: str, first: bytes) -> Any:
    """What decompresses a body that begins with ``first``."""
    if name != "deflate":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # Some servers leave the zlib header out.
    has_header = len(first) > 1 and first[0] & 0x0F == 8 and (first[0] * 256 + first[1]) % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def timed_out(seconds: float) -> str:
    return f"timed out: the answer was not complete after {seconds:g} s"


def chain(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything that it was made of."""
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
    """Whether the connection failed before a byte of the request was sent."""
    return caused_by(error, NewConnectionError) or caused_by(error, ConnectTimeoutError)


def reason_of(error: BaseException) -> str:
    """The innermost sentence of a requests error, without names of classes and addresses of objects, and never one that
    quotes a header, which may be the token."""
    inner: BaseException = error
    while True:
        causes = [one for one in (getattr(inner, "reason", None), *reversed(inner.args)) if isinstance(one, Exception)]
        if not causes:
            break
        inner = causes[0]
    text = str(inner)
    if isinstance(inner, UnicodeError) or re.search("header", text, re.IGNORECASE):
        return "a header is not as HTTP demands"
    # Nor one that quotes a proxy's password.
    text = re.sub(r"(?<=//)[^/\s]*@", "", text)
    # And as short as a sentence: some quote the line that they cannot read.
    return printable(re.sub(r"\A(<[^>]*>|\w+\([^)]*\)): ", "", text).rstrip(" ."), 300)
