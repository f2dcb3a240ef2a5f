# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What has to be seen of a removal before a task says that something is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError


def confirm_removal(answer: Answer, envelope: str, title: str, read: Callable[[], Mapping[str, Any] | None]) -> None:
    """Raises unless the answer to a DELETE holds what was removed, as the server's does, or ``read`` finds nothing any
    more: a proxy's empty answer proves nothing."""
    if isinstance(answer.get(envelope), Mapping):
        return
    called = f"The DELETE of the {title} was answered with a success that does not hold the {title}"
    advice = "Look for a proxy that alters answers, and run again."
    try:
        left = read()
    except InfisicalError as error:
        error.message = f"{called}, and whether it is gone could not be read. {error.message}"
        error.advice = advice
        raise
    if left is not None:
        raise InfisicalError("server", f"{called}, and it is still there.", advice=advice)
