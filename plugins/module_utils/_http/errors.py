# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Failures with a kind: what went wrong, in the user's option names, and what to do."""

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
    "conflict": "Look at what is there now, then run again.",
    "rate_limited": "Run again later, or lower the number of parallel tasks.",
    "unsupported_by_server": "Upgrade the Infisical server or leave the option out.",
    "server": "Look into the server's log, with the request id when there is one.",
    "network": "Check `url`, name resolution, proxies and firewalls.",
    "tls": "Give the certificate authority of the server in `ca_path`.",
}
"""Every kind a failure can have, with the sentence that says what to do."""


class InfisicalError(Exception):
    """A failure of one task. ``kind`` is a key of :data:`ADVICE`. Its texts are printable, however they are set.

    ``status`` (HTTP), ``error`` and ``server_message`` are the server's own words, ``request_id`` its ``reqId``;
    each is None where the server did not answer. ``advice`` replaces the kind's general sentence.
    ``retry_after`` is the seconds after which the server asks to come again.
    ``after_lost_answer`` says that an earlier attempt of the same request may have been carried out.
    ``changed`` says whether the task leaves something changed on the server. None where whoever raises it does not
    know: then every write that the task has made, or may have made, counts as a change.
    """

    limits: ClassVar[Mapping[str, int]] = {
        "message": 4 * LIMIT,
        "advice": 4 * LIMIT,
        "server_message": LIMIT,
        "error": 100,
        "request_id": 100,
    }
    """The attributes that may hold what a server said, and the characters that each may have."""

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
        self.after_lost_answer = False
        self.changed: bool | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        # Here and not in __init__ alone: callers add to the message of an error that passes through them.
        limit = self.limits.get(name)
        super().__setattr__(name, value if limit is None or value is None else printable(value, limit))

    def __str__(self) -> str:
        return " ".join(part for part in (self.message.rstrip(), self.advice) if part)

    def failure(self) -> dict[str, Any]:
        """The ``failure`` value of a failed task."""
        return {
            "kind": self.kind,
            "status": self.status,
            "error": self.error,
            "message": self.server_message or self.message,
            "request_id": self.request_id,
        }


class LostAnswer(InfisicalError):
    """A write was sent and no answer came: it may or may not have been carried out."""


def is_lost(error: InfisicalError) -> bool:
    """Whether no answer came, or a proxy's in place of the server's, which may still be at it."""
    return isinstance(error, LostAnswer) or error.status in (502, 503, 504)


class InvalidOptions(InfisicalError):
    """All validation errors of a task's options, alone or together with what the server holds. Nothing was changed."""

    # The options are the user's own, and each of thousands may be wrong.
    limits: ClassVar[Mapping[str, int]] = {**InfisicalError.limits, "message": 100 * LIMIT}

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = [printable(error) for error in errors]
        count = len(self.errors)
        heading = "Invalid option" if count == 1 else f"{count} invalid options"
        super().__init__("validation", f"{heading}: " + "; ".join(self.errors) + ".", advice="Nothing was changed.")
