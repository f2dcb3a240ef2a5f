# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tasks that manage one issued credential of one identity."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.client_secret import (
    CLIENT_SECRET,
    ClientSecretApi,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialApi,
    CredentialType,
    DeclaredCredential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.delivery import DeliveryRules, file_of
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import ADDRESS
from ansible_collections.machineid.infisical.plugins.module_utils._issued.options import (
    credential_options,
    credential_rules,
    parse_credential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.steps import CredentialSteps
from ansible_collections.machineid.infisical.plugins.module_utils._issued.store import CredentialStore
from ansible_collections.machineid.infisical.plugins.module_utils._issued.token import TOKEN, TokenApi
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

NOT_RETURNED = ("dest",)
"""Keys that are not repeated in the result of a single credential. Core would also add the state of the file to a
result that contains ``dest``."""


def destination_errors(declared: Sequence[DeclaredCredential], url: str) -> list[str]:
    """Returns the reasons why the files of ``dest`` cannot be written on this host."""
    errors = []
    places: dict[str, list[str]] = {}
    for one in declared:
        file = file_of(one)
        if file is None or not one.present:
            continue
        option = f"{one.option}dest"
        found = file.errors()
        errors += [f"{option} {error}" for error in found]
        if not found:
            places.setdefault(os.path.realpath(file.path), []).append(option)
    for place, options in places.items():
        if len(options) > 1:
            errors.append(f"{' and '.join(options)} are the same file '{place}'")
    if places and not ADDRESS.match(url):
        errors.append(f"url must be plain ASCII without spaces and quotes to be written to a file, got '{url}'")
    return errors


def delivery_rules(run: Run) -> DeliveryRules:
    return DeliveryRules(
        check_mode=run.check_mode,
        url=run.connection.url,
        result_is_read=run.result_is_read,
        mask=run.mask,
    )


def reconcile_credential(
    run: Run, api_of: Callable[[Client, str], CredentialApi], credential: CredentialType
) -> dict[str, Any]:
    errors = identity_errors(run.params)
    declared = parse_credential(credential, run.params, errors)
    run.check_options(errors + destination_errors([declared], run.connection.url))
    identity_id = resolve_identity(run)
    api = api_of(run.client, identity_id)
    listing = api.listed(declared.credential_id)
    if listing is None and declared.present:
        raise credential.not_attached(identity_id)
    steps = CredentialSteps(delivery_rules(run))
    steps.plan([declared], api, listing)
    step = steps.steps[0]
    result: dict[str, Any] = {"diff": step.planned.diff(), "identity_id": identity_id}
    if declared.present:
        result.update(api.facts())
    try:
        if not run.check_mode:
            steps.carry_out(lambda _type: CredentialStore(api))
            steps.finish()
    finally:
        for warning in steps.warnings:
            run.warn(warning)
    result["changed"] = steps.changed
    made = step.result(check_mode=run.check_mode)
    result.update({key: value for key, value in made.items() if key not in (*NOT_RETURNED, credential.name_option)})
    return result


def reconcile_client_secret(run: Run) -> dict[str, Any]:
    return reconcile_credential(run, ClientSecretApi, CLIENT_SECRET)


def reconcile_token(run: Run) -> dict[str, Any]:
    return reconcile_credential(run, TokenApi, TOKEN)


def credential_task(credential: CredentialType, execute: Callable[[Run], dict[str, Any]]) -> Task:
    rules = credential_rules(credential)
    return Task(
        argument_spec={**identity_options(), **credential_options(credential)},
        rules={name: [*IDENTITY_RULES.get(name, []), *rules.get(name, [])] for name in {**IDENTITY_RULES, **rules}},
        execute=execute,
        holds_a_secret=lambda result: credential.key in result,
    )


IDENTITY_CLIENT_SECRET_TASK = credential_task(CLIENT_SECRET, reconcile_client_secret)
IDENTITY_TOKEN_TASK = credential_task(TOKEN, reconcile_token)
CREDENTIAL_TYPES = (CLIENT_SECRET, TOKEN)
