# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No access key is wasted, and the delivered one works."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.harness.trial import Trial


def no_key_is_burned(trial: Trial) -> Iterator[str]:
    made = sum(one.keys_made for one in trial.performances)
    budget = trial.stage.scenario.keys
    if made > budget:
        yield f"{made} keys were made, {budget} were needed"


def no_key_is_burned_in_silence(trial: Trial) -> Iterator[str]:
    """If it cannot be prevented, because concurrent runs do the same, one of them must report it."""
    if not any("key" in one.said for one in trial.tasks):
        yield from no_key_is_burned(trial)


def the_key_in_use_works(trial: Trial) -> Iterator[str]:
    live = trial.stage.iam.live()
    for rotation in trial.stage.world.rotations.values():
        if rotation.active["accessKeyId"] not in live:
            yield f"{rotation.name} hands out {rotation.active['accessKeyId']}, which is deleted"


RULES = (no_key_is_burned, the_key_in_use_works)
