# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a rotation, without a server: when it is due, what starts it, and the value types of its fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import growing_pauses
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import MASKED
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.connection_table import AWS_CONNECTION
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_plan import (
    DeclaredRotation,
    plan_rotation,
)
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_table import (
    AWS_IAM_ROTATION,
    SecretPath,
    TimeOfDay,
)

DAY = 86400.0
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def stored(**more: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "name": "billing-keys",
        "projectId": "p",
        "environment": "prod",
        "secretPath": "/aws",
        "connectionId": "c",
        "parameters": {"userName": "uploader", "region": "us-east-1"},
        "secretsMapping": {"accessKeyId": "A", "secretAccessKey": "B"},
        "rotationInterval": 30,
        "rotateAtUtc": {"hours": 0, "minutes": 0},
        "isAutoRotationEnabled": True,
        "description": None,
        "lastRotatedAt": stamp(NOON - timedelta(days=3)),
        "rotationStatus": "success",
        **more,
    }


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("declared", "age", "rotates"),
    [
        (DeclaredRotation(), 99, False),
        (DeclaredRotation(rotate=True), 0, True),
        (DeclaredRotation(max_age_days=3), 3, False),
        (DeclaredRotation(max_age_days=3), 3.01, True),
        (DeclaredRotation(rotate=True, max_age_days=3), 2, False),
        (DeclaredRotation(max_age_days=3), None, True),
    ],
)
def test_when_the_keys_are_rotated(declared: DeclaredRotation, age: float | None, rotates: bool) -> None:
    last = None if age is None else stamp(NOON - timedelta(days=age))
    planned = plan_rotation(stored(lastRotatedAt=last), {}, declared, NOON.timestamp())
    assert planned.rotate == planned.changed == rotates
    after = {"last_rotated_at": "(now)"} if rotates else {}
    assert planned.diff()["after"] == after


@pytest.mark.parametrize(
    ("wire", "wanted", "warned"),
    [
        ({}, {"rotation_interval": 3}, True),
        ({}, {"rotation_interval": 4}, False),
        ({"rotationInterval": 4}, {"rotate_at_utc": {"hours": 23, "minutes": 59}}, False),
        ({"rotationInterval": 3, "isAutoRotationEnabled": False}, {"auto_rotation_enabled": True}, True),
        ({"isAutoRotationEnabled": False}, {"auto_rotation_enabled": True}, False),
        ({"rotationInterval": 3}, {"auto_rotation_enabled": False}, False),
        ({"isAutoRotationEnabled": False}, {"rotation_interval": 1}, False),
        ({"rotationStatus": "failed"}, {"rotation_interval": 90}, True),
        ({"lastRotatedAt": None}, {"rotation_interval": 90}, True),
        ({"rotationInterval": 3}, {"description": "x"}, False),
        ({"rotationInterval": 3}, {}, False),
    ],
)
def test_a_schedule_that_may_set_off_a_rotation(wire: dict[str, Any], wanted: dict[str, Any], warned: bool) -> None:
    """The server queues a rotation that is due before the next day in UTC
    (server-notes#schedules-that-rotate-at-once)."""
    planned = plan_rotation(stored(**wire), wanted, DeclaredRotation(), NOON.timestamp())
    assert bool(planned.warnings) == warned


def test_a_rotation_asked_for_now_needs_no_warning() -> None:
    planned = plan_rotation(stored(), {"rotation_interval": 1}, DeclaredRotation(rotate=True), NOON.timestamp())
    assert planned.rotate and not planned.warnings


WHOLE = AWS_IAM_ROTATION.read(stored())
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["billing-keys", "other"]),
    "project_id": st.sampled_from(["p", "q"]),
    "environment": st.sampled_from(["prod", "dev"]),
    "secret_path": st.sampled_from(["/aws", "/"]),
    "connection_id": st.sampled_from(["c", "d"]),
    "parameters": st.fixed_dictionaries(
        {}, optional={"user_name": st.sampled_from(["uploader", "other"]), "region": st.sampled_from(["", "us-east-1"])}
    ),
    "secrets_mapping": st.fixed_dictionaries(
        {}, optional={"access_key_id": st.sampled_from("AC"), "secret_access_key": st.sampled_from("BD")}
    ),
    "rotation_interval": st.integers(1, 99),
    "rotate_at_utc": st.fixed_dictionaries({"hours": st.integers(0, 23), "minutes": st.integers(0, 59)}),
    "auto_rotation_enabled": st.booleans(),
    "description": st.sampled_from(["", "x"]),
}
DESIRED_STATES = st.fixed_dictionaries({}, optional=VALUES)
IMMOVABLE = {"project_id", "environment", "secret_path", "connection_id"}


def stays(wanted: dict[str, Any]) -> bool:
    """Returns whether the desired state changes no immutable field, independently of the table."""
    moved = any(wanted[option] != WHOLE[option] for option in IMMOVABLE & wanted.keys())
    return not moved and wanted.get("parameters", {}).get("user_name", "uploader") == "uploader"


@given(wanted=DESIRED_STATES, recreate=st.booleans())
def test_an_update_keeps_its_place_or_is_rejected_or_made_again(wanted: dict[str, Any], recreate: bool) -> None:
    declared = DeclaredRotation(recreate=recreate)
    if not stays(wanted) and not recreate:
        with pytest.raises(InvalidOptions):
            plan_rotation(stored(), wanted, declared, 0)
        return
    planned = plan_rotation(stored(), wanted, declared, 0)
    assert (planned.replaced is not None) == (not stays(wanted))
    after = planned.table.after or {}
    for option, value in WHOLE.items():
        desired: Any = wanted.get(option, value)
        held = after[option]
        if isinstance(value, dict):
            desired, held = (
                {part: said for part, said in one.items() if said != ""} for one in ({**value, **desired}, held)
            )
        assert held == desired
    if planned.table.action == "update":
        (body,) = planned.table.bodies
        assert not body.keys() & {"projectId", "environment", "secretPath", "connectionId"}
        assert all(len(body[whole]) == 2 for whole in ("secretsMapping", "rotateAtUtc") if whole in body)
        # The state after this request is the desired state, so nothing is left to do.
        again = plan_rotation(stored(**body), wanted, declared, 0)
        assert not again.changed


@given(hours=st.integers(0, 23), minutes=st.integers(0, 59), padding=st.sampled_from(["", " "]))
def test_every_spelling_of_a_time_of_day(hours: int, minutes: int, padding: str) -> None:
    for spelled in (
        {"hours": hours, "minutes": minutes},
        {"hours": str(hours), "minutes": f"{minutes}{padding}"},
        f"{padding}{hours}:{minutes:02}{padding}",
        f"{hours:02}:{minutes:02}",
    ):
        faults: list[str] = []
        assert TimeOfDay().parse("at", spelled, faults) == {"hours": hours, "minutes": minutes}
        assert faults == []
    assert TimeOfDay().displayed({"hours": hours, "minutes": minutes}) == f"{hours:02}:{minutes:02}"


@pytest.mark.parametrize("path", ["/aws", "/aws/", " /aws ", "/aws//"])
def test_a_path_has_no_trailing_slash(path: str) -> None:
    faults: list[str] = []
    assert SecretPath().parse("path", path, faults) == "/aws"
    assert bool(faults) == path.endswith("//")
    assert SecretPath().parse("path", "/", []) == SecretPath().from_wire("/") == "/"
    assert SecretPath().from_wire("/aws/") == "/aws"


def test_a_secret_is_never_displayed_nor_reported() -> None:
    kind = next(field.type for field in AWS_CONNECTION.fields if field.option == "credentials")
    value = {"access_key_id": "A", "secret_access_key": "hush"}
    assert kind.displayed(value) == {"access_key_id": "A", "secret_access_key": MASKED}
    assert kind.returned(value) == {"access_key_id": "A"}
    assert kind.same({"access_key_id": "A"}, value) and not kind.same({"access_key_id": "B"}, value)
    assert kind.to_wire(value) == {"accessKeyId": "A", "secretAccessKey": "hush"}
    spec = AWS_CONNECTION.argument_spec()["credentials"]["options"]
    assert spec["secret_access_key"]["no_log"] is True
    mapping = AWS_IAM_ROTATION.argument_spec()["secrets_mapping"]
    assert mapping["no_log"] is mapping["options"]["secret_access_key"]["no_log"] is False


@given(seconds=st.integers(0, 10_000))
def test_pauses_grow_and_come_to_what_was_allowed(seconds: int) -> None:
    pauses = list(growing_pauses(seconds))
    assert sum(pauses) == seconds
    assert pauses[:-1] == sorted(pauses[:-1])
    assert all(0 < pause <= 15 for pause in pauses)
