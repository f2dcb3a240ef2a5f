# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A connection that is not `local` for Ansible, but needs no second machine."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: elsewhere
short_description: A simulated remote machine
description: Runs everything here, under the name of another transport.
extends_documentation_fragment: [connection_pipelining]
options:
  become_success_timeout:
    type: int
    default: 10
    description: As for local.
  become_strip_preamble:
    type: bool
    default: true
    description: As for local.
"""


class Connection(LocalConnection):  # type: ignore[misc]
    """Like SSH, another transport for the action plugin."""

    transport = "elsewhere"
