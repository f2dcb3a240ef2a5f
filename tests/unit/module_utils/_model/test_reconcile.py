# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engine on a store of its own: writes that fail, get lost, come twice or do not stick."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, converge
from tests.unit.memory_store import DESIRED, HELD, Shelf, becomes, fails, lost, server_error


def test_each_action_takes_the_writes_it_needs_and_no_more() -> None:
    for held, desired, present, writes in (
        (None, DESIRED, True, ["create"]),
        (HELD, DESIRED, True, ["update"]),
        ({**HELD, "list": "x"}, DESIRED, True, []),
        (HELD, {}, False, ["delete"]),
        (None, {}, False, []),
        (None, {**DESIRED, "high": 0}, True, ["create", "update"]),
    ):
        checked, done = Shelf(held), Shelf(held)
        predicted = converge(checked, desired, present=present, check_mode=True)
        outcome = converge(done, desired, present=present)
        assert (checked.writes, done.writes) == ([], writes)
        assert predicted.plan == outcome.plan and outcome.plan.changed == bool(writes)
        assert predicted.options == outcome.options
        assert checked.reviewed == done.reviewed == [outcome.plan.action]


@pytest.mark.parametrize("error", [lost(), server_error(500), server_error(502), server_error(504), server_error(200)],
                         ids=["lost", "500", "502", "504", "a-page"])  # fmt: skip
def test_a_create_that_was_done_although_it_failed_is_success_and_not_done_twice(error: InfisicalError) -> None:
    shelf = Shelf()
    shelf.after["create 1"] = fails(error)
    outcome = converge(shelf, DESIRED)
    assert shelf.writes == ["create"]
    assert outcome.plan.action == "create" and outcome.options is not None and outcome.options["list"] == ["x"]


def test_a_lost_create_that_shows_late_is_found() -> None:
    """The server may still be at it when the connection has gone already."""
    shelf = Shelf()
    shelf.before["create 1"] = fails(lost())
    shelf.before["read 4"] = becomes({**HELD, "list": "x"})
    assert converge(shelf, DESIRED).plan.changed
    assert shelf.writes == ["create"] and 1 <= sum(shelf.time.slept) <= 5


def test_a_lost_create_that_never_shows_is_a_failure_and_not_repeated() -> None:
    shelf = Shelf()
    shelf.before["create 1"] = fails(lost())
    with pytest.raises(LostAnswer):
        converge(shelf, DESIRED)
    assert shelf.writes == ["create"] and shelf.held is None


def test_somebody_faster_with_the_same_desired_is_success() -> None:
    shelf = Shelf()
    shelf.before["create 1"] = becomes({**HELD, "list": "x"}, server_error())
    outcome = converge(shelf, DESIRED)
    assert shelf.writes == ["create"] and outcome.options is not None and outcome.options["list"] == ["x"]


def test_somebody_faster_who_made_another_one_is_a_conflict() -> None:
    """Converging it would be another plan than the one that was displayed and checked."""
    shelf = Shelf()
    shelf.before["create 1"] = becomes({**HELD, "list": "y"})
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED)
    assert (raised.value.kind, raised.value.changed) == ("conflict", False)
    assert shelf.writes == ["create"] and shelf.held is not None and shelf.held["list"] == "y"


def test_somebody_faster_whose_deerrors_differ_is_a_conflict() -> None:
    """What was not declared was predicted, too: to adopt it could leave more open than check mode showed."""
    shelf = Shelf()
    shelf.before["create 1"] = becomes({**HELD, "list": "y"})
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, {"name": "a"})
    assert raised.value.kind == "conflict"


@pytest.mark.parametrize("error", [None, lost(), server_error()], ids=str)
def test_what_somebody_took_away_before_our_update_is_not_created(error: InfisicalError | None) -> None:
    """The task knows its own options only: whatever else protected it is gone."""
    shelf = Shelf(HELD)
    shelf.before["update 1"] = becomes(None, error)
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED)
    assert raised.value.kind == "conflict" and shelf.writes == ["update"] and shelf.held is None


@pytest.mark.parametrize("error", [lost(), server_error(), server_error(502)], ids=str)
def test_an_update_that_was_done_although_it_failed_is_success(error: InfisicalError) -> None:
    shelf = Shelf(HELD)
    shelf.after["update 1"] = fails(error)
    outcome = converge(shelf, DESIRED)
    assert shelf.writes == ["update"] and outcome.options is not None and outcome.options["list"] == ["x"]


@pytest.mark.parametrize("error", [lost(), server_error()], ids=str)
def test_an_update_that_another_client_changed_too_is_a_conflict(error: InfisicalError) -> None:
    shelf = Shelf(HELD)
    shelf.before["update 1"] = becomes({**HELD, "list": "z"}, error)
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED)
    assert raised.value.kind == "conflict" and raised.value.changed, "ours may have been there for a moment"


def test_an_answer_that_shows_what_somebody_else_wrote_is_a_conflict() -> None:
    shelf = Shelf(HELD)

    def meddle(one: Shelf) -> None:
        assert one.held is not None
        one.held["list"] = "z"

    shelf.after["update 1"] = meddle
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED)
    assert raised.value.kind == "conflict" and raised.value.changed


@pytest.mark.parametrize("missing", ["list", "low", "high"])
def test_an_update_carries_nothing_that_was_not_read(missing: str) -> None:
    """The server clears what is left out of an update, an allowlist for one."""
    shelf = Shelf({key: value for key, value in HELD.items() if key != missing})
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, {"name": "b"})
    assert raised.value.kind == "server" and missing in str(raised.value) and shelf.writes == []


def test_somebody_who_took_it_away_before_our_delete_is_success() -> None:
    shelf = Shelf(HELD)
    shelf.before["delete 1"] = becomes(None)
    outcome = converge(shelf, {}, present=False)
    assert outcome.plan.changed and outcome.options is None


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_write_that_failed_with_nothing_changed_is_a_failure(verb: str) -> None:
    shelf = Shelf(HELD)
    shelf.before[f"{verb} 1"] = fails(server_error())
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED, present=verb == "update")
    assert raised.value.kind == "server" and shelf.held == HELD and shelf.writes == [verb]


@pytest.mark.parametrize(
    "error",
    [
        InfisicalError("plan", "Upgrade plan.", status=400),
        InfisicalError("permission", "Not allowed.", status=403),
        InfisicalError("validation", "No.", status=422),
        InfisicalError("rate_limited", "Wait.", status=429),
        InfisicalError("network", "Rejected."),
    ],
    ids=lambda error: str(error.kind),
)
def test_an_unambiguous_rejection_costs_no_further_request(error: InfisicalError) -> None:
    shelf = Shelf()
    shelf.before["create 1"] = fails(error)
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED)
    assert raised.value is error and shelf.calls == ["read", "create"]


def test_a_failure_to_look_again_keeps_the_first_failure() -> None:
    shelf = Shelf()
    first = lost()
    shelf.before["create 1"] = fails(first)
    shelf.before["read 2"] = fails(InfisicalError("network", "Rejected."))
    with pytest.raises(LostAnswer) as raised:
        converge(shelf, DESIRED)
    assert raised.value is first


def test_a_field_the_server_dropped_is_a_failure_and_what_was_created_is_removed() -> None:
    shelf = Shelf()
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, {**DESIRED, "newer": 5})
    assert raised.value.kind == "unsupported_by_server" and "newer" in str(raised.value)
    assert shelf.held is None and "removed again" in str(raised.value)


def test_a_field_the_server_does_not_know_and_behaves_like_is_no_failure() -> None:
    shelf = Shelf()
    assert converge(shelf, {**DESIRED, "newer": 0}).plan.changed
    assert shelf.held is not None


def test_a_value_the_server_stored_otherwise_is_a_failure() -> None:
    shelf = Shelf(HELD)

    def meddle(one: Shelf) -> None:
        assert one.held is not None
        one.held["list"] = ""

    shelf.after["update 1"] = meddle
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, DESIRED)
    assert raised.value.kind == "unsupported_by_server"
    assert "list ['x'], but stored []" in str(raised.value) and "1 of 1 writes were carried out" in str(raised.value)


def test_a_field_that_no_answer_carries_is_not_looked_for() -> None:
    assert converge(Shelf(), {**DESIRED, "untold": "x"}).plan.changed


def test_an_answer_that_lacks_a_field_is_completed_by_reading() -> None:
    shelf = Shelf()
    original = shelf.create
    shelf.create = lambda body: {"name": original(body)["name"]}  # type: ignore[method-assign]
    outcome = converge(shelf, DESIRED)
    assert shelf.calls == ["read", "create", "read"] and outcome.options is not None
    assert outcome.options["list"] == ["x"]


@pytest.mark.parametrize("error", [server_error(), lost(), InfisicalError("permission", "No.", status=403)], ids=str)
def test_what_cannot_be_finished_does_not_stay_half_done(error: InfisicalError) -> None:
    """A method attached with a passing maximum must not keep it when the second write fails."""
    shelf = Shelf()
    shelf.before["update 1"] = fails(error)
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, {**DESIRED, "high": 0})
    assert raised.value is error and shelf.held is None
    assert "The created object was removed again." in str(raised.value) and not raised.value.changed


def test_what_cannot_be_removed_again_is_reported() -> None:
    shelf = Shelf()
    shelf.before["update 1"] = fails(InfisicalError("permission", "No update.", status=403))
    shelf.before["delete 1"] = fails(InfisicalError("permission", "No delete.", status=403))
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, {**DESIRED, "high": 0})
    assert "could not be removed again: No delete." in str(raised.value) and shelf.held is not None
    assert raised.value.changed


def test_how_far_an_update_of_two_writes_came_is_reported() -> None:
    shelf = Shelf({**HELD, "high": 100})
    shelf.before["update 2"] = fails(InfisicalError("permission", "No.", status=403))
    with pytest.raises(InfisicalError) as raised:
        converge(shelf, {"low": 0, "high": 5})
    assert "1 of 2 writes were carried out" in str(raised.value) and raised.value.changed


def test_a_store_says_itself_what_it_is() -> None:
    bare: Any = Store()
    for call in (bare.read, lambda: bare.create({}), lambda: bare.update({}), bare.delete):
        with pytest.raises(NotImplementedError):
            call()
