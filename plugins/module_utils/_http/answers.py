# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the server's answers mean: their JSON, and a kind and a sentence for a refusal of every status, error name and
release."""

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
"""Each text of a plan gate holds one of these (server-notes#plan-gates)."""

CONFLICT_TEXTS = ("already", "delete protection", "managed by project", "in progress", "is in use", "currently in use")

NO_API = "Check that `url` is the address of an Infisical server, and not of a login page or a proxy."


ISSUES_NAMED = 20
LONGEST_RETRY_AFTER = 1e9
"""Seconds. What is more is as good as never."""

BELIEVED_YEARS = (2000, 2200)


class Answer(dict[str, Any]):
    """The JSON of a successful answer. To be asked for what it does not hold is a failure: some other server's."""

    def __init__(self, body: dict[str, Any], method: str, path: str) -> None:
        super().__init__(body)
        self.method = method
        self.path = path

    def __missing__(self, key: str) -> Any:
        raise lost_or_failed(self.method, f"{self.method} {self.path} answered without {key}.")


def lost_or_failed(method: str, message: str, status: int | None = None) -> InfisicalError:
    """The failure of a request whose answer cannot be used: a write may have been carried out all the same."""
    kind_of_error = InfisicalError if method == "GET" else LostAnswer
    return kind_of_error("server", message, status=status, advice=NO_API)


def decoded(received: Received, method: str, path: str) -> Answer:
    """The JSON of a successful answer."""
    try:
        return Answer(object_of(received), method, path)
    except UnusableJSON as error:
        message = f"{method} {path} answered {received.status} with {error}."
    raise lost_or_failed(method, message, received.status)


def object_of(received: Received) -> dict[str, Any]:
    """The JSON object that the answer is. Raises UnusableJSON with what the answer is instead: by its media type where
    that is another, which says most, else by what is wrong with the JSON."""
    try:
        value = parsed(received.body)
        if isinstance(value, dict):
            return value
        found = "JSON that is no object"
    except UnusableJSON as error:
        found = f"JSON that cannot be used: it holds {error}"
    media_type = received.headers.get("content-type", "no content").split(";")[0].strip()
    if media_type == "application/json" and received.body:
        raise UnusableJSON(found)
    raise UnusableJSON(f"{printable(media_type, 100)} instead of JSON")


def error_of(received: Received, method: str, path: str) -> InfisicalError:
    """The failure that an answer outside 2xx stands for."""
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
    """429 now; a 500 with these two headers on 2024-10 (server-notes#over-the-limit)."""
    if received.status == 429:
        return True
    headers = received.headers
    return received.status == 500 and "retry-after" in headers and headers.get("x-ratelimit-remaining") == "0"


def seconds_to_wait(received: Received) -> float | None:
    """``Retry-After`` in seconds (a number or an HTTP date), None without it or when it is neither."""
    text = received.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text):
        return min(max(0.0, float(text)), LONGEST_RETRY_AFTER)
    moment = moment_of_header(text)
    return None if moment is None else max(0.0, moment - time.time())


def moment_of_header(text: str) -> float | None:
    """An HTTP date in seconds since 1970, None when it is none, or none that a clock shows."""
    try:
        moment = parsedate_to_datetime(text[:100])
        first, end = BELIEVED_YEARS
        return moment.timestamp() if first <= moment.year < end else None
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def text_of(body: dict[str, Any]) -> str:
    """The server's message as one printable text; a validation failure's list of issues named by option."""
    message = body.get("message")
    if isinstance(message, list):
        named = "; ".join(issue_text(issue) for issue in message[:ISSUES_NAMED])
        more = len(message) - ISSUES_NAMED
        # As much of them as leaves room for their number.
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
    """The snake_case of a wire name: ``accessTokenTTL`` is ``access_token_ttl``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire_name).lower()


def kind_of(received: Received, body: dict[str, Any], text: str) -> str:
    status = received.status
    error = body.get("error")
    lowered = text.lower()
    # The error's name decides before the status: 2024-10 answers one with 401 (server-notes#validation-failures).
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
        # Not a refusal of Infisical's: nothing may be concluded from it, such as that a thing is not there.
        return "server"
    if status == 404:
        return "unsupported_by_server" if is_missing_route(body) else "not_found"
    if status in (400, 409, 422):
        return "conflict" if any(conflict in lowered for conflict in CONFLICT_TEXTS) else "validation"
    return "server"


def is_missing_route(body: dict[str, Any]) -> bool:
    """Whether a 404 says that this server has no such endpoint (server-notes#missing-routes)."""
    return re.match(r"Route \S+ not found", str(body.get("message", ""))) is not None


def sentence(received: Received, method: str, path: str, body: dict[str, Any], text: str, found: str) -> str:
    name = f" {printable(body['error'], 100)}" if body.get("error") else ""
    request = f" (request id {printable(body['reqId'], 100)})" if body.get("reqId") else ""
    if received.is_redirect:
        target = printable(received.headers["location"], 300)
        return f"{method} {path} was redirected to {target}; writes do not follow. Set `url` to that server."
    if is_rate_limit(received):
        # 2024-10 says no more than "Something went wrong" (server-notes#over-the-limit).
        wait = seconds_to_wait(received)
        again = "" if wait is None else f" It asks to come again in {wait:.0f} s."
        said = f" ({text.rstrip('.')})" if text and received.status == 429 else ""
        return f"{method} {path} answered {received.status}: the server's rate limit is reached{said}.{again}{request}"
    if not body:
        return f"{method} {path} answered {received.status} with {found}."
    return f"{method} {path} answered {received.status}{name}: {text.rstrip('.') or 'no message'}.{request}"
