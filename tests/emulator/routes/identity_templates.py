# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Auth templates, for the methods whose table has one (server-notes#auth-templates)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..auth_methods import METHODS
from ..call import Call
from ..errors import bad_request, not_found
from ..method_table import AuthMethod, Template
from ..paging import found as matches
from ..permissions import require
from ..routing import Handler, Routes
from ..schema import Field, array, coerced_number, one_of, required, shape, text, variant
from ..templates import FEATURE, LINK, PLAN_TEXT, SUBJECT, copy, linked_rows
from ..world import Row, new_id

routes = Routes()

PROFILE = "current"
BASE = "/api/v1/identity-templates"


def methods_with_templates() -> dict[str, tuple[AuthMethod, Template]]:
    methods = METHODS[PROFILE].values()
    return {method.template.auth_method: (method, method.template) for method in methods if method.template}


BY_NAME = methods_with_templates()
NAME = text(trim=True, minimum=1, maximum=64)
CREATE = variant(
    "authMethod",
    {
        name: {"name": required(NAME), "templateFields": required(shape(template.fields))}
        for name, (_method, template) in BY_NAME.items()
    },
)
SEARCH = shape(
    {
        "limit": Field(coerced_number(minimum=1, maximum=100), default=5),
        "offset": Field(coerced_number(minimum=0), default=0),
        "search": Field(text()),
    }
)


def served(verb: str, path: str = "") -> Callable[[Handler], Handler]:
    return routes.add(verb, BASE + path, only=PROFILE)


def admit(call: Call, action: str) -> None:
    """The plan, then the permission; templates belong to the organisation of the server."""
    if not call.world.has_feature(FEATURE):
        raise bad_request(PLAN_TEXT)
    require(call, call.world.organization.id, f"{action}-templates", SUBJECT)


def find(call: Call, action: str) -> Row:
    admit(call, action)
    row = call.world.templates.get(call.params["templateId"])
    if row is None:
        raise not_found("Template not found")
    return row


def check(method: AuthMethod, template: Template, fields: Row) -> None:
    """Hold a template's connection against the rules that the method has for its own."""
    row = {**template.blanks, **fields}
    for condition in method.conditions:
        if not condition.holds(row):
            raise bad_request(condition.message)


def completed(method: AuthMethod, sent: Row, fields: Row) -> Row:
    """The fields with those that follow others where they were not sent."""
    follow = {name: derive(fields, True) for name, derive in method.derived.items() if name not in sent}
    return {**fields, **follow}


@served("POST")
def create(call: Call) -> Row:
    body = call.read(CREATE)
    admit(call, "create")
    method, template = BY_NAME[body["authMethod"]]
    fields = completed(method, body["templateFields"], body["templateFields"])
    check(method, template, fields)
    now = call.now()
    row = {
        "id": new_id(),
        "name": body["name"],
        "authMethod": body["authMethod"],
        "orgId": call.world.organization.id,
        "templateFields": fields,
        "createdAt": now,
        "updatedAt": now,
    }
    call.world.templates[row["id"]] = row
    return row


@served("GET")
def listed(call: Call) -> list[Row]:
    query = call.query(shape({"authMethod": required(one_of(*BY_NAME))}))
    admit(call, "list")
    return [row for row in call.world.templates.values() if row["authMethod"] == query["authMethod"]]


@served("GET", "/search")
def search(call: Call) -> Row:
    query = call.query(SEARCH)
    admit(call, "list")
    rows = list(call.world.templates.values())
    if "search" in query:
        rows = [row for row in rows if matches(call.profile, query["search"], row["name"])]
    start = int(query["offset"])
    return {"templates": rows[start : start + int(query["limit"])], "totalCount": len(rows)}


@served("GET", "/{templateId}")
def get(call: Call) -> Row:
    return find(call, "list")


@served("PATCH", "/{templateId}")
def update(call: Call) -> Row:
    """Merge the fields, and copy the result to every identity that is linked (server-notes#auth-template-links)."""
    row = find(call, "edit")
    method, template = BY_NAME[row["authMethod"]]
    partial = {name: entry.optional() for name, entry in template.fields.items()}
    body = call.read(shape({"name": Field(NAME), "templateFields": Field(shape(partial))}))
    sent: dict[str, Any] = body.get("templateFields", {})
    fields = completed(method, sent, {**row["templateFields"], **sent})
    check(method, template, fields)
    row.update(name=body.get("name", row["name"]), templateFields=fields, updatedAt=call.now())
    for _identity, linked in linked_rows(call.world, method, row["id"]) if sent else ():
        copy(linked, template, fields)
    return row


@served("DELETE", "/{templateId}")
def delete(call: Call) -> Row:
    """Drop the links; what was copied stays."""
    row = find(call, "delete")
    for _identity, linked in linked_rows(call.world, BY_NAME[row["authMethod"]][0], row["id"]):
        linked[LINK] = None
    del call.world.templates[row["id"]]
    return {"message": "Template deleted successfully"}


@served("GET", "/{templateId}/usage")
def usage(call: Call) -> list[Row]:
    row = find(call, "list")
    found = linked_rows(call.world, BY_NAME[row["authMethod"]][0], row["id"])
    return [{"identityId": identity.id, "identityName": identity.name} for identity, _linked in found]


@served("POST", "/{templateId}/delete-usage")
def unlink(call: Call) -> list[Row]:
    body = call.read(shape({"identityIds": required(array(text()))}))
    row = find(call, "unlink")
    answer = []
    for identity, linked in linked_rows(call.world, BY_NAME[row["authMethod"]][0], row["id"]):
        if identity.id in body["identityIds"]:
            linked[LINK] = None
            answer.append({"authId": linked["id"], "identityId": identity.id, "identityName": identity.name})
    return answer
