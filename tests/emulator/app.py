# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ASGI application: takes a request through fault, route, token, limit and handler to its answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from . import tokens
from .auth_methods import secret_fields
from .aws import Aws
from .call import Call
from .clock import Clock
from .control import control_routes
from .delivery import Answer, altered, deliver, faulty, rendered
from .errors import ApiError, RouteNotFound, internal
from .faults import Fault, Faults
from .journal import Entry, Journal
from .late import Late
from .outside import metadata_route
from .profiles import Profile
from .ratelimit import Limits
from .routes import load
from .routing import Route, Table
from .seeding import fresh_world
from .world import World

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How an emulator is started."""

    profile: Profile
    plan: str
    seed: str
    latency_ms: float = 0
    rotation_check: str = "after"
    limits: Limits = field(default_factory=Limits)


class Service:
    """The emulated server: its world, and what tests do to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.faults = Faults()
        self.journal = Journal(secret_fields())
        self.table = Table(settings.profile.name, load())
        self.late = Late()
        # How to cut a client off, and whether it is still there; filled by the server that owns the connections.
        self.hang_up: Callable[[Any], Awaitable[None]] = refuse_to_hang_up
        self.connected: Callable[[Any], bool] = lambda client: True
        self.aws: Aws | None = None
        self.world: World
        self.reset()

    def reset(self) -> None:
        """Start over with the same credentials."""
        self.clock.offset = 0.0
        self.faults.clear()
        self.late.forget()
        self.journal.clear()
        self.settings.limits.windows.clear()
        self.close()
        self.world = fresh_world(self.settings.profile, self.settings.plan, self.clock, self.settings.seed)
        self.world.rotation_check = self.settings.rotation_check
        self.world.aws = self.aws

    def close(self) -> None:
        """Stop what the world has started."""
        if hasattr(self, "world"):
            self.world.outgoing.stop()

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
        call.entry = entry = self.enter(call)
        await self.late.before_request()
        fault = self.faults.strike(call.method, call.target, entry.number)
        entry.fault = fault.name if fault else None
        answer = await self.answer_with(call, fault)
        if fault and fault.late:
            # Before the client hears of it, who may ask for the release at once.
            self.late.hold(fault, lambda: self.work_off(call))
        if answer is not None and not (fault and fault.drop):
            await self.reply(call, answer, fault, scope["client"], send)
        else:
            await self.hang_up(scope["client"])

    async def reply(self, call: Call, answer: Answer, fault: Fault | None, client: Any, send: Send) -> None:
        """Send the answer to a client that may have gone, or part of it."""
        if not self.connected(client):
            return
        if fault is None or fault.cut is None:
            call.entry.status = answer.status
        if not await deliver(call, answer, fault, lambda: self.connected(client), send):
            await self.hang_up(client)

    def enter(self, call: Call) -> Entry:
        """Write the request down as it arrives."""
        found = self.table.find(call.method, call.path)
        route = found[0] if found else None
        entry = Entry(call.method, call.path, route.path if route else None, call.raw, self.clock.stamp())
        self.journal.note(entry, login=route is not None and route.login)
        return entry

    async def work_off(self, call: Call) -> int:
        """Carry out a request that nobody waits for any more."""
        return (await self.answer(call)).status

    async def answer_with(self, call: Call, fault: Fault | None) -> Answer | None:
        """Answer, or do what the fault says; None breaks the connection before any work."""
        delay = self.settings.latency_ms + (fault.delay_ms if fault else 0)
        if delay:
            await asyncio.sleep(delay / 1000)
        if fault is None:
            return await self.answer(call)
        await aside(fault.before)
        call.midway = fault.midway
        answer = await self.answer(call) if fault.works else None
        await aside(fault.between)
        if fault.delay_after_ms:
            await asyncio.sleep(fault.delay_after_ms / 1000)
        if fault.answers:
            found = self.table.find(call.method, call.path)
            return faulty(call.profile, fault, found[0] if found else None)
        if answer is not None:
            answer, call.entry.spoilt = altered(answer, fault)
        return answer

    async def answer(self, call: Call) -> Answer:
        """Carry the request out, and write down that it was."""
        call.entry.carried_out = self.clock.stamp()
        answer = await self.carry_out(call)
        call.entry.outcome = answer.status
        return answer

    async def carry_out(self, call: Call) -> Answer:
        if call.method == "OPTIONS":
            # server-notes#trailing-slashes-and-other-verbs
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
            # A bug of the emulator itself: seen on stderr, and by the client as the server's catch-all.
            logger.exception("%s %s", call.method, call.target)
            return rendered(500, internal().body(call.profile), limit_headers, route)

    def admit(self, call: Call, route: Route) -> None:
        """Token first, then parsing (server-notes#limits)."""
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


async def aside(hook: Callable[[], Any] | None) -> None:
    """Call what a test wants called, where it may send requests to this very server."""
    if hook is not None:
        await to_thread.run_sync(hook)


async def refuse_to_hang_up(client: Any) -> None:
    raise RuntimeError(f"no server owns the connection of {client}")


async def read_body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


def application(service: Service) -> Starlette:
    """Put the control plane beside the emulated API."""
    return Starlette(
        routes=[Mount("/_emulator", routes=control_routes(service)), metadata_route(service), Mount("", app=service)]
    )
