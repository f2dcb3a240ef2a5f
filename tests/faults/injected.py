# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The faults of one request, as options of tests/emulator/faults.py. A new fault is one line of FAULTS."""

from __future__ import annotations

from typing import Any

from tests.faults.harness.observer import Spec
from tests.faults.harness.times import TIMED_OUT

TIME_OUT = {"status": 200, "body": {}, "headers": {TIMED_OUT: "1"}}
ELSEWHERE = {"location": "http://127.0.0.1:9/login"}
RETRY = {"retry-after": "2"}
INVALID = [{"code": "custom", "message": "Invalid input", "path": ["name"]}]


def rejection(status: int, error: str, message: Any = "This was rejected.", **more: Any) -> Spec:
    """An error in the server's own form. The request is not carried out."""
    body = {"reqId": "req-injected", "statusCode": status, "message": message, "error": error}
    return {"status": status, "body": body, **more}


def done(**answer: Any) -> Spec:
    """The request is carried out, and its answer is replaced."""
    return {"after": True, **answer}


FAULTS: dict[str, Spec] = {
    "closed-before": {"drop": "before"},
    "closed-after": {"drop": "after"},
    "timeout-before": TIME_OUT,
    "timeout-after": done(**TIME_OUT),
    "400": rejection(400, "BadRequest"),
    "401-token": rejection(401, "UnauthorizedError", "Failed to authenticate: token revoked"),
    "403-expired": rejection(403, "TokenError", "Your token has expired. Please re-authenticate."),
    "403": rejection(403, "PermissionDenied", "You are not allowed to do this"),
    "404": rejection(404, "NotFound"),
    "409": rejection(409, "Conflict"),
    "422": rejection(422, "ValidationFailure", INVALID),
    "401-invalid": rejection(401, "ValidationFailure", INVALID),
    "429": rejection(429, "RateLimitExceeded", "Rate limit exceeded. Please try again in 2 seconds"),
    "429-retry-after": rejection(429, "RateLimitExceeded", "Rate limit exceeded.", headers=RETRY),
    "500": rejection(500, "InternalServerError", "Something went wrong"),
    "500-after": done(**rejection(500, "InternalServerError", "Something went wrong")),
    "502": {"status": 502, "html": True},
    "502-after": done(status=502, html=True),
    "503": {"status": 503, "html": True},
    "503-retry-after": {"status": 503, "html": True, "headers": RETRY},
    "503-after": done(status=503, html=True),
    "504": {"status": 504, "html": True},
    "504-after": done(status=504, html=True),
    "broken-off": {"cut": 30},
    "truncated": {"truncate": -10},
    "page": {"status": 200, "html": True},
    "page-after": done(status=200, html=True),
    "redirect": {"status": 302, "html": True, "headers": ELSEWHERE},
    "redirect-after": done(status=302, html=True, headers=ELSEWHERE),
    "empty-object": done(status=200, body={}),
    "list": done(status=200, body=[]),
    "text": done(status=200, body=b'"ok"'),
    "no-body": done(status=200, body=b""),
}

OUTAGES = ("closed-before", "timeout-before", "502", "503", "403-expired", "429", "page")
"""Faults that can persist."""

TOO_LATE: dict[str, Spec] = {
    "timeout": {**TIME_OUT, "late": True},
    "closed": {"drop": "before", "late": True},
    "504": {"status": 504, "html": True, "late": True},
}
"""The client gives up, and the server processes the request much later, at a time that the family ``late``
determines."""
