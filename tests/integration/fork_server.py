# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports Ansible once and forks for each command. ``forked.py`` runs this script and sends requests as lines of JSON.

Importing Ansible takes longer than most playbooks of the tests. Commands share only imports, and thus the settings in
``ANSIBLE_*``: the fork reads the command line, the inventory and all other variables.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import sys
from importlib import import_module
from types import FrameType

# As with `ansible-playbook`, modules of the tests cannot be imported.
sys.path.pop(0)

from ansible.cli import adhoc, playbook  # noqa: E402
from ansible.config.manager import cleanup_tmp_file  # noqa: E402

for needed_by_every_fork in ("requests", "ansible.executor.task_queue_manager", "ansible.plugins.strategy.linear"):
    import_module(needed_by_every_fork)

COMMANDS = {"ansible": adhoc.main, "ansible-playbook": playbook.main}


class TooLong(Exception):
    """A command did not end in time."""


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def become(arguments: list[str], environment: dict[str, str], directory: str, output: str) -> None:
    """Turns this process into the command that ``arguments`` begin with. Does not return."""
    os.setsid()
    # All commands share the server's directory for temporary files.
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
    """Returns the exit code of a fork. After ``timeout`` seconds, kills it with its processes."""
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
    # Commands end before garbage matters, and without collections forks copy fewer pages.
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
