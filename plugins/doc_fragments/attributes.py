# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What every module says of check mode, diff mode and idempotency, and the action group."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: full
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing and reports no change.
    support: full
  action_group:
    description: Use C(group/machineid.infisical.infisical) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - machineid.infisical.infisical
"""

    # For tasks whose changes have no diff.
    SESSION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details: The module logs in or out even in check mode, so that the following tasks can read. It changes nothing
      else.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing and reports no change.
    support: full
  action_group:
    description: Use C(group/machineid.infisical.infisical) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - machineid.infisical.infisical
"""

    # For modules that only read.
    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details: Check mode makes no difference, because the module changes nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: N/A
    details: The module changes nothing.
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing and reports no change.
    support: full
  action_group:
    description: Use C(group/machineid.infisical.infisical) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - machineid.infisical.infisical
"""
