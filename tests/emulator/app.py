# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ASGI application: takes a request through fault, route, token, limit and handler to its answer."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from . import tokens
from .aws import Aws
from .call import Call
from .clock import Clock
from .control import control_routes
from .errors import ApiError, RouteNotFound, internal
from .faults import Fault, Faults
from .journal import Entry, Journal
from .outside import metadata_route
from .profiles import Profile
from .ratelimit import Limits
from .routes import load
from .routing import Route, Table
from .seeding import fresh_world
from .world import World

logger = logging.getLogger(__name__)
HTML = "<!DOCTYPE html><html><head><title>Infisical</title></head><body>Just a moment...</body></html>"


@dataclass(frozen=True)
class Settings:
    """How an emulator is started."""

    profile: Profile
    plan: str
    seed: str
    latency_ms: float = 0
    rotation_check: str = "after"
    limits: Limits = field(default_factory=Limits)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    route: Route | None = None


class Service:
    """The emulated server: its world, and what tests do to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.faults = Faults()
        self.journal = Journal()
        self.table = Table(settings.profile.name, load())
        # How to cut a client off, filled by the server that owns the connections.
        self.hang_up: Callable[[Any], Awaitable[None]] = refuse_to_hang_up
        self.aws: Aws | None = None
        self.world: World
        self.reset()

    def reset(self) -> None:
        """Start over with the same credentials."""
        self.clock.offset = 0.0
        self.faults.clear()
        self.journal.clear()
        self.settings.limits.windows.clear()
        self.world = fresh_world(self.settings.profile, self.settings.plan, self.clock, self.settings.seed)
        self.world.rotation_check = self.settings.rotation_check
        self.world.aws = self.aws

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        raw = await read_body(receive)
        peer = scope["client"][0] if scope["client"] else "127.0.0.1"
        call = Call(self.world, scope["method"], target, headers, raw, peer)
        at = self.clock.stamp()
        fault = self.faults.strike(call.method, call.target)
        answer = await self.answer_with(call, fault)
        login = answer is not None and answer.route is not None and answer.route.login
        status = None if answer is None or (fault and fault.drop) else answer.status
        route = answer.route.path if answer and answer.route else None
        self.journal.note(Entry(call.method, call.path, route, status, raw, at), login)
        if status is None or answer is None:
            await self.hang_up(scope["client"])
            return
        await deliver(call, answer, scope, receive, send)

    async def answer_with(self, call: Call, fault: Fault | None) -> Answer | None:
        """Answer, or do what the fault says; None breaks the connection before any work."""
        delay = self.settings.latency_ms + (fault.delay_ms if fault else 0)
        if delay:
            await asyncio.sleep(delay / 1000)
        if fault is None:
            return await self.answer(call)
        if fault.drop == "before":
            return None
        if not fault.answers:
            return await self.answer(call)
        found = self.table.find(call.method, call.path)
        route = found[0] if found else None
        if fault.after:
            await self.answer(call)
        return faulty(call.profile, fault, route)

    async def answer(self, call: Call) -> Answer:
        if call.method == "OPTIONS":
            # recorded 10 "OPTIONS on a route".
            return Answer(400, {"content-type": "text/plain"}, b"Invalid Preflight Request")
        limit_headers: dict[str, str] = {}
        route: Route | None = None
        try:
            found = self.table.find(call.method, call.path)
            if found is None:
                raise RouteNotFound(call.method, call.target)
            route, call.params = found
            call.route = route
            self.admit(call, route)
            limit_headers.update(self.count(call, route))
            call.check_params()
            result = await (to_thread.run_sync(route.handler, call) if route.slow else finished(route.handler(call)))
            return rendered(200, result, limit_headers, route)
        except ApiError as error:
            return rendered(error.status, error.body(call.profile), {**limit_headers, **error.headers}, route)
        except Exception:
            # A fault of the emulator itself: seen on stderr, and by the client as the server's catch-all.
            logger.exception("%s %s", call.method, call.target)
            return rendered(500, internal().body(call.profile), limit_headers, route)

    def admit(self, call: Call, route: Route) -> None:
        """Token first, then parsing (measured §9.37)."""
        if route.token:
            call.caller = tokens.authenticate(call)
            if route.users_only and call.caller.identity is not None:
                error = f"Forbidden access to {call.path}"
                raise ApiError(403, error, "You are not allowed to access this resource")
        call.parse_body()

    def count(self, call: Call, route: Route) -> dict[str, str]:
        if route.limit is None:
            return {}
        key = f"{route.method} {route.path}"
        return self.settings.limits.take(call.profile, self.clock, route.limit, key, call.ip)


async def finished(value: Any) -> Any:
    return value


async def refuse_to_hang_up(client: Any) -> None:
    raise RuntimeError(f"no server owns the connection of {client}")


async def read_body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


def rendered(status: int, body: Any, headers: dict[str, str], route: Route | None) -> Answer:
    payload = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status, {"content-type": "application/json; charset=utf-8", **headers}, payload, route)


def faulty(profile: Profile, fault: Fault, route: Route | None) -> Answer:
    if fault.html:
        return Answer(fault.status or 200, {"content-type": "text/html", **fault.headers}, HTML.encode(), route)
    status = fault.status or 200
    body = fault.body
    if body is None:
        body = ApiError(status, "InjectedFault", "This answer was asked for by a test").body(profile)
    if isinstance(body, str):
        return Answer(status, {"content-type": "text/plain", **fault.headers}, body.encode(), route)
    return rendered(status, body, fault.headers, route)


async def deliver(call: Call, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the answer, with the content-hash ETag every answer carries (quirks §16, recorded 10)."""
    status, body = answer.status, answer.body
    # The emulator's own time, so that a client that goes by the server's clock follows an advanced one.
    headers = {**answer.headers, "date": formatdate(call.world.clock.now(), usegmt=True)}
    if call.method in ("GET", "HEAD") and status == 200:
        etag = '"' + base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode() + '"'
        headers = {**headers, "etag": etag}
        if call.headers.get("if-none-match") == etag:
            status, body = 304, b""
    if call.method == "HEAD":
        headers = {**headers, "content-length": str(len(body))}
        body = b""
    await Response(body, status, headers)(scope, receive, send)


def application(service: Service) -> Starlette:
    """Put the control plane beside the emulated API."""
    return Starlette(
        routes=[Mount("/_emulator", routes=control_routes(service)), metadata_route(service), Mount("", app=service)]
    )
