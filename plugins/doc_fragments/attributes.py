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

    # For tasks that change nothing that could be shown.
    SESSION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details: The session is really opened or closed, so that the tasks that follow can read; nothing else is touched.
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
    details: It does the same in check mode, as it changes nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: N/A
    details: It changes nothing.
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing and reports no change.
    support: full
  action_group:
    description: Use C(group/machineid.infisical.infisical) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - machineid.infisical.infisical
"""
