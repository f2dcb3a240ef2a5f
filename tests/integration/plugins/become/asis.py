# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A become plugin that does not change the user, because a test machine may lack sudo."""

from __future__ import annotations

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: asis
short_description: Stay who you are
description: Runs the command as it is, in a shell of its own as sudo does.
options:
  become_user: {description: Anybody but the present user., default: somebody}
  become_exe: {description: Ignored.}
  become_flags: {description: Ignored.}
  become_pass: {description: Ignored.}
"""


class BecomeModule(BecomeBase):  # type: ignore[misc]
    """Prints the success marker that every become plugin needs, and runs the command."""

    name = "asis"

    def build_become_command(self, cmd: str, shell: object) -> str:
        super().build_become_command(cmd, shell)
        return str(self._build_success_command(cmd, shell))
