# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What becomes of an exception that nobody foresaw: a failure in the form that is documented."""

from __future__ import annotations

import traceback
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._errors import InfisicalError

LONGEST = 300
ADVICE = "Please report this, with the output of `-vvv`, at https://github.com/machineid/infisical-ansible/issues."


class Unforeseen(InfisicalError):
    """A failure of kind ``server`` that stands for ``error``, with its ``traceback``."""

    def __init__(self, error: Exception) -> None:
        said = "".join(one if one.isprintable() else " " for one in str(error))
        if len(said) > LONGEST:
            said = said[: LONGEST - 1] + "…"
        text = ": ".join(part for part in (type(error).__name__, said) if part)
        super().__init__("server", f"An unforeseen error: {text}.", advice=ADVICE)
        self.traceback = "".join(traceback.format_exception(type(error), error, error.__traceback__))


def failed_result(error: Exception, *, has_written: bool = False) -> dict[str, Any]:
    """What a task that ended with ``error`` returns; of an unforeseen one also the traceback, which the action plugin
    takes out and displays at -vvv. ``has_written`` is what decides about ``changed`` where the error does not know."""
    known = error if isinstance(error, InfisicalError) else Unforeseen(error)
    changed = has_written if known.changed is None else known.changed
    result = {"failed": True, "changed": changed, "msg": str(known), "failure": known.failure()}
    return {**result, "traceback": known.traceback} if isinstance(known, Unforeseen) else result
