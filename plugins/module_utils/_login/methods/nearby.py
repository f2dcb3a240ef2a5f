# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Requests to services that issue tokens to a machine: metadata services and the token endpoint of its CI."""

from __future__ import annotations

from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import BearerAuth
from ansible_collections.machineid.infisical.plugins.module_utils._http.credentials import sendable
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.exchange import NoAnswer, Received, exchange
from ansible_collections.machineid.infisical.plugins.module_utils._http.limited_session import LimitedSession
from ansible_collections.machineid.infisical.plugins.module_utils._http.strict_json import UnusableJSON, parsed

try:
    import requests
    from urllib3.util.retry import Retry
except ImportError:
    # No task runs without it; _runner/run.py reports that.
    pass

METADATA_CONNECT = 1.0
METADATA_ANSWER = 5.0
"""Seconds. A metadata service is at most one hop away."""

TOKEN_ENDPOINT_CONNECT = 10.0
TOKEN_ENDPOINT_ANSWER = 20.0
BUSY = (429, 500, 502, 503, 504)


def ask_metadata(service: str, method: str, url: str, headers: dict[str, str], query: dict[str, str]) -> Received:
    """Returns the answer of a metadata service. Uses no proxy, and retries twice if the service is busy."""
    retry = Retry(
        total=2,
        connect=0,
        read=0,
        status_forcelist=BUSY,
        backoff_factor=0.3,
        raise_on_status=False,
        respect_retry_after_header=False,
    )
    with LimitedSession(max_retries=retry) as session:
        session.trust_env = False
        request = requests.Request(method, url, headers=headers, params=query, auth=BearerAuth(None))
        return answer_of(session, service, request, METADATA_CONNECT, METADATA_ANSWER)


def ask_token_endpoint(service: str, url: str, token: str, query: dict[str, str]) -> Received:
    """Returns the answer of a CI's token endpoint. It is on the internet, so the proxy of the environment is used."""
    with LimitedSession() as session:
        request = requests.Request("GET", url, params=query, auth=BearerAuth(token))
        return answer_of(session, service, request, TOKEN_ENDPOINT_CONNECT, TOKEN_ENDPOINT_ANSWER)


def answer_of(session: LimitedSession, service: str, request: Any, connect: float, answer: float) -> Received:
    """Returns the answer if its status is 200. Otherwise raises InfisicalError, with only the reason from the body."""
    address = address_of(request.url)
    try:
        received = exchange(session, request, connect_seconds=connect, seconds=answer)
    except NoAnswer as error:
        raise unavailable(f"{service} at {address} did not answer: {error.reason}.") from error
    if received.status != 200:
        reason = reason_given(received)
        raise unavailable(f"{service} at {address} answered {received.status}{reason and f': {reason}'}.")
    return received


def address_of(url: str) -> str:
    return url.partition("?")[0]


def member_of(received: Received, service: str, key: str) -> str:
    """Returns the text at ``key`` of a JSON answer. Raises InfisicalError without it."""
    try:
        value = parsed(received.body)[key]
    except (UnusableJSON, LookupError, TypeError):
        value = None
    if not isinstance(value, str) or not value:
        raise unavailable(f"{service} at {address_of(received.url)} answered without `{key}`.")
    return value


def token_of(received: Received, service: str) -> str:
    """Returns the token that the body consists of. Raises InfisicalError if it is unusable."""
    text = received.body.decode("latin-1").strip()
    return sendable(text, f"The token of {service[0].lower()}{service[1:]}", "authentication")


def reason_given(received: Received) -> str:
    """Returns the reason of an error in the form of Azure's services."""
    try:
        body = parsed(received.body)
    except UnusableJSON:
        return ""
    reason = body.get("error_description") if isinstance(body, dict) else None
    return " ".join(str(reason or "").split()).rstrip(".")


def unavailable(sentence: str) -> InfisicalError:
    return InfisicalError(
        "authentication", sentence, advice="Run this where that service is available, or use another login method."
    )
