# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proxy in front of the server: it terminates TLS and passes the client's certificate on in a header."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

from .. import tls

HEADER = "x-identity-tls-cert-auth-client-cert"
"""The header that the server reads by default (server-notes#tls-certificate-login)."""
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", HEADER)


@dataclass(frozen=True)
class Passed:
    """A request that went through the proxy, and whether its connection had a client certificate."""

    path: str
    certified: bool


class Front:
    """Listens with TLS in front of ``upstream``, asks for a client certificate of one of these CAs (PEM), and insists
    on none. A header that a client sets itself is dropped."""

    def __init__(self, upstream: str, authorities: Iterable[str]) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.passed: list[Passed] = []
        self.certificates = tls.make("127.0.0.1")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificates.certificate, self.certificates.key)
        self.context.load_verify_locations(cadata="\n".join(authorities))
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.server_port}"

    @property
    def ca_path(self) -> str:
        return self.certificates.ca

    @property
    def ca(self) -> str:
        return Path(self.ca_path).read_text()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.certificates.directory.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def handler_of(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body are written separately, and without this every answer takes 40 ms.
        disable_nagle_algorithm = True

        def setup(self) -> None:
            # In the thread of the connection, so that a slow handshake keeps nobody else waiting.
            self.request = front.context.wrap_socket(self.request, server_side=True)
            super().setup()

        def forward(self) -> None:
            leaf = self.request.getpeercert(binary_form=True)
            front.passed.append(Passed(self.path, certified=leaf is not None))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            if leaf:
                headers[HEADER] = quote(ssl.DER_cert_to_PEM_cert(leaf))
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            connection = http.client.HTTPConnection(front.upstream, timeout=30)
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            payload = response.read()
            connection.close()
            self.send_response_only(response.status)
            for name, value in response.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PATCH = do_DELETE = forward

        def log_message(self, *_args: Any) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except (ssl.SSLError, ConnectionError):
                # The client hung up, or has a certificate of an unknown CA.
                pass

    class Quiet(Handler):
        """Without the traceback of a handshake that failed."""

        def __init__(self, *args: Any) -> None:
            try:
                super().__init__(*args)
            except (ssl.SSLError, ConnectionError):
                pass

    return Quiet
