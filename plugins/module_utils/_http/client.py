# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The transport: one keep-alive session to one Infisical server; knows HTTP and no resource."""

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
"""Seconds for which a write trusts what was read for it. One more read costs less than an allowlist that comes back."""
STILL_TO_COME = "It may still be carried out: look what is there before you run again."


@dataclass(frozen=True)
class Server:
    """Where the server is and how to reach it. Times are seconds; ``verify`` and ``cert`` as in requests."""

    url: str
    verify: bool | str = True
    cert: tuple[str, str | None] | None = None
    timeout: float = 30.0
    retries: int = 5


class BearerAuth(AuthBase):  # type: ignore[misc]
    """Sets the token as requests' own auth, so that no ``.netrc`` entry replaces it; without token it sets nothing."""

    def __init__(self, token: str | None) -> None:
        # requests looks at headers before this one is there, and what comes after it quotes what it refuses.
        self.token = token and sendable(token, "The access token")

    def __call__(self, request: Any) -> Any:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Client:
    """Sends requests to one server and answers with decoded JSON, or raises InfisicalError.

    Safe to share between threads: each thread has a session of its own, all share one rate gate.
    ``login_slug`` is the auth method that the token was made by, None when it was given ready.
    ``keeps_one_method`` and ``missing_routes`` are for callers to note what they have learnt of this server: whether an
    identity can have one auth method only, and which generations of an endpoint are not there. ``learning`` is held
    while finding out, so that threads ask once.
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
        """What authorises the requests. Raises InfisicalError when it is set to what no header can carry."""
        return self._token

    @token.setter
    def token(self, token: str | None) -> None:
        self._token = token and sendable(token, "The access token")

    @property
    def writes(self) -> int:
        """How many writes this thread has made, or may have made, that the server carried out."""
        return getattr(self._local, "writes", 0)

    def now(self) -> float:
        """The server's time, in seconds since 1970, as far as its answers have said."""
        return time.time() + self._server_clock_ahead

    def get(self, path: str, query: dict[str, Any] | None = None) -> Any:
        return self.call("GET", path, query=query)

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
    ) -> Any:
        """The decoded answer of one request, retried as far as that cannot do a thing twice.

        ``recheck`` is called before the request is sent after a wait of more than a few seconds, and may raise.

        A POST is repeated only when it cannot have been carried out (connection refused, or a rate limit); its
        lost answer is raised as LostAnswer, for the caller to look before it decides.
        """
        failures = waits = 0
        waited = 0.0
        lost = False
        # A login, or what ends one, leaves nothing changed.
        writes = int(authenticated and method != "GET")
        checked_at = self.clock()
        while True:
            waited += self._gate.wait()
            if recheck is not None and self.clock() - checked_at > FRESH_FOR:
                recheck()
                checked_at = self.clock()
            try:
                answer = self._answer(method, path, body, query, authenticated, timeout)
                self._local.writes = self.writes + writes
                return answer
            except InfisicalError as error:
                lost = lost or isinstance(error, LostAnswer)
                error.after_lost_answer = lost
                if lost or error.kind == "server":
                    self._local.writes = self.writes + writes
                if has_to_wait(method, error):
                    waits += 1
                    # A server that says "at once", or not when, must not be stormed.
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
    ) -> Any:
        received = self._send(method, path, body, query, authenticated, timeout)
        date = moment_of_header(received.headers.get("date", ""))
        if date is not None:
            self._server_clock_ahead = date - time.time()
        if received.is_success:
            return decoded(received, method, path)
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
        # A DELETE or POST with a JSON content type and no body is refused (server-notes#request-without-a-body), and
        # requests sets that header only together with a body.
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
            # requests raises a bare OSError for a ca_path, client_cert or client_key that is not there.
            raise InfisicalError("tls", f"{error}", advice="Check `ca_path`, `client_cert`, `client_key`.") from error

    def _session(self) -> Any:
        session = getattr(self._local, "session", None)
        if session is None:
            session = LimitedSession()
            session.headers["User-Agent"] = f"machineid.infisical/{VERSION}"
            session.headers["Accept"] = "application/json"
            if self.server.verify is False:
                # Asked for by an option; in process, each request would print two lines into the play's output.
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
    """``value`` as one segment of a path."""
    return quote(value, safe="")
