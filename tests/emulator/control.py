# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control plane under /_emulator: what a test in any process may see and do."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import tokens
from .faults import Fault
from .outside import outside
from .stored import state
from .world import Role, World, new_id

if TYPE_CHECKING:
    from .app import Service

Endpoint = Callable[[Request], Awaitable[Response]]


def control_routes(service: Service) -> list[Route]:
    """Bind the control plane to a service."""
    plane = ControlPlane(service)
    table: list[tuple[str, str, Callable[[Any], Any]]] = [
        ("GET", "requests", lambda body: service.journal.listing()),
        ("DELETE", "requests", lambda body: service.journal.clear()),
        ("GET", "counts", lambda body: service.journal.counts()),
        ("POST", "faults", lambda body: service.faults.add(Fault(**body))),
        ("DELETE", "faults", lambda body: service.faults.clear()),
        ("POST", "release", plane.release),
        ("GET", "clock", lambda body: {"now": service.clock.stamp()}),
        ("POST", "clock", plane.advance),
        ("POST", "reset", lambda body: service.reset()),
        ("GET", "state", lambda body: state(service.world)),
        ("POST", "roles", plane.add_role),
        ("POST", "user-token", lambda body: {"accessToken": tokens.user_token(service.world)}),
        *outside(service),
    ]
    return [Route(f"/{name}", endpoint(act), methods=[method]) for method, name, act in table]


def endpoint(act: Callable[[Any], Any]) -> Endpoint:
    async def run(request: Request) -> Response:
        body = await request.body()
        try:
            result = act(json.loads(body) if body else {})
            if isawaitable(result):
                result = await result
        except (TypeError, ValueError, KeyError) as error:
            return JSONResponse({"message": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({"ok": True} if result is None else result)

    return run


class ControlPlane:
    """The actions that need more than a line."""

    def __init__(self, service: Service) -> None:
        self.service = service

    @property
    def world(self) -> World:
        return self.service.world

    async def release(self, body: dict[str, Any]) -> dict[str, list[int]]:
        return {"statuses": await self.service.late.release()}

    def advance(self, body: dict[str, Any]) -> dict[str, str]:
        self.service.clock.advance(float(body["advance"]))
        return {"now": self.service.clock.stamp()}

    def add_role(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make a custom role of the organisation, or of a project when projectId is given."""
        permissions = [(rule["action"], rule["subject"]) for rule in body.get("permissions", [])]
        role = Role(
            id=new_id(),
            slug=body["slug"],
            name=body.get("name", body["slug"]),
            org_id=self.world.organization.id,
            permissions=permissions,
            project_id=body.get("projectId"),
        )
        self.world.roles[role.id] = role
        return role.summary()
