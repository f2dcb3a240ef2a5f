# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads identities with all their settings, in exactly the form that ``identities`` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.effective_access import (
    effective_access,
    groups_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.groups import listed_groups, members_of
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_task import memberships_of
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_task import exported_privileges
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import (
    AuthMethodStore,
    attached_slugs,
    option_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import (
    SCOPE_OPTIONS,
    SCOPE_RULES,
    OrganizationScope,
    Scope,
    scope_errors,
    scope_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.client_secret import (
    CLIENT_SECRET,
    ClientSecretApi,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import CredentialApi, Listing
from ansible_collections.machineid.infisical.plugins.module_utils._issued.token import TOKEN, TokenApi
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

UNREADABLE_GROUPS = "The plan of the server does not let anybody read groups, so they are left out."


@dataclass
class Export:
    """What an export includes, and what it has to say about it."""

    client_secrets: bool = True
    tokens: bool = True
    projects: bool = True
    privileges: bool = False
    groups: Mapping[str, Sequence[str]] | None = None
    """The slugs of the groups of each identity, by its id. None leaves groups out."""
    warnings: list[str] = field(default_factory=list)


def export_one(scope: Scope, membership: Wire, export: Export) -> dict[str, Any]:
    """Returns one identity as an element of ``identities``, with its id, which the caller
    removes if the name is unique."""
    client, identity_id = scope.client, membership["identity"]["id"]
    if "metadata" not in membership:
        # The 2024-10 list omits the metadata (server-notes#lists-of-identities).
        membership = scope.read(identity_id)
    flat = IDENTITY.flatten(membership)
    exported: dict[str, Any] = {"identity_id": identity_id, **IDENTITY.read(flat)}
    slugs = attached_slugs(flat)
    for method in AUTH_METHODS:
        current = AuthMethodStore(client, method, identity_id).read() if method.slug in slugs else None
        if current is not None:
            exported[option_of(method)] = method.exported(method.read(current))
    if export.client_secrets and CLIENT_SECRET.slug in slugs:
        exported[CLIENT_SECRET.list_option] = exported_credentials(
            identity_id, ClientSecretApi(client, identity_id), export
        )
    if export.tokens and TOKEN.slug in slugs:
        exported[TOKEN.list_option] = exported_credentials(identity_id, TokenApi(client, identity_id), export)
    if export.projects:
        exported["projects"] = exported_memberships(client, identity_id, privileges=export.privileges)
    if export.groups is not None:
        exported["groups"] = [{"group_slug": slug} for slug in export.groups.get(identity_id, ())]
    return exported


def read_groups(client: Client, export: Export) -> None:
    """Reads the groups of all identities. There are none on a server whose groups have people only."""
    found: dict[str, list[str]] = {}
    export.groups = found
    try:
        listed = sorted(listed_groups(client), key=lambda group: str(group["slug"]))
        for group in listed:
            for identity_id in members_of(client, group["id"]):
                found.setdefault(identity_id, []).append(group["slug"])
    except InfisicalError as error:
        if error.kind == "plan":
            export.groups = None
            export.warnings.append(UNREADABLE_GROUPS)
        elif error.kind != "unsupported_by_server":
            raise


def privileges_of(client: Client, project_id: str, identity_id: str) -> list[dict[str, Any]]:
    """Returns the privileges of an identity in a project. None on a server without them."""
    try:
        return exported_privileges(client, project_id, identity_id)
    except InfisicalError as error:
        if error.kind != "unsupported_by_server":
            raise
        return []


def exported_credentials(identity_id: str, api: CredentialApi, export: Export) -> list[dict[str, Any]]:
    """Returns the names and settings of the usable credentials whose name is unique."""
    listing = api.listed() or Listing()
    if not listing.complete:
        export.warnings.append(
            f"Identity {identity_id} has more {api.type.noun}s than the server lists. Older ones are not exported."
        )
    usable = [one for one in listing.credentials if one.is_usable(api.client.now())]
    times = Counter(one.name for one in usable)
    return [
        {api.type.name_option: one.name, **one.settings}
        for one in sorted(usable, key=lambda one: one.name)
        if one.name and times[one.name] == 1
    ]


def exported_memberships(client: Client, identity_id: str, *, privileges: bool) -> list[dict[str, Any]]:
    memberships = memberships_of(client, identity_id)
    if privileges:
        for one in memberships:
            one["privileges"] = privileges_of(client, one["project_id"], identity_id)
    return memberships


def unmanaged(found: Sequence[Wire]) -> dict[str, list[str]]:
    """Returns, by name, the methods that have no table in this collection and are therefore not exported."""
    managed = {method.slug for method in AUTH_METHODS}
    rest = {
        one["identity"]["name"]: [slug for slug in attached_slugs(IDENTITY.flatten(one)) if slug not in managed]
        for one in found
    }
    return {name: slugs for name, slugs in rest.items() if slugs}


def export_identities(run: Run) -> dict[str, Any]:
    params = run.params
    errors = scope_errors(params)
    parse_given({"concurrency": Integer(1, 100)}, params, errors)
    names = params.get("names")
    for index, name in enumerate(names or []):
        Text().parse(f"names[{index}]", name, errors)
    run.check_options(errors)
    scope = scope_of(run.client, params)
    found = scope.listed()
    if names is not None:
        desired = {name.strip() for name in names}
        found = [one for one in found if one["identity"]["name"] in desired]
    found.sort(key=lambda one: (one["identity"]["name"], one["identity"]["id"]))

    export = Export(
        client_secrets=params["include_client_secrets"],
        tokens=params["include_tokens"],
        projects=params["include_projects"],
        privileges=params["include_privileges"],
    )
    if params["include_groups"]:
        read_groups(scope.client, export)

    def one(membership: Wire) -> dict[str, Any]:
        return export_one(scope, membership, export)

    with ThreadPoolExecutor(max_workers=params["concurrency"]) as pool:
        exported = list(pool.map(one, found))
    for warning in export.warnings:
        run.warn(warning)
    times = Counter(identity["name"] for identity in exported)
    ids = {identity["identity_id"]: identity["name"] for identity in exported}
    for identity in exported:
        # An export without ids can recreate a deleted identity. Identities that share a name need their ids.
        if times[identity["name"]] == 1:
            del identity["identity_id"]
    return {
        "changed": False,
        "identities": exported,
        "identity_ids": {name: one_id for one_id, name in ids.items() if times[name] == 1},
        "unmanaged_auth_methods": unmanaged(found),
    }


def report_identity(run: Run) -> dict[str, Any]:
    run.check_options(identity_errors(run.params))
    scope = OrganizationScope(run.client)
    identity_id = resolve_identity(run)
    try:
        membership = scope.read(identity_id)
    except InfisicalError as error:
        if error.kind == "not_found":
            error.message = f"Identity {identity_id} does not exist."
        raise
    export = Export(privileges=run.params["include_privileges"])
    if run.params["include_groups"]:
        found = groups_of(run.client, identity_id, str(membership["identity"]["name"]))
        if found is None:
            export.warnings.append(UNREADABLE_GROUPS)
        else:
            export.groups = {identity_id: [str(group["slug"]) for group in found]}
    exported = export_one(scope, membership, export)
    for warning in export.warnings:
        run.warn(warning)
    slugs = attached_slugs(IDENTITY.flatten(membership))
    result = {"changed": False, "identity_id": identity_id, "identity": exported, "auth_methods": slugs}
    if run.params["effective_access"]:
        result["effective_access"] = effective_access(run.client, identity_id, exported)
    return result


IDENTITY_INFO_TASK = Task(
    argument_spec={
        **identity_options(),
        "include_privileges": {"type": "bool", "default": False},
        "include_groups": {"type": "bool", "default": False},
        "effective_access": {"type": "bool", "default": False},
    },
    rules=IDENTITY_RULES,
    execute=report_identity,
)

IDENTITIES_INFO_TASK = Task(
    argument_spec={
        "names": {"type": "list", "elements": "str"},
        **SCOPE_OPTIONS,
        "include_projects": {"type": "bool", "default": True},
        "include_client_secrets": {"type": "bool", "default": False, "no_log": False},
        "include_tokens": {"type": "bool", "default": False, "no_log": False},
        "include_privileges": {"type": "bool", "default": False},
        "include_groups": {"type": "bool", "default": False},
        "concurrency": {"type": "int", "default": 4},
    },
    rules=SCOPE_RULES,
    execute=export_identities,
)
