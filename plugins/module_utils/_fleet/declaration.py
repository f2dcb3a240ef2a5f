# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The declaration of one identity with all its settings, parsed from the options of ``identities``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.groups import (
    GROUP_OPTIONS,
    GROUP_RULES,
    group_errors,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import PROJECT_IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_table import (
    parse_privileges,
    privilege_options,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import option_of
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import identity_errors
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialType,
    DeclaredCredential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.options import (
    credential_options,
    credential_rules,
    parse_credential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.task import CREDENTIAL_TYPES
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import option_errors
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    PROJECT_OPTIONS,
    PROJECT_RULES,
    project_errors,
)


@dataclass(frozen=True)
class DeclaredMethod:
    """``resent`` are options that are written again although no difference can be seen."""

    resource: Resource
    desired: Options
    present: bool
    resent: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredPrivilege:
    slug: str
    desired: Options
    present: bool


@dataclass(frozen=True)
class DeclaredMembership:
    """A declared membership. ``project`` contains ``project_id`` or ``project_slug``."""

    project: Mapping[str, Any]
    desired: Options
    present: bool
    privileges: tuple[DeclaredPrivilege, ...] = ()


@dataclass(frozen=True)
class DeclaredGroup:
    """A declared group. ``group`` contains ``group_id``, ``group_slug`` or ``group_name``."""

    group: Mapping[str, Any]
    present: bool


@dataclass(frozen=True)
class Declaration:
    """A declared identity. ``position`` is its index in the list, which messages refer to."""

    position: int
    identity_id: str | None
    desired: Options
    present: bool
    methods: tuple[DeclaredMethod, ...] = ()
    credentials: tuple[DeclaredCredential, ...] = ()
    memberships: tuple[DeclaredMembership, ...] = ()
    groups: tuple[DeclaredGroup, ...] = ()

    @property
    def name(self) -> str:
        return str(self.desired.get("name", ""))

    @property
    def label(self) -> str:
        return self.name or str(self.identity_id)


def declaration_spec() -> dict[str, Any]:
    """Returns the argument spec of one element of ``identities``."""
    methods = {
        option_of(method): {
            "type": "dict",
            # Not a secret as a whole, though the name of token auth looks like one.
            "no_log": False,
            "options": {"state": STATE, **method.argument_spec()},
            **method.rules,
        }
        for method in AUTH_METHODS
    }
    credentials = {
        credential.list_option: {
            "type": "list",
            "elements": "dict",
            "no_log": False,
            "options": credential_options(credential),
            **credential_rules(credential),
        }
        for credential in CREDENTIAL_TYPES
    }
    return {
        "identity_id": {"type": "str"},
        "state": STATE,
        **IDENTITY.argument_spec(),
        **methods,
        **credentials,
        "projects": {
            "type": "list",
            "elements": "dict",
            "options": {
                **PROJECT_OPTIONS,
                "state": STATE,
                **PROJECT_IDENTITY.argument_spec(),
                "privileges": {"type": "list", "elements": "dict", "options": privilege_options()},
            },
            **PROJECT_RULES,
        },
        "groups": {
            "type": "list",
            "elements": "dict",
            "options": {**GROUP_OPTIONS, "state": STATE},
            **GROUP_RULES,
        },
    }


DECLARATION_RULES = {"required_one_of": [["identity_id", "name"]]}


def parse_declarations(
    elements: Sequence[Mapping[str, Any]], errors: list[str], warnings: list[str]
) -> list[Declaration]:
    """Returns the declarations in the given order. Appends the validation errors of all elements to ``errors``."""
    declarations = [parse_declaration(index, element, errors, warnings) for index, element in enumerate(elements)]
    for what in ("name", "identity_id"):
        places: dict[str, list[int]] = {}
        for one in declarations:
            # Several identities may share a name if their ids differ.
            value = getattr(one, what)
            if value and not (what == "name" and one.identity_id):
                places.setdefault(value, []).append(one.position)
        for value, found in places.items():
            if len(found) > 1:
                where = " and ".join(f"identities[{position}]" for position in found)
                errors.append(f"{where} declare the same {what} '{value}'")
    return declarations


def parse_declaration(position: int, element: Mapping[str, Any], errors: list[str], warnings: list[str]) -> Declaration:
    prefix = f"identities[{position}]."
    errors.extend(prefix + error for error in identity_errors(element))
    desired = IDENTITY.parse(element, errors, prefix=prefix)
    methods = []
    for resource in AUTH_METHODS:
        given = element.get(option_of(resource))
        if given is None:
            continue
        inner = f"{prefix}{option_of(resource)}."
        options = resource.parse(given, errors, prefix=inner)
        errors.extend(inner + error for error in option_errors(resource, options))
        warnings.extend(inner + warning for warning in resource.warnings(options))
        methods.append(DeclaredMethod(resource, options, given["state"] == "present", resource.resent(given)))
    credentials = [
        declared
        for credential in CREDENTIAL_TYPES
        for declared in parse_credentials(credential, element.get(credential.list_option) or [], errors, prefix)
    ]
    memberships = [
        parse_membership(f"{prefix}projects[{index}].", given, errors)
        for index, given in enumerate(element.get("projects") or [])
    ]
    groups = [
        parse_group(f"{prefix}groups[{index}].", given, errors)
        for index, given in enumerate(element.get("groups") or [])
    ]
    identity_id = element.get("identity_id")
    return Declaration(
        position,
        lower_uuid(identity_id.strip()) if identity_id else None,
        desired,
        element["state"] == "present",
        tuple(methods),
        tuple(credentials),
        tuple(memberships),
        tuple(groups),
    )


def parse_credentials(
    credential: CredentialType, elements: Sequence[Mapping[str, Any]], errors: list[str], prefix: str
) -> list[DeclaredCredential]:
    inner = prefix + credential.list_option
    found = [parse_credential(credential, given, errors, f"{inner}[{index}].") for index, given in enumerate(elements)]
    for option, values in (
        (credential.name_option, [one.name for one in found]),
        (credential.id_option, [one.credential_id for one in found]),
    ):
        for value in sorted({one for one in values if one and values.count(one) > 1}):
            errors.append(f"{inner} has {option} '{value}' more than once")
    return found


def parse_membership(prefix: str, given: Mapping[str, Any], errors: list[str]) -> DeclaredMembership:
    errors.extend(project_errors(given, prefix))
    desired = PROJECT_IDENTITY.parse(given, errors, prefix=prefix)
    project = {name: given.get(name) for name in PROJECT_OPTIONS}
    present = given["state"] == "present"
    privileges = [
        DeclaredPrivilege(one.get("slug", ""), one, there)
        for one, there in parse_privileges(given.get("privileges") or [], errors, f"{prefix}privileges")
    ]
    if privileges and not present:
        errors.append(f"{prefix}privileges cannot be given with state absent: they end with the membership")
    return DeclaredMembership(project, desired, present, tuple(privileges))


def parse_group(prefix: str, given: Mapping[str, Any], errors: list[str]) -> DeclaredGroup:
    errors.extend(group_errors(given, prefix))
    group = {name: given[name].strip() for name in GROUP_OPTIONS if given.get(name) is not None}
    return DeclaredGroup(group, given["state"] == "present")
