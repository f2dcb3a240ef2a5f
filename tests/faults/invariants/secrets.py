# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets: no usable one is stranded, none is missing, and none is displayed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.world import ClientSecret
from tests.faults.harness.estate import usable_secrets
from tests.faults.harness.iam import ROTATOR_KEY
from tests.faults.harness.play import Done
from tests.faults.harness.trial import Trial

SHORTEST = 8


def no_secret_is_stranded(trial: Trial) -> Iterator[str]:
    """A usable client secret was delivered, or a failure or the last run has reported its id."""
    for secret in ours(trial):
        if not delivered(trial, secret) and not named(trial, secret):
            yield f"client secret '{secret.description}' is usable, nobody has it, and its id is not reported"


def whoever_needs_a_secret_has_one(trial: Trial) -> Iterator[str]:
    """After a successful repair, a declared secret is delivered, or the last run has warned about it with its id."""
    if trial.repair.failed:
        return
    wanted = {one[0] for identity in trial.last.estate["identities"] for one in identity["client_secrets"]}
    held = {secret.description for secret in ours(trial) if delivered(trial, secret) or named(trial, secret)}
    known = {secret.description for secret in trial.stage.pristine.client_secrets.values()}
    for description in sorted(wanted - held - known):
        yield f"client secret '{description}' is reported as valid, but nobody has it"


def no_secret_is_displayed(trial: Trial) -> Iterator[str]:
    secrets = [value for value in known_secrets(trial) if len(value) >= SHORTEST]
    for one in trial.tasks:
        text = displayed(one)
        for secret in secrets:
            if secret in text:
                at = text.find(secret)
                yield f"{one.module} displays a secret: ...{text[max(0, at - 80) : at]}<here>"
                break


def displayed(one: Done) -> str:
    """Returns what core may print of a task: the complete result, or what is displayed of a censored one."""
    result = one.result
    if not one.displayed:
        result = {key: result.get(key) for key in ("msg", "failure", "diff", "warnings", "invocation")}
    return json.dumps(result, default=str) + (one.crash or "")


def known_secrets(trial: Trial) -> Iterator[str]:
    stage = trial.stage
    yield from stage.observer.client_secrets.values()
    yield stage.token
    yield stage.site.client_secret
    yield ROTATOR_KEY["secretAccessKey"]
    for rotation in stage.world.rotations.values():
        yield from (pair["secretAccessKey"] for pair in rotation.generated)
    for one in trial.tasks:
        yield from (one.result.get("login_data") or {}).get("access_token", "").split()


def ours(trial: Trial) -> Iterator[ClientSecret]:
    """Returns the usable client secrets that this trial has created."""
    world = trial.stage.world
    for identity in world.identities.values():
        for secret in usable_secrets(world, identity):
            if secret.id not in trial.stage.pristine.client_secrets:
                yield secret


def delivered(trial: Trial, secret: ClientSecret) -> bool:
    """Returns whether its text is in a result that the play continues with, or in a file."""
    text = trial.stage.observer.client_secrets[secret.id]
    results = (json.dumps(one.result, default=str) for one in trial.tasks if not one.failed)
    return any(text in result for result in results) or any(text in file for file in trial.last.files.values())


def named(trial: Trial, secret: ClientSecret) -> bool:
    failures = [one for one in trial.tasks if one.failed]
    return any(secret.id in one.said for one in [*failures, *trial.last.done])


RULES = (no_secret_is_stranded, whoever_needs_a_secret_has_one, no_secret_is_displayed)
