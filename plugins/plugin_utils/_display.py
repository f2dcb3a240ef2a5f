# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Controls what Ansible displays for a task of this collection: no secrets while it runs, and everything that is not
secret of a censored result."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.executor import task_result
from ansible.plugins.callback import CallbackBase
from ansible.utils.display import Display

from ansible_collections.machineid.infisical.plugins.module_utils._runner.masking import spelled

display = Display()

KEPT = frozenset(getattr(task_result, "_PRESERVE", None) or ("exception", "warnings"))
"""The keys that core keeps in a censored result: from 2.19 on, the warnings and the message of a failure."""

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@contextmanager
def nothing_secret_displayed(play_contexts: Iterable[Any], secrets: Collection[str]) -> Iterator[None]:
    """Runs its block with three protections: without ``ANSIBLE_DEBUG``, which prints the arguments and the result of a
    module; with ``secrets`` masked in what is displayed at -vvv, such as the command with its environment; and with
    no_log in ``play_contexts``, so that connection plugins do not print the output of commands.

    Core has one Display per process, and a worker process runs one task at a time.
    """
    # In a shell command, secrets are quoted, possibly twice.
    spellings = sorted(spelled({*secrets, *map(shlex.quote, secrets)}), key=len, reverse=True)
    verbose = display.verbose
    before = [(context, context.no_log) for context in play_contexts if hasattr(context, "no_log")]

    def masked(msg: str, *args: Any, **kwargs: Any) -> None:
        for spelling in spellings:
            msg = msg.replace(spelling, MASK)
        verbose(msg, *args, **kwargs)

    display.debug = silent
    display.verbose = masked
    for context, _no_log in before:
        context.no_log = True
    try:
        yield
    finally:
        del display.debug, display.verbose
        for context, no_log in reversed(before):
            context.no_log = no_log


def silent(*_args: Any, **_kwargs: Any) -> None:
    """Replaces ``Display.debug``."""


def display_censored(result: Mapping[str, Any], *, diff: bool) -> None:
    """Displays the parts of a censored result that are not secret: failure, warnings and diff, unless core displays
    them itself."""
    if result.get("failed") and "exception" not in KEPT:
        display.error(str(result.get("msg", "")))
    if "warnings" not in KEPT:
        for warning in result.get("warnings") or ():
            display.warning(str(warning))
    if diff and result.get("changed") and result.get("diff"):
        # Uses the callback's own method, because the style differs between cores. It modifies its argument.
        text = CallbackBase()._get_diff(copy.deepcopy(result["diff"]))
        if text:
            display.display(text)
