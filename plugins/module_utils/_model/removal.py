# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Confirmation of deletions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer, lost_or_failed
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError


def confirm_removal(answer: Answer, envelope: str, title: str, read: Callable[[], Mapping[str, Any] | None]) -> None:
    """Raises InfisicalError unless the answer to a DELETE contains the removed object, or ``read`` no longer finds it.
    An empty answer, for example of a proxy, proves nothing."""
    if isinstance(answer.get(envelope), Mapping):
        return
    called = f"The DELETE of the {title} was answered with a success that does not contain the {title}"
    advice = "Check whether a proxy alters answers, then run the task again."
    try:
        left = read()
    except InfisicalError as error:
        error.message = f"{called}, and reading it again failed. {error.message}"
        error.advice = advice
        raise
    if left is not None:
        raise InfisicalError("server", f"{called}, and it still exists.", advice=advice)


def nothing_removed(answer: Answer) -> InfisicalError:
    """Returns the error for a DELETE whose answer lacks the removed object (server-notes#success-is-always-200)."""
    return lost_or_failed(answer.method, f"{answer.method} {answer.path} answered without the removed object.")
