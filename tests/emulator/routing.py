# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of routes: a module declares what it serves, the table finds who answers a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .profiles import PROFILES

if TYPE_CHECKING:
    from .call import Call

Handler = Callable[["Call"], Any]
# Fastify's own bound, which no release changes: what is longer in the place of a parameter is no route
# (server-notes#long-path-segments).
PARAM_LENGTH = 100


@dataclass(frozen=True)
class Route:
    """One endpoint: what it is called, which limit it counts against, who may use it."""

    method: str
    path: str
    handler: Handler
    # "read", "write", or None for the few that are never limited (server-notes#limits).
    limit: str | None
    # False for logins and the status page, which need no token.
    token: bool = True
    # 2024-10 refuses identity tokens on some routes (server-notes#routes-of-projects).
    users_only: bool = False
    # Counted as a login, not as a write.
    login: bool = False
    # Talks to AWS: runs in a worker thread, so that the others need not wait.
    slow: bool = False

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.split("/")[1:])


class Routes:
    """Routes declared by one module, each for some or all releases."""

    def __init__(self) -> None:
        self.declared: list[tuple[tuple[str, ...], Route]] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        limit: str | None = "",
        only: str | None = None,
        **options: bool,
    ) -> Callable[[Handler], Handler]:
        """Declare a route; without `limit` a GET counts against the read limit, the others against the write limit."""
        if limit == "":
            limit = "read" if method == "GET" else "write"

        def declare(handler: Handler) -> Handler:
            profiles = (only,) if only else tuple(PROFILES)
            self.declared.append((profiles, Route(method, path, handler, limit, **options)))
            return handler

        return declare


class Table:
    """All routes of one release, looked up as Fastify does: literal segments win over parameters."""

    def __init__(self, profile: str, modules: list[Routes]) -> None:
        self.root: dict[str, Any] = {}
        for module in modules:
            for profiles, route in module.declared:
                if profile in profiles:
                    self.insert(route)

    def insert(self, route: Route) -> None:
        node = self.root
        for segment in route.segments:
            node = node.setdefault("{}" if segment.startswith("{") else segment, {})
        node.setdefault("", {})[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Find the route for a request; a HEAD is a GET, one trailing slash is ignored
        (server-notes#trailing-slashes-and-other-verbs)."""
        if len(path) > 1 and path.endswith("/"):
            path = path[:-1]
        segments = path.split("/")[1:]
        route = descend(self.root, segments, "GET" if method == "HEAD" else method)
        if route is None:
            return None
        names = (part[1:-1] if part.startswith("{") else None for part in route.segments)
        params = {name: value for name, value in zip(names, segments, strict=True) if name}
        if any(len(value) > PARAM_LENGTH for value in params.values()):
            return None
        return route, params


def descend(node: dict[str, Any], segments: list[str], method: str) -> Route | None:
    if not segments:
        route: Route | None = node.get("", {}).get(method)
        return route
    first, rest = segments[0], segments[1:]
    for key in (first, "{}"):
        if first and key in node:
            found = descend(node[key], rest, method)
            if found is not None:
                return found
    return None
