# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Failures with a kind. Their messages say what went wrong, in terms of options, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import LIMIT, printable

ADVICE = {
    "validation": "Correct the options named above and run again.",
    "authentication": "Check the credentials (access tokens expire: log in again) and that they belong to this `url`.",
    "permission": "Give the identity that logs in a role that allows this.",
    "plan": "The organisation's plan does not include this. Upgrade the plan or leave the option out.",
    "not_found": "Check the id or name, and that the identity that logs in may see it.",
    "conflict": "Check the current state, then run the task again.",
    "rate_limited": "Run again later, or lower the number of parallel tasks.",
    "unsupported_by_server": "Upgrade the Infisical server or leave the option out.",
    "server": "Check the server's log, with the request id if there is one.",
    "network": "Check `url`, name resolution, proxies and firewalls.",
    "tls": "Set `ca_path` to the certificate authority of the server.",
}
"""Every kind of failure, with the advice that its message ends with."""


class InfisicalError(Exception):
    """A failure of one task. ``kind`` is a key of :data:`ADVICE`. All its texts are made printable when they are set.

    ``status`` (HTTP), ``error``, ``server_message`` and ``request_id`` (``reqId``) come from the server; they are None
    if the server did not answer. ``advice`` replaces the general advice of the kind. ``retry_after`` is the number of
    seconds after which the server asks to retry. ``changed`` says whether the task leaves a change on the server. If it
    is None, every write that the task has made, or may have made, counts as a change.
    """

    limits: ClassVar[Mapping[str, int]] = {
        "message": 4 * LIMIT,
        "advice": 4 * LIMIT,
        "server_message": LIMIT,
        "error": 100,
        "request_id": 100,
    }
    """The attributes that can contain text of the server, and the maximum length of each in characters."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        status: int | None = None,
        error: str | None = None,
        server_message: str | None = None,
        request_id: str | None = None,
        advice: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(printable(message, self.limits["message"]))
        self.kind = kind
        self.message = message
        self.status = status
        self.error = error
        self.server_message = server_message
        self.request_id = request_id
        self.advice = ADVICE[kind] if advice is None else advice
        self.retry_after = retry_after
        self.changed: bool | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        # Not only in __init__, because callers extend the message of an error that they pass on.
        limit = self.limits.get(name)
        super().__setattr__(name, value if limit is None or value is None else printable(value, limit))

    def __str__(self) -> str:
        return " ".join(part for part in (self.message.rstrip(), self.advice) if part)

    def failure(self) -> dict[str, Any]:
        """Returns the ``failure`` value of a failed task."""
        return {
            "kind": self.kind,
            "status": self.status,
            "error": self.error,
            "message": self.server_message or self.message,
            "request_id": self.request_id,
        }


def reworded(cause: InfisicalError | None, kind: str, message: str, *, advice: str | None = None) -> InfisicalError:
    """Returns a failure in other words that keeps what the server said in ``cause``, if there is one."""
    failure = InfisicalError(kind, message, advice=advice)
    if cause is not None:
        failure.status, failure.error, failure.request_id = cause.status, cause.error, cause.request_id
        failure.server_message = cause.server_message
    return failure


class LostAnswer(InfisicalError):
    """A write was sent but not answered, so it may or may not have been carried out."""


def is_lost(error: InfisicalError) -> bool:
    """Returns whether no answer came, or an answer of a proxy, while the server may still be processing the request."""
    return isinstance(error, LostAnswer) or error.status in (502, 503, 504)


class InvalidOptions(InfisicalError):
    """All validation errors of the options of a task, some of which may depend on
    current state. Nothing was changed."""

    # The text comes from the user's own options, and thousands of elements can be invalid.
    limits: ClassVar[Mapping[str, int]] = {**InfisicalError.limits, "message": 100 * LIMIT}

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = [printable(error) for error in errors]
        count = len(self.errors)
        heading = "Invalid option" if count == 1 else f"{count} invalid options"
        super().__init__("validation", f"{heading}: " + "; ".join(self.errors) + ".", advice="Nothing was changed.")
