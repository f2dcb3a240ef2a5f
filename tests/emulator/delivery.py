# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How an answer travels: at once and whole, or as a fault wants it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from starlette.types import Send

from .call import Call
from .errors import ApiError
from .faults import Fault
from .profiles import Profile
from .routing import Route
from .spoiling import spoilt

HTML = "<!DOCTYPE html><html><head><title>Infisical</title></head><body>Just a moment...</body></html>"
BLANKS = b" " * 65_536


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    route: Route | None = None
    # What the body was made of, for faults that spoil it.
    content: Any = None
    # Headers a fault wants, whatever the server would have sent.
    forced: dict[str, str] = field(default_factory=dict)


def rendered(status: int, content: Any, headers: dict[str, str], route: Route | None) -> Answer:
    """The answer with this content as JSON; bytes, which only a fault gives, are sent as they are."""
    if isinstance(content, bytes):
        payload = content
    else:
        payload = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")
    return Answer(status, {"content-type": "application/json; charset=utf-8", **headers}, payload, route, content)


def faulty(profile: Profile, fault: Fault, route: Route | None) -> Answer:
    """The answer a fault gives in the server's stead."""
    status = fault.status or 200
    if fault.html:
        return Answer(status, {"content-type": "text/html"}, HTML.encode(), route, forced=fault.headers)
    content = fault.body
    if content is None:
        content = ApiError(status, "InjectedFault", "This answer was asked for by a test").body(profile)
    if isinstance(content, str):
        return Answer(status, {"content-type": "text/plain"}, content.encode(), route, forced=fault.headers)
    answer = rendered(status, content, {}, route)
    answer.forced = fault.headers
    return answer


def altered(answer: Answer, fault: Fault) -> tuple[Answer, bool]:
    """The real answer with the fault's changes, and whether its JSON is another one."""
    content, changed = answer.content, False
    if fault.spoil is not None:
        content, changed = spoilt(fault.spoil, answer.content)
    again = answer
    if changed:
        again = rendered(answer.status, content, answer.headers, answer.route)
    again.forced = fault.headers
    return again, changed


async def deliver(call: Call, answer: Answer, fault: Fault | None, connected: Callable[[], bool], send: Send) -> bool:
    """Send the answer with the content-hash ETag every answer carries (server-notes#no-preconditions).

    Returns False when the connection is to be broken off now.
    """
    status, body = answer.status, answer.body
    # The emulator's own time, so that a client that goes by the server's clock follows an advanced one.
    headers = {**answer.headers, "date": formatdate(call.world.clock.now(), usegmt=True)}
    if call.method in ("GET", "HEAD") and status == 200:
        etag = '"' + base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode() + '"'
        headers["etag"] = etag
        if call.headers.get("if-none-match") == etag:
            status, body = 304, b""
    if fault and fault.truncate is not None:
        body = body[: fault.truncate]
    endless = bool(fault and fault.endless)
    if not endless and status != 304:
        headers["content-length"] = str(len(body))
    if call.method == "HEAD":
        body = b""
    if fault and fault.cut is not None:
        body = body[: fault.cut]
    # Names of headers are compared without case.
    headers |= {name.lower(): value for name, value in answer.forced.items()}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    if fault is None or not (fault.drip_ms or endless or fault.cut is not None):
        await send({"type": "http.response.body", "body": body})
        return True
    return await trickle(body, fault, connected, send)


async def trickle(body: bytes, fault: Fault, connected: Callable[[], bool], send: Send) -> bool:
    """Send piece by piece as long as somebody listens."""
    size = max(1, fault.drip_bytes) if fault.drip_ms else max(1, len(body))
    for start in range(0, len(body), size):
        if not connected():
            return True
        await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
        await asyncio.sleep(fault.drip_ms / 1000)
    while fault.endless and connected():
        piece = BLANKS[: fault.drip_bytes] if fault.drip_ms else BLANKS
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(fault.drip_ms / 1000)
    if fault.cut is not None:
        return False
    await send({"type": "http.response.body", "body": b""})
    return True
