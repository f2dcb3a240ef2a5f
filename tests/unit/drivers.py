# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Creates and reads an object of each table, without the collection."""

from __future__ import annotations

import itertools

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from tests.conftest import Site, method_path
from tests.unit.strategies import Wire

LONGEST = 315360000

_numbers = itertools.count()


class Subject:
    """An object of a table on one server. ``addressed`` are the options that identify it in a task, ``id_key`` is the
    key of a result with its id."""

    resource: Resource
    addressed: Options
    id_key = "identity_id"

    def __init__(self, site: Site, resource: Resource) -> None:
        self.site = site
        self.resource = resource
        # Whatever id of a gateway is drawn, there is one.
        site.service.world.any_gateway = True
        self.identity_id = site.identity(f"subject-{next(_numbers)}")
        self.addressed = {"identity_id": self.identity_id}

    def create(self, body: Wire) -> None:
        """Creates it with the API."""
        raise NotImplementedError

    def stored(self) -> Wire | None:
        """Returns it from the API in flat form, None if it is absent."""
        raise NotImplementedError

    def flat(self, body: Wire) -> Wire:
        """Returns the flat form of the body of a write."""
        return body

    def found(self, object_id: str) -> None:
        """Records the object that a task has created."""
        assert object_id == self.identity_id

    def removed(self) -> None:
        """Records that a task has removed the object."""

    def gone(self) -> None:
        """Deletes the object, to keep the server small."""
        self.site.api("DELETE", f"/api/v1/identities/{self.identity_id}")


class Method(Subject):
    """An auth method of a separate identity."""

    def create(self, body: Wire) -> None:
        bounds = {field.never_above for field in self.resource.fields}
        # On attach, the server compares 0 like any number, so only a PATCH can set a bound of 0
        # (server-notes#lifetime-above-the-maximum).
        unlimited = [f.wire for f in self.resource.fields if f.option in bounds and body.get(f.wire) == 0]
        self.site.attach(self.resource.slug, self.identity_id, **{**body, **dict.fromkeys(unlimited, LONGEST)})
        if unlimited:
            self.site.api("PATCH", method_path(self.resource.slug, self.identity_id), body)

    def stored(self) -> Wire | None:
        held: Wire | None = self.site.method(self.resource.slug, self.identity_id)
        return held


class Membership(Subject):
    """An identity's membership in a separate project."""

    def __init__(self, site: Site, resource: Resource) -> None:
        super().__init__(site, resource)
        project = site.api("POST", "/api/v2/workspace", {"projectName": f"project {next(_numbers)}"})["project"]
        self.project_id = project["id"]
        self.addressed["project_id"] = self.project_id
        self.path = f"/api/v2/workspace/{self.project_id}/identity-memberships/{self.identity_id}"

    def create(self, body: Wire) -> None:
        self.site.api("POST", self.path, body)

    def stored(self) -> Wire | None:
        answer = self.site.http.get(self.site.url + self.path, headers={"Authorization": f"Bearer {self.site.token}"})
        held: Wire | None = answer.json()["identityMembership"] if answer.status_code == 200 else None
        return held


class Privilege(Membership):
    """An additional privilege of a member of a separate project."""

    def __init__(self, site: Site, resource: Resource) -> None:
        super().__init__(site, resource)
        super().create({"role": "viewer"})
        self.path = "/api/v2/identity-project-additional-privilege"
        self.addressed["slug"] = "deploy"
        self.place = {"identityId": self.identity_id, "projectId": self.project_id}
        self.site_path = f"{self.path}?identityId={self.identity_id}&projectId={self.project_id}"

    def create(self, body: Wire) -> None:
        lasting = body.get("temporaryRange")
        start = body.get("temporaryAccessStartTime") or "2030-01-01T00:00:00Z"
        terms: Wire = {"isTemporary": bool(lasting)}
        if lasting:
            terms |= {"temporaryMode": "relative", "temporaryRange": lasting, "temporaryAccessStartTime": start}
        sent = {"slug": body["slug"], "permissions": body["permissions"], "type": terms}
        self.site.api("POST", self.path, {**self.place, **sent})

    def stored(self) -> Wire | None:
        listed = self.site.api("GET", self.site_path)["privileges"]
        if not listed:
            return None
        (one,) = listed
        held = self.site.api("GET", f"{self.path}/{one['id']}")["privilege"]
        return self.flat({**held, "type": held})

    def flat(self, body: Wire) -> Wire:
        terms = body["type"] if body["type"]["isTemporary"] else {}
        times = {name: terms.get(name) for name in ("temporaryRange", "temporaryAccessStartTime")}
        return {"slug": body["slug"], "permissions": body["permissions"], **times}


class Identity(Subject):
    """An identity that exists, or is identified by a name that no identity has."""

    def __init__(self, site: Site, resource: Resource) -> None:
        self.site = site
        self.resource = resource
        self.name = f"subject-{next(_numbers)}"
        self.identity_id = ""
        self.addressed = {}

    def create(self, body: Wire) -> None:
        self.identity_id = self.site.identity(**body)
        self.addressed = {"identity_id": self.identity_id}

    def stored(self) -> Wire | None:
        if not self.identity_id:
            return None
        held: Wire = self.site.api("GET", f"/api/v1/identities/{self.identity_id}")["identity"]
        return {**held["identity"], "role": held["role"], "metadata": held["metadata"]}

    def found(self, object_id: str) -> None:
        self.identity_id = self.identity_id or object_id
        super().found(object_id)

    def removed(self) -> None:
        self.identity_id = ""

    def gone(self) -> None:
        if self.identity_id:
            unprotected = {"name": "x", "hasDeleteProtection": False}
            self.site.api("PATCH", f"/api/v1/identities/{self.identity_id}", unprotected)
            super().gone()


class Template(Subject):
    """An auth template, identified by its id once it exists, before by a name that no other has."""

    path = "/api/v1/identity-templates"
    id_key = "template_id"

    def __init__(self, site: Site, resource: Resource) -> None:
        self.site = site
        self.resource = resource
        site.service.world.any_gateway = True
        self.template_id = ""
        self.addressed = {}

    def create(self, body: Wire) -> None:
        fields = {key: value for key, value in body.items() if key not in ("name", "authMethod")}
        own = {one.wire for one in self.resource.fields if one.variant and one.variant[1] == body["authMethod"]}
        sent = {key: value for key, value in fields.items() if key in own and value not in (None, "")}
        made = self.site.api(
            "POST", self.path, {"name": body["name"], "authMethod": body["authMethod"], "templateFields": sent}
        )
        self.template_id = made["id"]
        self.addressed = {"template_id": self.template_id}

    def stored(self) -> Wire | None:
        if not self.template_id:
            return None
        return self.resource.flatten(self.site.api("GET", f"{self.path}/{self.template_id}"))

    def found(self, object_id: str) -> None:
        self.template_id = self.template_id or object_id

    def removed(self) -> None:
        self.template_id = ""

    def gone(self) -> None:
        if self.template_id:
            self.site.api("DELETE", f"{self.path}/{self.template_id}")


DRIVERS: dict[str, type[Subject]] = {
    "identity": Identity,
    "identity_auth_template": Template,
    "project_identity": Membership,
    "project_identity_privilege": Privilege,
}


def subject(site: Site, resource: Resource) -> Subject:
    """Returns a subject of a table. All auth methods use the same driver, other resources need a line in DRIVERS."""
    if resource.slug:
        return Method(site, resource)
    if resource.name not in DRIVERS:
        raise LookupError(f"drivers.DRIVERS has no entry for the table {resource.name}: add one")
    return DRIVERS[resource.name](site, resource)
