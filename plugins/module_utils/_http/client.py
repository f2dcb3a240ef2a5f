# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The transport: keep-alive sessions to one Infisical server, without knowledge of resources."""

from __future__ import annotations

import threading
import time
import warnings
from dataclasses import dataclass
from typing import Any, Callable
from urllib.parse import quote

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import (
    decoded,
    error_of,
    lost_or_failed,
    moment_of_header,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import (
    RateGate,
    backoff,
    has_to_wait,
    is_repeatable,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.credentials import sendable
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import (
    InfisicalError,
    LostAnswer,
    is_lost,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.exchange import NoAnswer, Received, exchange
from ansible_collections.machineid.infisical.plugins.module_utils._http.limited_session import LimitedSession

try:
    import requests
    from urllib3.exceptions import InsecureRequestWarning
except ImportError:
    HAS_REQUESTS = False
    AuthBase: Any = object
else:
    HAS_REQUESTS = True
    AuthBase = requests.auth.AuthBase

VERSION = "1.0.0"
LONGEST_SINGLE_WAIT = 300.0
LONGEST_RATE_LIMIT_WAIT = 900.0
FRESH_FOR = 5.0
"""Seconds for which a write relies on an earlier read. One more read costs less than an
allowlist entry that reappears."""
STILL_TO_COME = "It may still be carried out: check the current state before you run the task again."


@dataclass(frozen=True)
class Server:
    """Address and connection settings of the server. Times are in seconds; ``verify`` and
    ``cert`` are as in requests."""

    url: str
    verify: bool | str = True
    cert: tuple[str, str | None] | None = None
    timeout: float = 30.0
    retries: int = 5


class BearerAuth(AuthBase):  # type: ignore[misc]
    """Sets the token as requests' own auth, so that no ``.netrc`` entry replaces it.
    Without a token, it sets nothing."""

    def __init__(self, token: str | None) -> None:
        # requests validates headers before this one is set, and later errors quote an invalid header.
        self.token = token and sendable(token, "The access token")

    def __call__(self, request: Any) -> Any:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Client:
    """Sends requests to one server and returns decoded JSON, or raises InfisicalError.

    Threads can share a client: each has its own session, and all share one rate gate. ``login_slug`` is the auth method
    that issued the token, or None if the token was given. Callers record capabilities of the server in
    ``keeps_one_method`` (an identity can have only one auth method) and ``missing_routes`` (generations of an endpoint
    that do not exist). They hold ``learning`` while they find out, so that only one thread asks.
    """

    def __init__(
        self,
        server: Server,
        token: str | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server = server
        self._token = token and sendable(token, "The access token")
        self.clock = clock
        self.sleep = sleep
        self._gate = RateGate(clock, sleep)
        self._local = threading.local()
        self._server_clock_ahead = 0.0
        self.login_slug: str | None = None
        self.learning = threading.Lock()
        self.keeps_one_method: bool | None = None
        self.missing_routes: set[tuple[str, str]] = set()

    @property
    def token(self) -> str | None:
        """The access token. Setting a value that no header can contain raises InfisicalError."""
        return self._token

    @token.setter
    def token(self, token: str | None) -> None:
        self._token = token and sendable(token, "The access token")

    @property
    def writes(self) -> int:
        """The number of writes of this thread that the server carried out, or may have carried out."""
        return getattr(self._local, "writes", 0)

    def now(self) -> float:
        """Returns the server's time in seconds since 1970, derived from its answers."""
        return time.time() + self._server_clock_ahead

    def get(self, path: str, query: dict[str, Any] | None = None, *, array_as: str = "") -> Any:
        return self.call("GET", path, query=query, array_as=array_as)

    def post(self, path: str, body: dict[str, Any], *, timeout: float | None = None) -> Any:
        return self.call("POST", path, body=body, timeout=timeout)

    def patch(self, path: str, body: dict[str, Any], recheck: Callable[[], None] | None = None) -> Any:
        return self.call("PATCH", path, body=body, recheck=recheck)

    def delete(self, path: str, query: dict[str, Any] | None = None) -> Any:
        return self.call("DELETE", path, query=query)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        authenticated: bool = True,
        timeout: float | None = None,
        recheck: Callable[[], None] | None = None,
        array_as: str = "",
    ) -> Any:
        """Sends one request and returns the decoded answer. Retries it unless that could do something twice.

        ``array_as`` is the key that the answer has a bare array under, for the routes that answer one.
        ``recheck`` is called before the request is sent after a wait of more than a few seconds, and may raise an
        error.

        A POST is repeated only if it cannot have been carried out (connection refused, or a rate limit). If its answer
        is lost, LostAnswer is raised, so that the caller can read the current state and decide.
        """
        failures = waits = 0
        waited = 0.0
        lost = False
        # A login or logout does not count as a change.
        writes = int(authenticated and method != "GET")
        checked_at = self.clock()
        while True:
            waited += self._gate.wait()
            if recheck is not None and self.clock() - checked_at > FRESH_FOR:
                recheck()
                checked_at = self.clock()
            try:
                answer = self._answer(method, path, body, query, authenticated, timeout, array_as)
                self._local.writes = self.writes + writes
                return answer
            except InfisicalError as error:
                lost = lost or isinstance(error, LostAnswer)
                if lost or error.kind == "server":
                    self._local.writes = self.writes + writes
                if has_to_wait(method, error):
                    waits += 1
                    # Do not flood a server that asks for no wait, or does not say how long to wait.
                    wait = error.retry_after or backoff(waits)
                    if not self.server.retries or wait > LONGEST_SINGLE_WAIT or waited + wait > LONGEST_RATE_LIMIT_WAIT:
                        raise
                    self._gate.hold(wait)
                elif is_repeatable(method, error) and failures < self.server.retries:
                    failures += 1
                    self.sleep(min(error.retry_after or backoff(failures), LONGEST_SINGLE_WAIT))
                else:
                    if writes and is_lost(error):
                        error.message = f"{error.message} {STILL_TO_COME}"
                    raise

    def _answer(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        query: dict[str, Any] | None,
        authenticated: bool,
        timeout: float | None,
        array_as: str,
    ) -> Any:
        received = self._send(method, path, body, query, authenticated, timeout)
        date = moment_of_header(received.headers.get("date", ""))
        if date is not None:
            self._server_clock_ahead = date - time.time()
        if received.is_success:
            return decoded(received, method, path, array_as)
        raise error_of(received, method, path)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        query: dict[str, Any] | None,
        authenticated: bool,
        timeout: float | None,
    ) -> Received:
        # The server rejects a DELETE or POST with a JSON content type and no body
        # (server-notes#request-without-a-body). requests sets that header only together with a body.
        server = self.server
        auth = BearerAuth(self.token if authenticated else None)
        try:
            return exchange(
                self._session(),
                requests.Request(method, server.url + path, params=query, json=body, auth=auth),
                seconds=server.timeout if timeout is None else timeout,
                verify=server.verify,
                cert=server.cert,
                follow=method == "GET",
            )
        except NoAnswer as error:
            raise self._error_of(method, path, error) from error
        except OSError as error:
            # requests raises a plain OSError for a ca_path, client_cert or client_key that does not exist.
            raise InfisicalError("tls", f"{error}", advice="Check `ca_path`, `client_cert`, `client_key`.") from error

    def _session(self) -> Any:
        session = getattr(self._local, "session", None)
        if session is None:
            session = LimitedSession()
            session.headers["User-Agent"] = f"machineid.infisical/{VERSION}"
            session.headers["Accept"] = "application/json"
            if self.server.verify is False:
                # The user disabled verification. In process, each request would print two lines of warnings into the
                # play's output.
                warnings.filterwarnings("ignore", category=InsecureRequestWarning)
            self._local.session = session
        return session

    def _error_of(self, method: str, path: str, error: NoAnswer) -> InfisicalError:
        url = self.server.url
        if error.kind == "tls":
            return InfisicalError("tls", f"The TLS connection to {url} failed: {error.reason}.")
        if error.kind == "server":
            answered = "answered" if error.status is None else f"answered {error.status}"
            return lost_or_failed(method, f"{method} {path} {answered} with {error.reason}.", error.status)
        if method == "GET" or not error.sent:
            return InfisicalError("network", f"{method} {url}{path} failed: {error.reason}.")
        return LostAnswer(
            "network", f"The connection to {url} broke before the answer to {method} {path} came ({error.reason})."
        )


def segment(value: str) -> str:
    """Returns ``value`` quoted as one segment of a path."""
    return quote(value, safe="")
