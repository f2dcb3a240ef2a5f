# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every spelling of a moment is the same moment, sent in one spelling; what has no zone is none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import (
    in_utc,
    moment_of,
    now_in_utc,
    seconds_of_answer,
)
from tests.conftest import Site

SAME = "2026-01-31T08:00:00.000Z"
SPELLINGS = [
    SAME,
    "2026-01-31T08:00:00Z",
    "2026-01-31t08:00:00z",
    "2026-01-31 08:00:00Z",
    "2026-01-31T08:00Z",
    "20260131T080000Z",
    "2026-01-31T08:00:00.0004Z",
    "2026-01-31T08:00:00,000Z",
    "2026-01-31T08:00:00+00:00",
    "2026-01-31T09:00:00+01:00",
    "2026-01-31T09:00:00+0100",
    "2026-01-31T09:00:00+01",
    "2026-01-31 09:00:00 +01:00",
    "2026-01-31T03:00:00-05:00",
    "2026-01-30T22:30:00-09:30",
    "  2026-01-31T08:00:00Z ",
]
NONE = [
    "", "noon", "2026-01-31", "2026-01-31T08:00:00", "08:00Z", "2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z",
    "2026-01-31T24:00:00Z", "2026-01-31T08:60:00Z", "2026-01-31T08:00:60Z", "2026-01-31T08:00:00+15:00",
    "2026-01-31T08:00:00+01:60", "2026-W05-6T08:00:00Z", "2026-031T08:00:00Z", "1969-12-31T23:59:59Z",
    "9999-12-31T23:59:59Z", "٢٠٢٦-01-31T08:00:00Z", "2026-01-31T08:00:00ZZ", "2026-01-31T08:00:00Z\nx", "1769846400",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_one_moment(text: str) -> None:
    moment = moment_of(text)
    assert moment is not None and in_utc(moment) == SAME


@pytest.mark.parametrize("text", NONE)
def test_no_moment(text: str) -> None:
    assert moment_of(text) is None


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 30)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_python_writes_is_read(local: datetime, zone: timezone) -> None:
    local = local.replace(microsecond=local.microsecond // 1000 * 1000, tzinfo=zone)
    moment = moment_of(local.isoformat())
    assert moment == local
    assert moment is not None and moment_of(in_utc(moment)) == moment


def test_now_has_no_fraction() -> None:
    assert now_in_utc(1769846400.987) == SAME


def test_an_answer_that_is_no_time_is_the_servers() -> None:
    assert seconds_of_answer(SAME, "createdAt") == 1769846400
    with pytest.raises(InfisicalError, match="createdAt 'soon', which is not a time"):
        seconds_of_answer("soon", "createdAt")


@pytest.mark.parametrize("text", ["2026-01-31T09:00:00+01:00", "2026-01-31 08:00Z"])
def test_a_start_is_sent_and_returned_in_utc(either: Site, text: str) -> None:
    project = either.api("POST", "/api/v2/workspace", {"projectName": "billing", "slug": "billing-app"})["project"]
    role = {"role": "admin", "temporary_range": "2h", "temporary_access_start_time": text}
    options = {"identity_id": either.identity(), "project_id": project["id"], "roles": ["member", role]}
    either.clear_requests()
    result = either.ok("project_identity", **options)
    (returned,) = [one for one in result["project_identity"]["roles"] if "temporary_range" in one]
    assert returned["temporary_access_start_time"] == SAME
    bodies = [one["body"] for one in either.requests() if one["method"] == "POST"]
    starts = [one.get("temporaryAccessStartTime") for body in bodies for one in (body or {}).get("roles", [])]
    assert {start for start in starts if start} == {SAME}
    options["roles"] = ["member", {**role, "temporary_access_start_time": SAME}]
    assert not either.ok("project_identity", **options)["changed"]
