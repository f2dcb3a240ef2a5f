# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options of issued credentials, and their parsing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    LONGEST_LIFETIME,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialType,
    DeclaredCredential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import line_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid, uuid_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE, parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer

TIMES = {
    "renew_before": Integer(0, LONGEST_LIFETIME, "seconds"),
    "overlap": Integer(0, LONGEST_LIFETIME, "seconds"),
}
LONGEST_NAME = 255


def credential_options(credential: CredentialType) -> dict[str, dict[str, Any]]:
    """Returns the argument spec of one credential."""
    return {
        credential.name_option: {"type": "str"},
        credential.id_option: {"type": "str", "no_log": False},
        "dest": {"type": "path"},
        **{one.option: {**one.argument_spec(), "default": one.default} for one in credential.settings},
        "renew": {"type": "str", "choices": ["when_due", "now"], "default": "when_due"},
        "renew_before": {"type": "int", "default": 0},
        "overlap": {"type": "int"},
        "state": STATE,
    }


def credential_rules(credential: CredentialType) -> dict[str, Any]:
    """Returns Ansible's rules between those options."""
    name, by_id = credential.name_option, credential.id_option
    return {
        "required_one_of": [[name, by_id]],
        "required_if": [["state", "present", [name]]],
        "mutually_exclusive": [[name, by_id], ["dest", by_id]],
    }


def parse_credential(
    credential: CredentialType, params: Mapping[str, Any], errors: list[str], prefix: str = ""
) -> DeclaredCredential:
    name = (params.get(credential.name_option) or "").strip()
    credential_id = params.get(credential.id_option)
    if credential_id is not None:
        given, credential_id = credential_id, lower_uuid(credential_id.strip())
        wrong = uuid_error(credential_id)
        if wrong:
            errors.append(f"{prefix}{credential.id_option} {wrong}, got '{given}'")
    else:
        # A longer one causes a 500 (server-notes#client-secret-descriptions).
        wrong = line_error(name, LONGEST_NAME)
        if wrong:
            errors.append(f"{prefix}{credential.name_option} {wrong}")
    settings = parse_given({one.option: one.type for one in credential.settings}, params, errors, prefix)
    times = parse_given(TIMES, params, errors, prefix)
    ttl, renew_before = settings.get("ttl", 0), times.get("renew_before", 0)
    if ttl and renew_before >= ttl:
        errors.append(
            f"{prefix}renew_before {renew_before} must be less than ttl {ttl}, otherwise each run would create a"
            f" {credential.noun}"
        )
    return DeclaredCredential(
        credential,
        name,
        {**{one.option: one.default for one in credential.settings}, **settings},
        **times,
        present=params.get("state", "present") == "present",
        credential_id=credential_id,
        dest=params.get("dest"),
        renew_now=params.get("renew") == "now",
        option=prefix,
    )
