# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keys of AWS IAM users that Infisical rotates: the connection to AWS, the rotation, and the checks before it may
cost a key.

It imports ``_project``, ``_runner``, ``_model`` and ``_http``, and must not know identities.
"""

from __future__ import annotations
