# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Servers on loopback with arbitrary answers, such as those of proxies and attackers, which the emulator does not
give."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Positions of key_cert_sign and crl_sign in the key usage.
SIGNING = (5, 6)


@dataclass(frozen=True)
class Reply:
    """One answer. A text body is a page, a bytes body is raw JSON. ``hang_up`` closes the connection instead of an
    answer, ``cut`` during the answer, both after ``late`` seconds."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False
    cut: bool = False
    late: float = 0.0

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()

    def content_type(self) -> str:
        return "text/html; charset=utf-8" if isinstance(self.body, str) else "application/json"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: str
    peer: int


class Stub:
    """A server that sends its replies in turn and repeats the last one. It records the requests."""

    def __init__(self, replies: Sequence[Reply], context: ssl.SSLContext | None = None) -> None:
        self.replies = list(replies)
        self.requests: list[Request] = []
        self.lock = threading.Lock()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self) -> None:
                stub.answer(self)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        # Clients may close the connection here.
        self.http.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        self.port = self.http.server_address[1]
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        if context:
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)

    @classmethod
    @contextmanager
    def running(cls, *replies: Reply, context: ssl.SSLContext | None = None) -> Iterator[Self]:
        """Runs a server. Without replies, it answers 200 with ``{}``."""
        server = cls(replies or [Reply()], context)
        thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.http.shutdown()
            server.http.server_close()

    def reply_to(self, request: Request) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length).decode()
        peer = handler.client_address[1]
        with self.lock:
            self.requests.append(Request(handler.command, handler.path, dict(handler.headers), body, peer))
            reply = self.reply_to(self.requests[-1])
        time.sleep(reply.late)
        if reply.hang_up:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        payload = reply.encoded()
        handler.send_response_only(reply.status)
        length = len(payload) + (100 if reply.cut else 0)
        headers = {"content-type": reply.content_type(), "content-length": str(length), **reply.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(payload)
        handler.close_connection = handler.close_connection or reply.cut


stub = Stub.running


@contextmanager
def raw_server(talk: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Runs a server that calls ``talk`` for the first request of each connection. Yields its URL."""

    def serve(connection: socket.socket) -> None:
        # Clients are expected to close the connection during the answer or the handshake.
        with suppress(OSError), connection:
            plain_or_tls = context.wrap_socket(connection, server_side=True) if context else connection
            with plain_or_tls:
                request = b""
                while b"\r\n\r\n" not in request:
                    received = plain_or_tls.recv(65536)
                    if not received:
                        return
                    request += received
                talk(plain_or_tls)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http{'s' if context else ''}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            # This interrupts accept(), which close() does not.
            listener.shutdown(socket.SHUT_RDWR)


def closed_port() -> int:
    """Returns a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True)
class Pair:
    """A certificate with its key, in one file and in separate files."""

    cert: Path
    key: Path
    both: Path


class Authority:
    """A certificate authority with a separate directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority of {directory.name}")])
        self.certificate = self._built(self.name, self.key, None)
        self.path = directory / "ca.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, address: str = "127.0.0.1") -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._built(subject, key, address).public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        pair = Pair(*(self.directory / f"{name}.{kind}.pem" for kind in ("cert", "key", "both")))
        pair.cert.write_bytes(certificate)
        pair.key.write_bytes(secret)
        pair.both.write_bytes(certificate + secret)
        return pair

    def context(self, pair: Pair, *, clients: bool = False) -> ssl.SSLContext:
        """Returns the TLS context of a server with this certificate. With ``clients``, it requires client certificates
        of this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.cert, pair.key)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path)
        return context

    def _built(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, address: str | None) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        day = datetime.timedelta(days=1)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.BasicConstraints(ca=address is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if address is None:
            builder = builder.add_extension(x509.KeyUsage(*(use in SIGNING for use in range(9))), critical=True)
        else:
            purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            names = [x509.IPAddress(ipaddress.ip_address(address))]
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False).add_extension(
                x509.SubjectAlternativeName(names), critical=False
            )
        return builder.sign(self.key, hashes.SHA256())
