# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What Ansible displays around a task of this collection: nothing secret while it runs, and of a censored result all
that is not secret."""

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
"""What this core keeps of a censored result: from 2.19 on its warnings and the message of its failure."""

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@contextmanager
def nothing_secret_displayed(play_contexts: Iterable[Any], secrets: Collection[str]) -> Iterator[None]:
    """Runs its block without ``ANSIBLE_DEBUG``, which prints the arguments of a module and all that it returns, with
    ``secrets`` masked in what is displayed at -vvv, such as the command with its environment, and with no_log in
    ``play_contexts``, by which connection plugins decide whether they print what a command printed.

    Core makes one Display for a process, and this process, a worker, runs one task at a time.
    """
    # A shell's command has them quoted, and once more inside something quoted.
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
    """In the place of ``Display.debug``."""


def display_censored(result: Mapping[str, Any], *, diff: bool) -> None:
    """Displays what is not secret of a result that core is going to censor: why it failed, what it warns of, and its
    diff, each only where this core does not do so itself."""
    if result.get("failed") and "exception" not in KEPT:
        display.error(str(result.get("msg", "")))
    if "warnings" not in KEPT:
        for warning in result.get("warnings") or ():
            display.warning(str(warning))
    if diff and result.get("changed") and result.get("diff"):
        # The callback's own method, as each core has another style; it writes into what it is given.
        text = CallbackBase()._get_diff(copy.deepcopy(result["diff"]))
        if text:
            display.display(text)
