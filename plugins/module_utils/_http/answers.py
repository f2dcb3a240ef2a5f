# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Interprets answers of the server: their JSON, and a failure kind and message for every error, on every release."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer
from ansible_collections.machineid.infisical.plugins.module_utils._http.exchange import Received
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import LIMIT, printable
from ansible_collections.machineid.infisical.plugins.module_utils._http.strict_json import UnusableJSON, parsed

PLAN_TEXTS = ("plan restriction", "upgrade plan", "plan rbac restriction", "identity limit reached", "current plan")
"""Every message of a plan gate contains one of these (server-notes#plan-gates)."""

CONFLICT_TEXTS = ("already", "delete protection", "managed by project", "in progress", "is in use", "currently in use")

NO_API = "Check that `url` is the address of an Infisical server, and not of a login page or a proxy."


ISSUES_NAMED = 20
LONGEST_RETRY_AFTER = 1e9
"""Seconds. A longer wait counts as endless."""

BELIEVED_YEARS = (2000, 2200)


class Answer(dict[str, Any]):
    """The JSON object of a successful answer. Access to a missing key raises
    InfisicalError, as this is not Infisical."""

    def __init__(self, body: dict[str, Any], method: str, path: str) -> None:
        super().__init__(body)
        self.method = method
        self.path = path

    def __missing__(self, key: str) -> Any:
        raise lost_or_failed(self.method, f"{self.method} {self.path} answered without {key}.")


def lost_or_failed(method: str, message: str, status: int | None = None) -> InfisicalError:
    """Returns the error for an unusable answer: LostAnswer for a write, which may
    nevertheless have been carried out."""
    kind_of_error = InfisicalError if method == "GET" else LostAnswer
    return kind_of_error("server", message, status=status, advice=NO_API)


def decoded(received: Received, method: str, path: str, array_as: str = "") -> Answer:
    """Returns the JSON object of a successful answer. Raises InfisicalError if the body is not a JSON object. For a
    route that answers a bare array, the object has it under the key ``array_as``."""
    try:
        return Answer(object_of(received, array_as), method, path)
    except UnusableJSON as error:
        message = f"{method} {path} answered {received.status} with {error}."
    raise lost_or_failed(method, message, received.status)


def object_of(received: Received, array_as: str = "") -> dict[str, Any]:
    """Returns the JSON object of the body. Raises UnusableJSON, which describes the body by its media type if that is
    not JSON, and otherwise by what is wrong with the JSON."""
    try:
        value = parsed(received.body)
        if isinstance(value, dict):
            return value
        if array_as and isinstance(value, list):
            return {array_as: value}
        found = "JSON that is not an object"
    except UnusableJSON as error:
        found = f"unusable JSON: it contains {error}"
    media_type = received.headers.get("content-type", "no content").split(";")[0].strip()
    if media_type == "application/json" and received.body:
        raise UnusableJSON(found)
    raise UnusableJSON(f"{printable(media_type, 100)} instead of JSON")


def error_of(received: Received, method: str, path: str) -> InfisicalError:
    """Returns the error for an answer with a status other than 2xx."""
    body: dict[str, Any] = {}
    found = "an empty object"
    try:
        body = object_of(received)
    except UnusableJSON as error:
        found = str(error)
    text = text_of(body)
    kind = kind_of(received, body, text)
    return InfisicalError(
        kind,
        sentence(received, method, path, body, text, found),
        status=received.status,
        error=str(body["error"]) if body.get("error") else None,
        server_message=text or None,
        request_id=str(body["reqId"]) if body.get("reqId") else None,
        retry_after=seconds_to_wait(received),
        advice=NO_API if kind == "server" and received.status < 500 and not received.is_redirect else None,
    )


def is_rate_limit(received: Received) -> bool:
    """Returns whether the answer reports a rate limit: 429, or on 2024-10 a 500 with these two headers
    (server-notes#over-the-limit)."""
    if received.status == 429:
        return True
    headers = received.headers
    return received.status == 500 and "retry-after" in headers and headers.get("x-ratelimit-remaining") == "0"


def seconds_to_wait(received: Received) -> float | None:
    """Returns ``Retry-After`` in seconds (from a number or an HTTP date). None if it is missing or neither."""
    text = received.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text):
        return min(max(0.0, float(text)), LONGEST_RETRY_AFTER)
    moment = moment_of_header(text)
    return None if moment is None else max(0.0, moment - time.time())


def moment_of_header(text: str) -> float | None:
    """Returns an HTTP date in seconds since 1970. None if it is not a valid date."""
    try:
        moment = parsedate_to_datetime(text[:100])
        first, end = BELIEVED_YEARS
        return moment.timestamp() if first <= moment.year < end else None
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def text_of(body: dict[str, Any]) -> str:
    """Returns the server's message as one printable line. The issues of a validation failure are named by option."""
    message = body.get("message")
    if isinstance(message, list):
        named = "; ".join(issue_text(issue) for issue in message[:ISSUES_NAMED])
        more = len(message) - ISSUES_NAMED
        # Leaves room for the number of the remaining issues.
        return printable(named, LIMIT - 50) + (f"; and {more} more" if more > 0 else "")
    return printable(message or "")


def issue_text(issue: Any) -> str:
    if not isinstance(issue, dict):
        return printable(issue)
    parts = issue.get("path")
    path = ".".join(option_name(printable(part, 100)) for part in (parts[:10] if isinstance(parts, list) else []))
    message = printable(issue.get("message", ""))
    return f"{path}: {message}" if path else message


def option_name(wire_name: str) -> str:
    """Converts a wire name to snake_case: ``accessTokenTTL`` becomes ``access_token_ttl``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire_name).lower()


def kind_of(received: Received, body: dict[str, Any], text: str) -> str:
    status = received.status
    error = body.get("error")
    lowered = text.lower()
    # The name of the error takes precedence over the status: 2024-10 answers a validation failure with 401
    # (server-notes#validation-failures).
    if error == "ValidationFailure":
        return "validation"
    if is_rate_limit(received):
        return "rate_limited"
    if status in (400, 403) and any(plan_text in lowered for plan_text in PLAN_TEXTS):
        return "plan"
    if status == 401 or error == "TokenError":
        return "authentication"
    if status == 403:
        return "permission"
    if status in (400, 404, 409, 422) and "message" not in body:
        # Not an error of Infisical: it proves nothing, for example not that an object does not exist.
        return "server"
    if status == 404:
        return "unsupported_by_server" if is_missing_route(body) else "not_found"
    if status in (400, 409, 422):
        return "conflict" if any(conflict in lowered for conflict in CONFLICT_TEXTS) else "validation"
    return "server"


def is_missing_route(body: dict[str, Any]) -> bool:
    """Returns whether a 404 reports that the server does not have the endpoint (server-notes#missing-routes)."""
    return re.match(r"Route \S+ not found", str(body.get("message", ""))) is not None


def sentence(received: Received, method: str, path: str, body: dict[str, Any], text: str, found: str) -> str:
    name = f" {printable(body['error'], 100)}" if body.get("error") else ""
    request = f" (request id {printable(body['reqId'], 100)})" if body.get("reqId") else ""
    if received.is_redirect:
        target = printable(received.headers["location"], 300)
        return f"{method} {path} was redirected to {target}; writes do not follow. Set `url` to that server."
    if is_rate_limit(received):
        # 2024-10 only says "Something went wrong" (server-notes#over-the-limit).
        wait = seconds_to_wait(received)
        again = "" if wait is None else f" It asks to retry in {wait:.0f} s."
        said = f" ({text.rstrip('.')})" if text and received.status == 429 else ""
        return f"{method} {path} answered {received.status}: the server's rate limit is reached{said}.{again}{request}"
    if not body:
        return f"{method} {path} answered {received.status} with {found}."
    said = text.rstrip(".") or "no message"
    return f"{method} {path} answered {received.status}{name}: {said}.{missing_permissions(body, text)}{request}"


def missing_permissions(body: dict[str, Any], text: str) -> str:
    """Returns a sentence about what the caller may not give, because it lacks it itself, unless ``text`` says it
    (server-notes#rights-to-privileges). Empty if the answer does not name it."""
    details = body.get("details")
    missing = details.get("missingPermissions") if isinstance(details, dict) else None
    named = [
        f"{printable(one['action'], 100)} on {printable(one['subject'], 100)}"
        for one in (missing if isinstance(missing, list) else [])
        if isinstance(one, dict) and isinstance(one.get("action"), str) and isinstance(one.get("subject"), str)
    ]
    if not named or all(one in text for one in named):
        return ""
    more = f" and {len(named) - ISSUES_NAMED} more" if len(named) > ISSUES_NAMED else ""
    return f" Missing: {', '.join(named[:ISSUES_NAMED])}{more}."
