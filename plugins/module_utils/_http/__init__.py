# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""HTTP exchanges with one Infisical server: the client, what its answers mean, failures, and backing off.

It imports nothing of this collection but itself, and must not know what the paths and bodies stand for: no resource,
no option, nothing of Ansible. Everything that is read from the network comes in here, with a limit to its time and
size.
"""

from __future__ import annotations
