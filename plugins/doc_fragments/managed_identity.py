# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that name the identity being managed."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  identity_id:
    description:
      - The id (a UUID) of the identity to manage. One of O(identity_id) and O(identity_name) is required.
    type: str
  identity_name:
    description:
      - The name of the identity to manage, at most 255 characters. Names are not unique. The task fails if several
        identities share the name.
    type: str
  organization_id:
    description:
      - The id (a UUID) of the organisation in which O(identity_name) is looked up. Defaults to the organisation of the
        identity that logs in.
    type: str
"""
