# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the connection options of a task to a client that holds an access token: one class per login method in
``methods``.

It imports ``_http`` and ``_model``. It must not know what a task does with the client.
"""

from __future__ import annotations
