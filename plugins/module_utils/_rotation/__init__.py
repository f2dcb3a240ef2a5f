# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Rotation of AWS IAM users' access keys: the connection to AWS, the rotation, and the checks before it costs a key.

This package imports ``_project``, ``_runner``, ``_model`` and ``_http``, and must not know about identities.
"""

from __future__ import annotations
