# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets: no usable one is stranded, none is missing, and none is displayed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.faults.harness.estate import Credential, usable_credentials
from tests.faults.harness.iam import ROTATOR_KEY
from tests.faults.harness.play import Done
from tests.faults.harness.trial import Trial

SHORTEST = 8


def no_secret_is_stranded(trial: Trial) -> Iterator[str]:
    """A usable credential was delivered, or a failure or the last run has reported its id."""
    for secret in ours(trial):
        if not delivered(trial, secret) and not named(trial, secret):
            yield f"{secret.noun} '{secret.name}' is usable, nobody has it, and its id is not reported"


def whoever_needs_a_secret_has_one(trial: Trial) -> Iterator[str]:
    """After a successful repair, a declared secret is delivered, or the last run has warned about it with its id."""
    if trial.repair.failed:
        return
    wanted = {one[:2] for identity in trial.last.estate["identities"] for one in identity["credentials"]}
    held = {secret.declared[:2] for secret in ours(trial) if delivered(trial, secret) or named(trial, secret)}
    pristine = trial.stage.pristine
    known = {one.declared[:2] for owner in pristine.identities.values() for one in usable_credentials(pristine, owner)}
    for noun, name in sorted(wanted - held - known):
        yield f"{noun} '{name}' is reported as valid, but nobody has it"


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
    yield from stage.observer.credentials.values()
    yield stage.token
    yield stage.site.client_secret
    yield ROTATOR_KEY["secretAccessKey"]
    for rotation in stage.world.rotations.values():
        yield from (pair["secretAccessKey"] for pair in rotation.generated)
    for one in trial.tasks:
        yield from (one.result.get("login_data") or {}).get("access_token", "").split()


def ours(trial: Trial) -> Iterator[Credential]:
    """Returns the usable credentials that this trial has created."""
    world, pristine = trial.stage.world, trial.stage.pristine
    for identity in world.identities.values():
        for one in usable_credentials(world, identity):
            if one.id not in pristine.client_secrets and one.id not in pristine.access_tokens:
                yield one


def delivered(trial: Trial, secret: Credential) -> bool:
    """Returns whether its text is in a result that the play continues with, or in a file."""
    text = trial.stage.observer.credentials[secret.id]
    results = (json.dumps(one.result, default=str) for one in trial.tasks if not one.failed)
    return any(text in result for result in results) or any(text in file for file in trial.last.files.values())


def named(trial: Trial, secret: Credential) -> bool:
    failures = [one for one in trial.tasks if one.failed]
    return any(secret.id in one.said for one in [*failures, *trial.last.done])


RULES = (no_secret_is_stranded, whoever_needs_a_secret_has_one, no_secret_is_displayed)
