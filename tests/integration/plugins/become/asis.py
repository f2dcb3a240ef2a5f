# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Becomes nobody else: `become` without sudo, which a test machine may lack."""

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
    """Announces success as every become plugin has to, and runs the command."""

    name = "asis"

    def build_become_command(self, cmd: str, shell: object) -> str:
        super().build_become_command(cmd, shell)
        return str(self._build_success_command(cmd, shell))
