# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the server's answers mean: their JSON, and a kind and a sentence for a refusal of every status, error name and
release."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError

PLAN_TEXTS = ("plan restriction", "upgrade plan", "plan rbac restriction", "identity limit reached", "current plan")
"""Each text of a plan gate holds one of these (quirks.md §6)."""

CONFLICT_TEXTS = ("already", "delete protection", "managed by project", "in progress", "is in use", "currently in use")

NO_API = "Check that `url` is the address of an Infisical server, and not of a login page or a proxy."


class Answer(dict[str, Any]):
    """The JSON of a successful answer. To be asked for what it does not hold is a failure: some other server's."""

    def __init__(self, body: dict[str, Any], request: str) -> None:
        super().__init__(body)
        self.request = request

    def __missing__(self, key: str) -> Any:
        raise InfisicalError("server", f"{self.request} answered without {key}.", advice=NO_API)


def decoded(response: Any, method: str, path: str) -> Answer:
    """The JSON of a successful answer."""
    try:
        body = response.json()
    except ValueError:
        found = f"{media_type(response)} instead of JSON"
    else:
        if isinstance(body, dict):
            return Answer(body, f"{method} {path}")
        found = "JSON that is no object"
    message = f"{method} {path} answered {response.status_code} with {found}."
    raise InfisicalError("server", message, status=response.status_code, advice=NO_API)


def media_type(response: Any) -> str:
    header: str = response.headers.get("content-type", "no content")
    return header.split(";")[0]


def error_of(response: Any, method: str, path: str) -> InfisicalError:
    """The failure that an answer outside 2xx stands for."""
    body = body_of(response)
    text = text_of(body)
    kind = kind_of(response, body, text)
    return InfisicalError(
        kind,
        sentence(response, method, path, body, text),
        status=response.status_code,
        error=str(body["error"]) if body.get("error") else None,
        server_message=text or None,
        request_id=str(body["reqId"]) if body.get("reqId") else None,
        retry_after=seconds_to_wait(response),
        advice=NO_API if kind == "server" and response.status_code < 500 and not response.is_redirect else None,
    )


def is_rate_limit(response: Any) -> bool:
    """429 now; a 500 with these two headers on 2024-10 (measured-2024-10.md fact 38)."""
    if response.status_code == 429:
        return True
    headers = response.headers
    return response.status_code == 500 and "retry-after" in headers and headers.get("x-ratelimit-remaining") == "0"


def seconds_to_wait(response: Any) -> float | None:
    """``Retry-After`` in seconds (a number or an HTTP date), None without it."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    moment = moment_of_header(text)
    return None if moment is None else max(0.0, moment - time.time())


def moment_of_header(text: str) -> float | None:
    """An HTTP date in seconds since 1970, None when it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def body_of(response: Any) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def text_of(body: dict[str, Any]) -> str:
    """The server's message as one text; a validation failure's list of issues named by option."""
    message = body.get("message")
    if isinstance(message, list):
        return "; ".join(issue_text(issue) for issue in message)
    return str(message or "")


def issue_text(issue: Any) -> str:
    if not isinstance(issue, dict):
        return str(issue)
    path = ".".join(option_name(str(part)) for part in issue.get("path") or [])
    return f"{path}: {issue.get('message', '')}" if path else str(issue.get("message", ""))


def option_name(wire_name: str) -> str:
    """The snake_case of a wire name: ``accessTokenTTL`` is ``access_token_ttl``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire_name).lower()


def kind_of(response: Any, body: dict[str, Any], text: str) -> str:
    status = response.status_code
    error = body.get("error")
    lowered = text.lower()
    # The error's name decides before the status: 2024-10 answers a validation failure with 401 (quirks.md §8).
    if error == "ValidationFailure":
        return "validation"
    if is_rate_limit(response):
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
    """Whether a 404 says that this server has no such endpoint (api-changes.md §6)."""
    return re.match(r"Route \S+ not found", str(body.get("message", ""))) is not None


def sentence(response: Any, method: str, path: str, body: dict[str, Any], text: str) -> str:
    name = f" {body['error']}" if body.get("error") else ""
    request = f" (request id {body['reqId']})" if body.get("reqId") else ""
    if response.is_redirect:
        target = response.headers.get("location", "another address")
        return f"{method} {path} was redirected to {target}; writes do not follow. Set `url` to that server."
    if not body:
        return f"{method} {path} answered {response.status_code} with {media_type(response)} instead of JSON."
    return f"{method} {path} answered {response.status_code}{name}: {text.rstrip('.') or 'no message'}.{request}"
