# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds declared identities and projects with as few requests as possible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._access.groups import (
    group_id_of,
    is_member,
    listed_groups,
    members_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import Declaration
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_task import IdentityStore, oldest
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    FEW,
    identities_named,
    only_identity_named,
    require_gone,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import Scope
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import project_named


class IdentityFinder:
    """Finds the membership objects of declared identities with as few requests as their number allows."""

    def __init__(self, scope: Scope, number: int) -> None:
        self.scope = scope
        self.client = client = scope.client
        self.listed_at = client.clock()
        self._listed = scope.listed() if number > FEW else None
        self._by_id = {one["identity"]["id"]: one for one in self._listed or []}
        self._by_name: dict[str, list[Wire]] = {}
        if self._listed:
            client.keeps_one_method = "authMethods" not in self._listed[0]["identity"]
        for one in self._listed or []:
            self._by_name.setdefault(one["identity"]["name"], []).append(one)

    def store(self, declared: Declaration) -> IdentityStore:
        return IdentityStore(
            self.scope,
            identity_id=declared.identity_id,
            name=declared.name,
            # Duplicates are looked for once, after all identities are created.
            backs_off=False,
        )

    def find(self, declared: Declaration) -> Wire | None:
        found = self._found(declared)
        # The 2024-10 list omits the metadata (server-notes#lists-of-identities).
        if found is not None and "metadata" in declared.desired and "metadata" not in found:
            read = self._read(found["identity"]["id"])
            if read is None:
                require_gone(self.scope, found["identity"]["id"], declared.name)
            return read
        return found

    def _found(self, declared: Declaration) -> Wire | None:
        if declared.identity_id:
            listed = self._by_id.get(declared.identity_id)
            return listed if listed is not None or self._listed is not None else self._read(declared.identity_id)
        if self._listed is None:
            return only_identity_named(self.scope, declared.name)
        named = self._by_name.get(declared.name, [])
        if len(named) > 1:
            # Runs that create it at the same time may be about to agree on one of them.
            return only_identity_named(self.scope, declared.name)
        return named[0] if named else None

    def oldest_of(self, names: Collection[str]) -> dict[str, Wire]:
        """Returns, by name, the oldest identity with each of ``names``, which this run has just created."""
        if self._listed is None:
            found = [one for name in names for one in identities_named(self.scope, name)]
        else:
            found = [one for one in self.scope.listed() if one["identity"]["name"] in names]
        by_name: dict[str, list[Wire]] = {}
        for one in found:
            by_name.setdefault(one["identity"]["name"], []).append(one)
        return {name: first for name, rows in by_name.items() for first in [oldest(rows)] if first is not None}

    def _read(self, identity_id: str) -> Wire | None:
        try:
            return self.scope.read(identity_id)
        except InfisicalError as error:
            if error.kind != "not_found":
                raise
            return None


class AccessFinders:
    """The ids of the declared projects and groups, and the members of groups. Each is looked up once, before the
    threads start."""

    def __init__(self, client: Client, declarations: Sequence[Declaration]) -> None:
        self.client = client
        memberships = [one for declared in declarations for one in declared.memberships]
        groups = [one for declared in declarations for one in declared.groups]
        self._projects = looked_up(
            [one.project for one in memberships], lambda project: str(project_named(client, project)["id"])
        )
        listed: list[dict[str, Any]] | None = None
        if any(not one.group.get("group_id") for one in groups):
            listed = listed_groups(client)
        self._groups = looked_up([one.group for one in groups], lambda group: group_id_of(client, group, listed))
        self._members: dict[str, set[str]] = {}
        if len(groups) > FEW:
            for group_id in {found for found in self._groups.values() if isinstance(found, str)}:
                self._members[group_id] = set(members_of(client, group_id))

    def project_id(self, project: Mapping[str, Any]) -> str:
        return found_or_raise(self._projects[key_of(project)])

    def group_id(self, group: Mapping[str, Any]) -> str:
        return found_or_raise(self._groups[key_of(group)])

    def is_member(self, group_id: str, identity_id: str, name: str) -> bool:
        if group_id in self._members:
            return identity_id in self._members[group_id]
        return is_member(self.client, group_id, identity_id, name)


Key = tuple[tuple[str, Any], ...]


def key_of(given: Mapping[str, Any]) -> Key:
    return tuple(sorted(given.items()))


def looked_up(
    given: Sequence[Mapping[str, Any]], look_up: Callable[[Mapping[str, Any]], str]
) -> dict[Key, str | InfisicalError]:
    """Returns the id, or the failure to find it, of each distinct element."""
    found: dict[Key, str | InfisicalError] = {}
    for one in given:
        if key_of(one) not in found:
            try:
                found[key_of(one)] = look_up(one)
            except InfisicalError as error:
                found[key_of(one)] = error
    return found


def found_or_raise(found: str | InfisicalError) -> str:
    if isinstance(found, InfisicalError):
        raise found
    return found
