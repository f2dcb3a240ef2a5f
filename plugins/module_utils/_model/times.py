# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Points in time in ISO 8601 with a time zone, in any spelling."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError

# Python 3.9 parses few spellings, and later versions also parse week dates and times without a zone.
ISO_8601 = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})[Tt ]"
    r"([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r" ?(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)\Z"
)
FIRST_YEAR = 1970
LAST_YEAR = 9998
FURTHEST_ZONE = timedelta(hours=14)


def moment_of(text: str) -> datetime | None:
    """Returns the moment of ``text`` in UTC with milliseconds. None if it is not a time.

    A time without a zone is invalid, because it would be another moment on each machine.
    """
    found = ISO_8601.match(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, _utc, sign, hours, minutes = found.groups()
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if ahead > FURTHEST_ZONE or int(minutes or 0) > 59 or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    microseconds = int((fraction or "0").ljust(3, "0")[:3]) * 1000
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), microseconds)
    except ValueError:
        return None
    return (local - ahead if sign != "-" else local + ahead).replace(tzinfo=timezone.utc)


def in_utc(moment: datetime) -> str:
    """Returns the form in which times are sent and returned: UTC with milliseconds."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def now_in_utc(seconds: float) -> str:
    """Returns seconds since 1970 in the same form, without the fraction."""
    return in_utc(datetime.fromtimestamp(int(seconds), timezone.utc))


def seconds_of_answer(text: str, what: str) -> float:
    """Converts a time of an answer to seconds since 1970. Raises InfisicalError if it is not a time."""
    moment = moment_of(text)
    if moment is None:
        raise InfisicalError("server", f"The server answered with {what} '{text}', which is not a time.")
    return moment.timestamp()
