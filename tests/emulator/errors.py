# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The errors the API answers with, and the envelope each release wraps them in."""

from __future__ import annotations

import uuid
from typing import Any

from .profiles import Profile

SOMETHING = "Something went wrong"


class ApiError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, error: str, message: Any, details: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message
        self.details = details
        self.headers: dict[str, str] = {}

    def body(self, profile: Profile) -> dict[str, Any]:
        """Render the envelope (server-notes#error-envelope)."""
        body: dict[str, Any] = {"statusCode": self.status, "message": self.message, "error": self.error}
        if profile.request_ids:
            body["reqId"] = f"req-{uuid.uuid4().hex[:14]}"
            if self.details is not None:
                body["details"] = self.details
        return body


class RouteNotFound(ApiError):
    """Fastify's own 404, which clients use to see that an endpoint is absent (server-notes#missing-routes)."""

    def __init__(self, method: str, target: str) -> None:
        super().__init__(404, "Not Found", f"Route {method}:{target} not found")

    def body(self, profile: Profile) -> dict[str, Any]:
        """Render Fastify's shape, which has no reqId in any release."""
        return {"message": self.message, "error": self.error, "statusCode": self.status}


class DatabaseError(ApiError):
    """A failed query; 2024-10 names the operation in `error` (server-notes#mistakes-answered-with-500)."""

    def __init__(self, operation: str) -> None:
        super().__init__(500, operation, SOMETHING)

    def body(self, profile: Profile) -> dict[str, Any]:
        """Render with the operation's name, or with the fixed name of today
        (server-notes#mistakes-answered-with-500)."""
        body = super().body(profile)
        if profile.request_ids:
            body["error"] = "DatabaseError"
        return body


def bad_request(message: str, error: str = "BadRequest") -> ApiError:
    return ApiError(400, error, message)


def unauthorized(message: str) -> ApiError:
    return ApiError(401, "UnauthorizedError", message)


def forbidden(message: str, error: str = "ForbiddenError") -> ApiError:
    return ApiError(403, error, message)


def not_found(message: str, error: str = "NotFound") -> ApiError:
    return ApiError(404, error, message)


def token_error(message: str) -> ApiError:
    return ApiError(403, "TokenError", message)


def internal() -> ApiError:
    return ApiError(500, "InternalServerError", SOMETHING)


def validation_failure(profile: Profile, issues: list[dict[str, Any]]) -> ApiError:
    return ApiError(profile.validation_status, "ValidationFailure", issues)
