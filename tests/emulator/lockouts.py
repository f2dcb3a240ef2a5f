# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lockouts: too many failed logins close a method for a while (server-notes#lockouts)."""

from __future__ import annotations

from .call import Call
from .errors import unauthorized
from .schema import Field, boolean, number
from .world import Lockout, Row

LOCKOUT_FIELDS = {
    "lockoutEnabled": Field(boolean, default=True),
    "lockoutThreshold": Field(number(minimum=1, maximum=30), default=3),
    "lockoutDurationSeconds": Field(number(minimum=30, maximum=86_400), default=300),
    "lockoutCounterResetSeconds": Field(number(minimum=5, maximum=3_600), default=30),
}
LOCKED = "This identity auth method is temporarily locked, please try again later"


def refuse_locked(call: Call, identity_id: str, method: str, who: str = "") -> None:
    lock = call.world.lockouts.get((identity_id, method, who))
    if lock and lock.locked_until > call.world.clock.now():
        raise unauthorized(LOCKED)


def note_failure(call: Call, identity_id: str, method: str, row: Row, who: str = "") -> None:
    """Count a failure; failures far apart do not add up."""
    if not row.get("lockoutEnabled"):
        return
    now = call.world.clock.now()
    lock = call.world.lockouts.setdefault((identity_id, method, who), Lockout())
    if now - lock.last_failure > row["lockoutCounterResetSeconds"]:
        lock.failures = 0
    lock.failures += 1
    lock.last_failure = now
    if lock.failures >= row["lockoutThreshold"]:
        lock.locked_until = now + row["lockoutDurationSeconds"]
        lock.failures = 0


def forgive(call: Call, identity_id: str, method: str, who: str = "") -> None:
    call.world.lockouts.pop((identity_id, method, who), None)


def clear(call: Call, identity_id: str, method: str) -> int:
    """Lift all locks of a method and return how many there were."""
    now = call.world.clock.now()
    keys = [key for key in call.world.lockouts if key[:2] == (identity_id, method)]
    active = [key for key in keys if call.world.lockouts[key].locked_until > now]
    for key in keys:
        del call.world.lockouts[key]
    return len(active)
