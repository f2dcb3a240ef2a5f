# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The task that manages one client secret of one identity."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.delivery import SecretRules
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.file import ADDRESS, SecretFile
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.plan import (
    CLIENT_SECRET_OPTIONS,
    CLIENT_SECRET_RULES,
    DeclaredSecret,
    parse_client_secret,
)
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.steps import SecretSteps
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.store import ClientSecretStore
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

NOT_RETURNED = ("description", "dest")
"""Keys that are not repeated in the result of a single secret. Core would also add the state of the file to the result
of a module that contains ``dest``."""


def destination_errors(declared: Sequence[DeclaredSecret], url: str) -> list[str]:
    """Returns the reasons why the files of ``dest`` cannot be written on this host."""
    errors = []
    places: dict[str, list[str]] = {}
    for one in declared:
        if one.dest is None or not one.present:
            continue
        option = f"{one.option}dest"
        found = SecretFile(one.dest).errors()
        errors += [f"{option} {error}" for error in found]
        if not found:
            places.setdefault(os.path.realpath(one.dest), []).append(option)
    for place, options in places.items():
        if len(options) > 1:
            errors.append(f"{' and '.join(options)} are the same file '{place}'")
    if places and not ADDRESS.match(url):
        errors.append(f"url must be plain ASCII without spaces and quotes to be written to a file, got '{url}'")
    return errors


def secret_rules(run: Run) -> SecretRules:
    return SecretRules(
        check_mode=run.check_mode,
        url=run.connection.url,
        result_is_read=run.result_is_read,
        mask=run.mask,
    )


def not_attached(identity: str) -> InfisicalError:
    return InfisicalError(
        "not_found",
        f"Identity {identity} has no universal auth, so it can have no client secret.",
        advice="Attach it first with identity_universal_auth.",
    )


def reconcile_client_secret(run: Run) -> dict[str, Any]:
    errors = identity_errors(run.params)
    declared = parse_client_secret(run.params, errors)
    run.check_options(errors + destination_errors([declared], run.connection.url))
    identity_id = resolve_identity(run)
    store = ClientSecretStore(run.client, identity_id)
    listed = store.listed()
    if listed is None and declared.present:
        raise not_attached(identity_id)
    steps = SecretSteps(secret_rules(run))
    steps.plan([declared], store, listed, run.client.now())
    result: dict[str, Any] = {"diff": steps.steps[0].planned.diff(), "identity_id": identity_id}
    if declared.present:
        result["client_id"] = store.client_id()
    try:
        if not run.check_mode:
            steps.carry_out(store)
            steps.finish()
    finally:
        for warning in steps.warnings:
            run.warn(warning)
    result["changed"] = steps.changed
    result.update({key: value for key, value in made_of(steps).items() if key not in NOT_RETURNED})
    return result


def made_of(steps: SecretSteps) -> dict[str, Any]:
    return steps.steps[0].result(check_mode=steps.rules.check_mode)


IDENTITY_CLIENT_SECRET_TASK = Task(
    argument_spec={**identity_options(), **CLIENT_SECRET_OPTIONS},
    rules={
        name: [*IDENTITY_RULES.get(name, []), *CLIENT_SECRET_RULES.get(name, [])]
        for name in {**IDENTITY_RULES, **CLIENT_SECRET_RULES}
    },
    execute=reconcile_client_secret,
    holds_a_secret=lambda result: "client_secret" in result,
)
