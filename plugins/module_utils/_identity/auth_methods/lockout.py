# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The four fields of methods that are locked after failed logins (server-notes#lockouts)."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Boolean, Integer


def lockout_fields() -> tuple[Field, ...]:
    return (
        Field("lockout_enabled", "lockoutEnabled", Boolean(), absent_means=False),
        Field("lockout_threshold", "lockoutThreshold", Integer(1, 30, "failed logins"), absent_means=0),
        Field("lockout_duration_seconds", "lockoutDurationSeconds", Integer(30, 86400, "seconds"), absent_means=0),
        Field(
            "lockout_counter_reset_seconds", "lockoutCounterResetSeconds", Integer(5, 3600, "seconds"), absent_means=0
        ),
    )
