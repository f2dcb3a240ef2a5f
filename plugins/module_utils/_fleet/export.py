# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads identities with all their settings, in exactly the form that ``identities`` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.store import ClientSecretStore
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    identifier,
    listing,
    record,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import (
    AuthMethodStore,
    attached_slugs,
    option_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.universal_auth import (
    IDENTITY_UNIVERSAL_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.effective_access import effective_access
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY, MEMBERSHIP
from ansible_collections.machineid.infisical.plugins.module_utils._identity.lookup import (
    memberships,
    organization_of_caller,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.membership_table import (
    PROJECT_IDENTITY,
    ROLE,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import id_given, parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

ONE_MEMBERSHIP = record({"identity": MEMBERSHIP})
PROJECTS = record(
    {"identityMemberships": listing(record({"project": record({"id": identifier}), "roles": listing(ROLE)}))}
)


def export_one(client: Client, membership: Wire, *, client_secrets: bool, projects: bool) -> dict[str, Any]:
    """Returns one identity as an element of ``identities``, with its id, which the caller
    removes if the name is unique."""
    identity_id = membership["identity"]["id"]
    if "metadata" not in membership:
        # The 2024-10 list omits the metadata (server-notes#lists-of-identities).
        membership = membership_of(client, identity_id)
    flat = IDENTITY.flatten(membership)
    exported: dict[str, Any] = {"identity_id": identity_id, **IDENTITY.read(flat)}
    slugs = attached_slugs(flat)
    for method in AUTH_METHODS:
        current = AuthMethodStore(client, method, identity_id).read() if method.slug in slugs else None
        if current is not None:
            exported[option_of(method)] = method.exported(method.read(current))
    if client_secrets and IDENTITY_UNIVERSAL_AUTH.slug in slugs:
        exported["client_secrets"] = exported_secrets(client, identity_id)
    if projects:
        exported["projects"] = exported_memberships(client, identity_id)
    return exported


def membership_of(client: Client, identity_id: str) -> Wire:
    answer = checked(client.get(f"/api/v1/identities/{segment(identity_id)}"), ONE_MEMBERSHIP)
    IDENTITY.flat(answer["identity"], answer)
    wire: Wire = answer["identity"]
    return wire


def exported_secrets(client: Client, identity_id: str) -> list[dict[str, Any]]:
    """Returns the descriptions, lifetimes and limits of the usable secrets whose description is unique."""
    listed = [one for one in ClientSecretStore(client, identity_id).listed() or [] if one.is_usable(client.now())]
    times = Counter(one.description for one in listed)
    return [
        {"description": one.description, "ttl": one.ttl, "num_uses_limit": one.num_uses_limit}
        for one in sorted(listed, key=lambda one: one.description)
        if one.description and times[one.description] == 1
    ]


def exported_memberships(client: Client, identity_id: str) -> list[dict[str, Any]]:
    answer = checked(client.get(f"/api/v1/identities/{segment(identity_id)}/identity-memberships"), PROJECTS)
    found = sorted(answer["identityMemberships"], key=lambda one: str(one["project"]["id"]))
    return [{"project_id": one["project"]["id"], **PROJECT_IDENTITY.read(one)} for one in found]


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
    errors = identity_errors(params)
    parse_given({"concurrency": Integer(1, 100)}, params, errors)
    names = params.get("names")
    for index, name in enumerate(names or []):
        Text().parse(f"names[{index}]", name, errors)
    run.check_options(errors)
    client = run.client
    organization_id = id_given(params, "organization_id") or organization_of_caller(client)
    found = memberships(client, organization_id)
    if names is not None:
        desired = {name.strip() for name in names}
        found = [one for one in found if one["identity"]["name"] in desired]
    found.sort(key=lambda one: (one["identity"]["name"], one["identity"]["id"]))

    def one(membership: Wire) -> dict[str, Any]:
        return export_one(
            client,
            membership,
            client_secrets=params["include_client_secrets"],
            projects=params["include_projects"],
        )

    with ThreadPoolExecutor(max_workers=params["concurrency"]) as pool:
        exported = list(pool.map(one, found))
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
    client = run.client
    identity_id = resolve_identity(run)
    try:
        membership = membership_of(client, identity_id)
    except InfisicalError as error:
        if error.kind == "not_found":
            error.message = f"Identity {identity_id} does not exist."
        raise
    exported = export_one(client, membership, client_secrets=True, projects=True)
    slugs = attached_slugs(IDENTITY.flatten(membership))
    result = {"changed": False, "identity_id": identity_id, "identity": exported, "auth_methods": slugs}
    if run.params["effective_access"]:
        result["effective_access"] = effective_access(client, identity_id, exported)
    return result


IDENTITY_INFO_TASK = Task(
    argument_spec={**identity_options(), "effective_access": {"type": "bool", "default": False}},
    rules=IDENTITY_RULES,
    execute=report_identity,
)

IDENTITIES_INFO_TASK = Task(
    argument_spec={
        "names": {"type": "list", "elements": "str"},
        "organization_id": {"type": "str"},
        "include_projects": {"type": "bool", "default": True},
        "include_client_secrets": {"type": "bool", "default": False, "no_log": False},
        "concurrency": {"type": "int", "default": 4},
    },
    execute=export_identities,
)
