# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports Ansible once and forks for each command: run as a script by ``forked.py``, a line of JSON for each request.

To import Ansible costs more than most playbooks of the tests. Nothing but imports is shared: what Ansible reads from
the command line, the inventory and the environment beside ``ANSIBLE_*`` is read in the fork.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import sys
from types import FrameType

# As in `ansible-playbook`: the directory of a script is no place to import from.
sys.path.pop(0)

import requests  # noqa: E402, F401
from ansible.cli import adhoc, playbook  # noqa: E402
from ansible.config.manager import cleanup_tmp_file  # noqa: E402
from ansible.executor import task_queue_manager  # noqa: E402, F401
from ansible.plugins.strategy import linear  # noqa: E402, F401

COMMANDS = {"ansible": adhoc.main, "ansible-playbook": playbook.main}


class TooLong(Exception):
    """A command has not ended in time."""


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def become(arguments: list[str], environment: dict[str, str], directory: str, output: str) -> None:
    """Becomes the command that ``arguments`` begin with, and does not return."""
    os.setsid()
    # The directory of temporary files is the server's, and others will need it.
    atexit.unregister(cleanup_tmp_file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    sys.argv = arguments
    COMMANDS[os.path.basename(arguments[0])](arguments)


def exit_code(child: int, timeout: int) -> int:
    """How the fork ended; one that takes longer than ``timeout`` seconds is killed with all that it started."""
    signal.alarm(timeout)
    try:
        _child, status = os.waitpid(child, 0)
    except TooLong:
        os.killpg(child, signal.SIGKILL)
        _child, status = os.waitpid(child, 0)
    finally:
        signal.alarm(0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    signal.signal(signal.SIGALRM, interrupt)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    # A command is over before there is anything to collect, and what is not looked at need not be copied.
    gc.disable()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        timeout = request.pop("timeout")
        child = os.fork()
        if not child:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            become(**request)
        answers.write(f"{exit_code(child, timeout)}\n")


if __name__ == "__main__":
    main()
