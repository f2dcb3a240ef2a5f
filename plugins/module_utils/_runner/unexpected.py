# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What becomes of an exception that nobody foresaw: a failure in the form that is documented."""

from __future__ import annotations

import traceback
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable

LONGEST = 300
"""Characters of an unforeseen exception's text."""

ADVICE = "Please report this, with the output of `-vvv`, at https://github.com/machineid/infisical-ansible/issues."


class Unforeseen(InfisicalError):
    """A failure of kind ``server`` that stands for ``error``, with its ``traceback``."""

    def __init__(self, error: Exception) -> None:
        text = ": ".join(part for part in (type(error).__name__, printable(error, LONGEST)) if part)
        super().__init__("server", f"An unforeseen error: {text}.", advice=ADVICE)
        self.traceback = "".join(traceback.format_exception(type(error), error, error.__traceback__))


def foreseen(error: Exception) -> InfisicalError:
    """``error`` itself, or what stands for it."""
    return error if isinstance(error, InfisicalError) else Unforeseen(error)


def failed_result(error: InfisicalError, *, changed: bool) -> dict[str, Any]:
    """What a task, or one identity of many, that ended with ``error`` returns; of an unforeseen one also the traceback,
    which the action plugin takes out and displays at -vvv."""
    result = {"failed": True, "changed": changed, "msg": str(error), "failure": error.failure()}
    return {**result, "traceback": error.traceback} if isinstance(error, Unforeseen) else result
