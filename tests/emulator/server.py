# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator as a running server, to be used as a context manager from Python."""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
import time
from types import TracebackType
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from . import seeding, tokens
from . import tls as tls_files
from .app import Service, Settings, application
from .aws import Aws, AwsServer
from .faults import Fault
from .profiles import PROFILES
from .ratelimit import Limits
from .stored import state


class Emulator:
    """An Infisical double on a port of its own."""

    def __init__(
        self,
        profile: str = "current",
        plan: str = "enterprise",
        latency_ms: float = 0,
        tls: bool = False,
        aws: bool = False,
        read_limit: int | None = None,
        write_limit: int | None = None,
        limit_window: float = 60,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: str | None = None,
        rotation_check: str = "after",
    ) -> None:
        self.service = Service(
            Settings(
                profile=PROFILES[profile],
                plan=plan,
                seed=seed or secrets.token_hex(8),
                latency_ms=latency_ms,
                rotation_check=rotation_check,
                limits=Limits(read_limit, write_limit, limit_window),
            )
        )
        self.host, self.port = host, port
        self.tls, self.aws = tls, aws
        self.certificates: tls_files.Certificates | None = tls_files.make(host) if tls else None
        self.aws_server: AwsServer | None = None

    def start(self) -> Emulator:
        """Listen; returns as soon as requests are answered."""
        if self.aws:
            self.aws_server = AwsServer()
            self.service.aws = self.service.world.aws = self.aws_server.start()
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer takes 40 ms.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            application(self.service),
            http=protocol(self.service),
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            # The emulator judges X-Forwarded-For itself, as the real server does.
            proxy_headers=False,
            # As long as Fastify's, or an idle client would find its connection closed.
            timeout_keep_alive=72,
            timeout_graceful_shutdown=1,
            ssl_certfile=self.certificates.certificate if self.certificates else None,
            ssl_keyfile=self.certificates.key if self.certificates else None,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            if not self.thread.is_alive():
                raise RuntimeError("the emulator could not start")
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(5)
        self.service.close()
        if self.aws_server:
            self.aws_server.stop()
        if self.certificates:
            self.certificates.directory.cleanup()

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def ca_path(self) -> str | None:
        """The CA to trust, when the emulator was started with TLS."""
        return self.certificates.ca if self.certificates else None

    @property
    def aws_account(self) -> Aws | None:
        """Where AWS listens, and its administrator's keys; None without AWS."""
        return self.service.aws

    @property
    def client_id(self) -> str:
        return seeding.client_id(self.service.world)

    @property
    def client_secret(self) -> str:
        return seeding.client_secret(self.service.world)

    @property
    def organization_id(self) -> str:
        return self.service.world.organization.id

    def admin_token(self) -> str:
        """Return a token of the administrator, without a login in the record."""
        world = self.service.world
        admin = next(one for one in world.identities.values() if one.name == seeding.ADMIN)
        return cast(str, tokens.issue(world, admin, "universal-auth")["accessToken"])

    def requests(self) -> list[dict[str, Any]]:
        return self.service.journal.listing()

    def counts(self) -> dict[str, int]:
        return self.service.journal.counts()

    def clear_requests(self) -> None:
        self.service.journal.clear()

    def inject(self, **fault: Any) -> None:
        self.service.faults.add(Fault(**fault))

    def release(self) -> list[int]:
        """Carry out the requests that faults hold back; returns the statuses that nobody was answered."""
        loop = self.server.servers[0].get_loop()
        return asyncio.run_coroutine_threadsafe(self.service.late.release(), loop).result(60)

    def advance_clock(self, seconds: float) -> None:
        self.service.clock.advance(seconds)

    def reset(self) -> None:
        self.service.reset()

    def state(self) -> dict[str, Any]:
        return state(self.service.world)


def protocol(service: Service) -> type[asyncio.Protocol]:
    """Make a protocol that knows its connections, so that a fault can break one."""
    transports: dict[Any, asyncio.Transport] = {}

    class Breakable(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            transports.pop(self.client, None)
            super().connection_lost(exc)

    async def hang_up(client: Any) -> None:
        transport = transports.get(tuple(client))
        if transport is None:
            # The client was faster.
            return
        transport.abort()
        # Let the loop inform the protocol first, or it would answer 500 instead.
        await asyncio.sleep(0.01)

    service.hang_up = hang_up
    service.connected = lambda client: tuple(client) in transports
    return Breakable
