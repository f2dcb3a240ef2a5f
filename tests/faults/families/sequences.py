# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sequences of random desired states, each applied in check mode, in a run and in a second run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from tests.conftest import PROFILES, Site
from tests.faults.harness.case import Broken
from tests.faults.harness.observer import NOTHING
from tests.faults.harness.play import Done, Play, Stopped
from tests.faults.harness.stage import Scenario, Stage
from tests.faults.invariants.failures import of_done
from tests.faults.invariants.secrets import displayed
from tests.faults.scenarios.identities import NAME as IDENTITY
from tests.unit.strategies import desired_states
from tests.unit.tables import AUTH_METHODS, RESOURCES, known_fields, served

NAME = "sequences"
SEEDS = 40
WHOLE = "whole"

State = Options | None
"""The desired state of an object. None if it is to be absent."""


def cases() -> Iterator[str]:
    tables = [(name, profile) for name in RESOURCES for profile in PROFILES if served(RESOURCES[name], profile)]
    for name, profile in [*tables, (WHOLE, "current")]:
        yield from (f"{name}/{profile}/{number}" for number in range(SEEDS))


@st.composite
def states(draw: st.DrawFn, resource: Resource, profile: str) -> list[State]:
    """States that can be applied one after the other."""
    found: list[State] = []
    held: State = None
    for _turn in range(draw(st.integers(3, 6))):
        held, state = draw(following(resource, profile, held))
        found.append(state)
    return found


@st.composite
def following(draw: st.DrawFn, resource: Resource, profile: str, held: State) -> tuple[State, State]:
    """Returns the current state after the next desired state, and that desired state."""
    if held is not None and not held.get("delete_protection") and draw(st.integers(0, 4)) == 0:
        return None, None
    state = draw(desired_states(resource, profile, held))
    if resource.name == "identity":
        state["name"] = IDENTITY
    defaults = {one.option: one.default for one in known_fields(resource, profile) if one.default is not None}
    return {**defaults, **(held or {}), **state}, state


@st.composite
def whole_states(draw: st.DrawFn) -> list[Options]:
    """Identities with all settings: each method is declared, not declared, or absent."""
    found = []
    held: dict[str, State] = dict.fromkeys(AUTH_METHODS)
    for _turn in range(draw(st.integers(3, 5))):
        one: Options = {"name": IDENTITY}
        for method in draw(st.sets(st.sampled_from(AUTH_METHODS))):
            held[method], state = draw(following(RESOURCES[method], "current", held[method]))
            one[method.removeprefix("identity_")] = {"state": "absent"} if state is None else state
        found.append(one)
    return found


def drawn(strategy: st.SearchStrategy[Any], number: int) -> Any:
    """Returns one example of a strategy, always the same one for the same number."""
    found: list[Any] = []

    @seed(number)
    @settings(
        # The first example is the simplest one.
        max_examples=2,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    take()
    return found[-1]


def run(case: str) -> list[Broken]:
    name, profile, number = case.split("/")
    stage = stage_for(profile)
    stage.restore()
    if name in ("identity", WHOLE):
        (ours,) = [one for one in stage.world.identities.values() if one.name == IDENTITY]
        stage.world.delete_identity(ours)
    stage.observer.begin(NOTHING)
    wrong: list[Broken] = []
    for options in sequence(stage, name, profile, int(number)):
        wrong += converged(stage, "identities" if name == WHOLE else name, options)
        if wrong:
            # The following steps depend on this one.
            break
    return wrong


def sequence(stage: Stage, name: str, profile: str, number: int) -> list[Options]:
    """The options of the tasks."""
    if name == WHOLE:
        wholes = drawn(whole_states(), number)
        return [{"identities": [one], "concurrency": 1} for one in wholes]
    address: Options = {"name": IDENTITY} if name == "identity" else {"identity_name": IDENTITY}
    if name.startswith("project_identity"):
        address["project_id"] = next(iter(stage.world.projects))
    if name == "project_identity_privilege":
        # Only members have privileges.
        stage.site.ok("project_identity", roles=["viewer"], **address)
        address["slug"] = "deploy"
    found = drawn(states(RESOURCES[name], profile), number)
    return [{**address, "state": "absent"} if state is None else {**address, **state} for state in found]


def converged(stage: Stage, module: str, options: Options) -> list[Broken]:
    """Check mode writes nothing and reports the same as the run. The second run writes nothing."""
    play = Play(stage.site, str(stage.scratch))
    try:
        play.check(module, **options)
        play.task(module, **options)
        play.task(module, **options)
    except Stopped as stopped:
        return [("a_run_without_faults_succeeds", f"{module} {options}: {stopped}"), *about(stage, play.done)]
    check, first, second = play.done
    wrong = about(stage, play.done)
    if check.wrote:
        wrong.append(("check_mode_writes_nothing", f"{module} {options}: {check.wrote}"))
    for key in ("changed", "diff"):
        if check.result.get(key) != first.result.get(key):
            said, was = check.result.get(key), first.result.get(key)
            wrong.append(("check_mode_is_accurate", f"{module} {options}: {key} {said}, and then {was}"))
    if bool(first.wrote) != bool(first.result["changed"]):
        wrong.append(("changed_is_true", f"{module} {options}: changed {first.result['changed']}, {first.wrote}"))
    if second.wrote or second.result["changed"]:
        wrong.append(("a_second_run_changes_nothing", f"{module} {options}: {second.wrote or second.result['diff']}"))
    return wrong


def about(stage: Stage, done: list[Done]) -> list[Broken]:
    """Rules for every task, whatever its options are."""
    leaked = [("no_secret_is_displayed", one.module) for one in done if stage.token in displayed(one)]
    return leaked + [wrong for one in done for wrong in of_done(one)]


@cache
def stage_for(profile: str) -> Stage:
    return Stage(Scenario(f"sequences-{profile}", lambda play: None, prepare, profile))


def prepare(site: Site) -> None:
    """Creates an identity and a project on either release."""
    site.identity(IDENTITY)
    site.api("POST", "/api/v2/workspace", {"projectName": "Billing"})
