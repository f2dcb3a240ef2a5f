# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fault suite detects violations of each rule, which these tests cause on purpose."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import method_path
from tests.faults.families import FAMILIES, every_case
from tests.faults.families.races import in_order
from tests.faults.harness.case import stage_of
from tests.faults.harness.estate import estate_of
from tests.faults.harness.observer import NOTHING, Plan
from tests.faults.harness.play import Done
from tests.faults.harness.reach import EVERYBODY
from tests.faults.harness.report import Report
from tests.faults.harness.runner import CRASHED, run_case, sample_of
from tests.faults.harness.times import virtual_time
from tests.faults.harness.trial import Trial, tried
from tests.faults.injected import FAULTS
from tests.faults.invariants import RULES, broken
from tests.faults.scenarios.identities import NAME

Doctor = Callable[[Trial], None]


def duplicate(trial: Trial) -> None:
    world = trial.stage.world
    (one,) = [identity for identity in world.identities.values() if identity.name == NAME]
    world.identities["duplicate"] = replace(one, id="duplicate")
    trial.last.estate = estate_of(world)


def lost_list(trial: Trial) -> None:
    reach = dict(trial.last.done[-1].reach)
    reach[NAME, "aws-auth", "allowedAccountIds"] = EVERYBODY
    trial.first.reaches.append(reach)


def longer_life(trial: Trial) -> None:
    reach = dict(trial.last.done[-1].reach)
    reach[NAME, "aws-auth", "accessTokenTTL"] = float("inf")
    trial.first.reaches.append(reach)


def secret_of_nobody(trial: Trial) -> None:
    site = trial.stage.site
    (one,) = [identity for identity in site.service.world.identities.values() if identity.name == NAME]
    site.api("POST", f"{method_path('universal-auth', one.id)}/client-secrets", {"description": "lost"})
    trial.last.estate = estate_of(site.service.world)


def failed(trial: Trial, **result: Any) -> None:
    """Adds a failed task to the first run."""
    trial.first.done.append(Done("identity", {}, {"failed": True, **result}, ("something",), {}))


def burned(trial: Trial) -> None:
    trial.first.keys_made += 1


def other_end(trial: Trial) -> None:
    trial.last.estate = copy.deepcopy(trial.last.estate)
    trial.last.estate["identities"][0]["role"] = "admin"


def untrue(trial: Trial) -> None:
    trial.first.estate = {**trial.first.estate, "identities": []}


def second_change(trial: Trial) -> None:
    assert trial.again
    trial.again.done[0].result["changed"] = True


DOCUMENTED = {"kind": "server", "message": "no"}
DOCTORS: dict[str, tuple[str, Doctor]] = {
    "duplicate": ("nothing_is_there_twice", duplicate),
    "list": ("nothing_is_more_open_than_before_or_declared", lost_list),
    "lifetime": ("nothing_is_more_open_than_before_or_declared", longer_life),
    "stranded": ("no_secret_is_stranded", secret_of_nobody),
    "missing": ("whoever_needs_a_secret_has_one", secret_of_nobody),
    "kind": ("a_failure_has_a_kind_and_advice", lambda trial: failed(trial, msg="no", failure={"kind": "odd"})),
    "advice": ("a_failure_has_a_kind_and_advice", lambda trial: failed(trial, msg="no", failure=DOCUMENTED)),
    "unchanged": (
        "a_failure_that_changed_something_says_so",
        lambda trial: failed(trial, msg="no. Look.", failure=DOCUMENTED, changed=False),
    ),
    "displayed": (
        "no_secret_is_displayed",
        lambda trial: failed(trial, msg=f"{trial.stage.token}. Look.", failure=DOCUMENTED, changed=True),
    ),
    "burned": ("no_key_is_burned", burned),
    "end": ("the_end_is_that_of_a_clean_run", other_end),
    "untrue": ("success_is_true", untrue),
    "again": ("a_second_run_changes_nothing", second_change),
}


@pytest.fixture
def trial() -> Any:
    with virtual_time():
        yield tried(stage_of("change-lifetimes"), NOTHING)


def test_a_run_without_faults_breaks_no_rule(trial: Trial) -> None:
    assert broken(trial) == [] and not trial.first.failed


@pytest.mark.parametrize("name", DOCTORS)
def test_a_broken_rule_is_seen(trial: Trial, name: str) -> None:
    rule, doctor = DOCTORS[name]
    doctor(trial)
    assert rule in [found for found, _detail in broken(trial)]


def test_a_failed_run_and_a_crash_are_seen(trial: Trial) -> None:
    trial.repair.done.append(Done("identity", {}, {}, (), {}, crash="KeyError in somewhere"))
    found = [rule for rule, _detail in broken(trial)]
    assert "nothing_is_raised" in found and "a_run_without_faults_succeeds" in found


def test_the_key_in_use_is_looked_at() -> None:
    with virtual_time():
        trial = tried(stage_of("rotation-change"), NOTHING)
    for user in trial.stage.iam.users:
        trial.stage.iam.users[user] = []
    assert "the_key_in_use_works" in [rule for rule, _detail in broken(trial)]


def test_every_rule_is_broken_here() -> None:
    elsewhere = {"nothing_is_raised", "a_run_without_faults_succeeds", "the_key_in_use_works"}
    assert {rule.__name__ for rule in RULES} == {rule for rule, _doctor in DOCTORS.values()} | elsewhere


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_reaches_the_client(name: str) -> None:
    """As a failure of the first read, which is not retried."""
    with virtual_time():
        first = tried(stage_of("connection-change"), Plan({0: FAULTS[name]}), retries=0).first
    assert [one.fault for one in first.asked if one.fault], name
    assert first.failed


def test_a_race_is_the_same_each_time() -> None:
    stage = stage_of("onboard-by-name")
    orders = []
    for _turn in range(2):
        with virtual_time():
            stage.restore()
            race = in_order(stage, 3, seed=1)
        orders.append([(one.method, one.route, one.status) for one in race.asked])
    assert orders[0] == orders[1] and len(orders[0]) > 20


def test_a_case_that_makes_no_sense_is_a_violation() -> None:
    assert run_case("singles/no-such-scenario/1/400")[1][0][0] == CRASHED


def test_samples_are_the_same_each_time_and_of_every_family() -> None:
    cases = every_case()
    sample = sample_of(cases, 300)
    assert sample == sample_of(cases, 300) and len(cases) == len(set(cases)) >= 5000
    assert {case.partition("/")[0] for case in sample} == set(FAMILIES)


def test_the_report_counts_and_names(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.add("singles/a/1/400", [])
    report.add("races/a/2/seed=0", [("some_rule", "what is wrong")])
    assert report.violations == 1
    assert capsys.readouterr().out == "some_rule: what is wrong\n    make faults CASES='races/a/2/seed=0'\n"
    assert report.summary().endswith("\n\nruns: 2, violations: 1")
