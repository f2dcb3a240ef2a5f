# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One request on its way through the emulator: what was asked, by whom, and of which world."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from .errors import ApiError, DatabaseError, internal, validation_failure
from .journal import Entry
from .profiles import Profile
from .routing import Route
from .schema import Rule, is_uuid
from .world import AccessToken, Identity, World

BODY_LIMIT = 1024 * 1024
# The first of these wins, and anybody may send them (server-notes#proxy-headers-name-the-caller).
IP_HEADERS = ("x-client-ip", "x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip")


@dataclass(frozen=True)
class Caller:
    """Who asks: a machine identity with its token, or a person, who may do everything."""

    identity: Identity | None
    token: AccessToken | None = None

    def may_belong_to(self, org_id: str, world: World) -> bool:
        return org_id == (self.identity.org_id if self.identity else world.organization.id)


class Call:
    """A request with its route; handlers read it and return the body of a 200."""

    def __init__(self, world: World, method: str, target: str, headers: dict[str, str], raw: bytes, peer: str) -> None:
        self.world = world
        self.method = method
        self.target = target
        self.path, _mark, self.query_string = target.partition("?")
        self.headers = headers
        self.raw = raw
        self.ip = client_ip(headers, peer)
        self.params: dict[str, str] = {}
        self.route: Route
        self.caller = Caller(None)
        self.sent: Any = None
        self.entry: Entry
        # Called by a rotation between the keys it made and its last checks.
        self.midway: Callable[[], Any] | None = None

    @property
    def profile(self) -> Profile:
        return self.world.profile

    def parse_body(self) -> None:
        """Parse as Fastify does, before any handler runs; what it cannot parse never counts (server-notes#limits)."""
        profile = self.profile
        if len(self.raw) > BODY_LIMIT:
            raise unreadable(profile.too_large_status, "Request body is too large")
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.method in ("GET", "HEAD") or (not self.raw and "content-length" not in self.headers):
            return
        if kind == "application/json":
            self.sent = self.parse_json()
        elif kind == "application/x-www-form-urlencoded":
            self.sent = dict(parse_qsl(self.raw.decode(errors="replace"), keep_blank_values=True))
        elif kind == "text/plain":
            self.sent = self.raw.decode(errors="replace")
        elif self.raw:
            raise unreadable(profile.unsupported_media_status, f"Unsupported Media Type: {kind}")

    def parse_json(self) -> Any:
        status = self.profile.unparsable_status
        if not self.raw:
            raise unreadable(status, "Body cannot be empty when content-type is set to 'application/json'")
        try:
            sent = json.loads(self.raw)
        except ValueError:
            raise unreadable(status, "Body is not valid JSON but content-type is set to 'application/json'") from None
        if isinstance(sent, dict) and "__proto__" in sent:
            raise unreadable(status, "Object contains forbidden prototype property")
        return sent

    def read(self, rule: Rule) -> Any:
        """Validate the body."""
        return self.validated(rule, self.sent)

    def query(self, rule: Rule) -> Any:
        """Validate the query string."""
        return self.validated(rule, dict(parse_qsl(self.query_string, keep_blank_values=True)))

    def validated(self, rule: Rule, value: Any) -> Any:
        issues: list[dict[str, Any]] = []
        parsed = rule(value, (), issues)
        if issues:
            raise validation_failure(self.profile, issues)
        return parsed

    def check_params(self) -> None:
        """Refuse malformed ids in the path where the release validates them (server-notes#malformed-ids)."""
        if not self.profile.validates_uuids:
            return
        issues = [
            {"code": "invalid_string", "validation": "uuid", "message": "Invalid uuid", "path": [name]}
            for name, value in self.params.items()
            if name.endswith("Id") and name != "projectId" and not is_uuid(value)
        ]
        if issues:
            raise validation_failure(self.profile, issues)

    def id(self, name: str, operation: str) -> str:
        """Return an id of the path; a malformed one fails in the database, which names the operation."""
        value = self.params[name]
        if not is_uuid(value):
            raise DatabaseError(operation)
        return value.lower()

    def now(self) -> str:
        return self.world.clock.stamp()


def unreadable(status: int, message: str) -> ApiError:
    if status == 500:
        return internal()
    return ApiError(status, "BadRequest", message)


def client_ip(headers: dict[str, str], peer: str) -> str:
    for name in IP_HEADERS:
        if name in headers:
            return headers[name].partition(",")[0].strip()
    return peer
