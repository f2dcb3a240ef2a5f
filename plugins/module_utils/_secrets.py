# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keeping run-time secrets out of what Ansible prints, on cores with and without a secrets API."""

from __future__ import annotations

from collections.abc import Iterable

try:
    from ansible.module_utils.secrets import register_secrets as core_register_secrets
except ImportError:
    core_register_secrets = None


def register_secrets(secrets: Iterable[str]) -> list[str]:
    """Makes ``secrets`` known to a core that masks them itself (2.22 and later); answers those that the caller must
    take out of the result, which is all of them on an older core."""
    values = [secret for secret in secrets if secret]
    if core_register_secrets is None:
        return values
    core_register_secrets(values)
    return []
