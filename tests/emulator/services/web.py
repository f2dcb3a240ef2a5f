# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The base of the services that speak HTTP: a server in a thread, which answers JSON."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .. import tls


@dataclass(frozen=True)
class Asked:
    """A request to a service. Header names are in lower case; ``host`` is the one that the client asked for."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class WebService:
    """Answers with what ``answer`` returns, and records the requests. With ``encrypted``, over TLS."""

    def __init__(self, *, encrypted: bool = False) -> None:
        self.asked: list[Asked] = []
        self.certificates = tls.make("127.0.0.1") if encrypted else None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        if self.certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificates.certificate, self.certificates.key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        """Returns the status and the content, which is sent as JSON unless it is a text."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"{'https' if self.certificates else 'http'}://127.0.0.1:{self.server.server_port}"

    @property
    def ca(self) -> str:
        """The CA of the service as PEM text; empty without TLS."""
        return Path(self.certificates.ca).read_text() if self.certificates else ""

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        if self.certificates:
            self.certificates.directory.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def handler_of(service: WebService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body are written separately, and without this every answer takes 40 ms.
        disable_nagle_algorithm = True

        def respond(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            asked = Asked(self.command, self.path, headers, body)
            service.asked.append(asked)
            status, content = service.answer(asked)
            plain = isinstance(content, str)
            payload = (content if plain else json.dumps(content)).encode()
            self.send_response(status)
            self.send_header("content-type", "text/plain" if plain else "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = respond

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler
