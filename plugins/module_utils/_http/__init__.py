# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""HTTP exchanges with one Infisical server: the client, interpretation of answers, failures, and backing off.

This package imports no other package of the collection, and must not know what paths and bodies mean: no resources, no
options, nothing about Ansible. All network input arrives here, with limits on its time and size.
"""

from __future__ import annotations
