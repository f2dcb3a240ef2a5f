# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds groups, and reads whether an identity is a member of one (server-notes#groups)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Shape,
    boolean,
    checked,
    identifier,
    integer,
    listing,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import (
    id_error,
    lower_uuid,
    project_slug_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

BASE = "/api/v1/groups"
PAGE = 100
LONGEST_NAME = 50

GROUP = record({"id": identifier, "name": text, "slug": text})
GROUPS = record({"groups": listing(GROUP)})
MACHINE_IDENTITY = record({"id": identifier, "isPartOfGroup": boolean})

GROUP_OPTIONS: dict[str, dict[str, Any]] = {
    "group_id": {"type": "str"},
    "group_slug": {"type": "str"},
    "group_name": {"type": "str"},
}
GROUP_RULES = {"mutually_exclusive": [list(GROUP_OPTIONS)], "required_one_of": [list(GROUP_OPTIONS)]}
# A group's slug has the same form and length as a project's.
GROUP_TYPES = {
    "group_id": Text(check=id_error, uuid=True),
    "group_slug": Text(check=project_slug_error),
    "group_name": Text(LONGEST_NAME),
}


def group_errors(params: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Returns the validation errors of the options that identify a group."""
    errors: list[str] = []
    parse_given(GROUP_TYPES, params, errors, prefix)
    return errors


def group_id_of(client: Client, params: Mapping[str, Any], groups: list[dict[str, Any]] | None = None) -> str:
    """Returns the id of the group of ``group_id``, ``group_slug`` or ``group_name``. ``groups`` are all groups, if they
    are known.

    Raises InfisicalError of kind ``not_found``, which lists the groups, or ``conflict`` if several have the name.
    """
    if params.get("group_id") is not None:
        return lower_uuid(params["group_id"].strip())
    key = "slug" if params.get("group_slug") is not None else "name"
    given = params[f"group_{key}"].strip()
    every = listed_groups(client) if groups is None else groups
    found = [one for one in every if one[key] == given]
    if len(found) == 1:
        return str(found[0]["id"])
    if found:
        ids = ", ".join(sorted(f"{one['slug']} ({one['id']})" for one in found))
        raise InfisicalError(
            "conflict", f"{len(found)} groups are named '{given}': {ids}.", advice="Set group_id or group_slug instead."
        )
    known = ", ".join(sorted(f"{one['slug']} ({one['name']})" for one in every)) or "none"
    raise InfisicalError(
        "not_found", f"The identity that logs in sees no group with group_{key} '{given}'. It sees: {known}."
    )


def listed_groups(client: Client) -> list[dict[str, Any]]:
    """Returns all groups of the organisation. Raises InfisicalError."""
    try:
        answer = checked(client.get(BASE, array_as="groups"), GROUPS)
    except InfisicalError as error:
        raise unsupported(error) from error
    groups: list[dict[str, Any]] = answer["groups"]
    return groups


def is_member(client: Client, group_id: str, identity_id: str, name: str) -> bool:
    """Returns whether the identity with this id and name is a member of the group. Raises InfisicalError.

    The list has members and others (server-notes#members-of-groups), so that it has to have the identity. Usually, one
    request is enough, because the list is searched for the name.
    """
    part = searchable(name)
    for search in [part, ""] if part else [""]:
        for one in pages(client, group_id, "machine-identities", "machineIdentities", MACHINE_IDENTITY, search):
            if one["id"] == identity_id:
                return bool(one["isPartOfGroup"])
    return False


def members_of(client: Client, group_id: str) -> Iterator[str]:
    """Yields the ids of the identities that are members of the group. Raises InfisicalError."""
    for one in pages(client, group_id, "machine-identities", "machineIdentities", MACHINE_IDENTITY):
        if one["isPartOfGroup"]:
            yield str(one["id"])


def searchable(name: str) -> str:
    """Returns the longest part of a name that the lists of a group can be searched for. Empty if there is none."""
    return max(re.findall(r"[A-Za-z0-9-]+", name), key=len, default="")


def pages(
    client: Client, group_id: str, what: str, envelope: str, shape: Shape, search: str = ""
) -> Iterator[dict[str, Any]]:
    """Yields the entries of a list of a group, page by page. Raises InfisicalError."""
    answer_shape = record({envelope: listing(shape)}, {"totalCount": integer})
    known: set[str] = set()
    offset = 0
    while True:
        query: dict[str, Any] = {"limit": PAGE, "offset": offset, **({"search": search} if search else {})}
        try:
            answer = checked(client.get(f"{BASE}/{segment(group_id)}/{what}", query), answer_shape)
        except InfisicalError as error:
            raise missing(error, group_id) from error
        page = answer[envelope]
        fresh = [one for one in page if one["id"] not in known]
        yield from fresh
        known.update(one["id"] for one in page)
        offset += len(page)
        # The loop also ends if a server repeats the same page or miscounts.
        if not fresh or offset >= answer.get("totalCount", offset):
            return


def missing(error: InfisicalError, group_id: str) -> InfisicalError:
    """Returns the error for a list of a group that could not be read."""
    if error.kind == "not_found":
        return reworded(error, "not_found", f"Group {group_id} does not exist.")
    return unsupported(error)


def unsupported(error: InfisicalError) -> InfisicalError:
    """Returns the same error, or in words if the server does not have the route at all."""
    if error.kind != "unsupported_by_server":
        return error
    return reworded(
        error,
        "unsupported_by_server",
        "This server has no groups with machine identities.",
        advice="Nothing was changed. Upgrade the Infisical server.",
    )
