# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Additional privileges of identities in projects (server-notes#additional-privileges)."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from ..access_rows import Privilege
from ..call import Call
from ..clock import iso, moment
from ..errors import ApiError, bad_request, not_found
from ..permissions import allows, membership_of, not_a_member, project_permissions, require_in_project, unconditional
from ..project_rows import Project
from ..routing import Routes
from ..schema import Field, array, boolean, record, required, shape, slug, text, union
from ..world import Row, new_id
from .membership_roles import TERMS, literal, seconds

routes = Routes()

PROFILE = "current"
BASE = "/api/v2/identity-project-additional-privilege"
SUBJECT = "identity"
EXPRESSION = re.compile(r"{{(.*?)}}", re.DOTALL)
ONE_OR_MORE = union(text(), array(text()))
CONDITION = union(
    text(),
    shape(
        {
            "$eq": Field(text()),
            "$ne": Field(text()),
            "$glob": Field(text()),
            "$in": Field(array(text())),
            "$all": Field(array(text())),
        }
    ),
)
RULE = shape(
    {
        "subject": required(text(minimum=1)),
        "action": required(ONE_OR_MORE),
        "conditions": Field(record(CONDITION)),
        "inverted": Field(boolean),
    }
)
TYPE = union(shape({"isTemporary": required(literal(False, "false"))}), shape(TERMS))
CREATE = shape(
    {
        "identityId": required(text(minimum=1)),
        "projectId": required(text(minimum=1)),
        "slug": Field(slug(1, 60)),
        "permissions": required(array(RULE)),
        "type": required(TYPE),
    }
)
UPDATE = shape({"slug": required(slug(1, 60)), "permissions": Field(array(RULE)), "type": required(TYPE)})
OF_PROJECT = shape({"identityId": required(text(minimum=1)), "projectId": required(text(minimum=1))})
BY_SLUG = shape({"identityId": required(text(minimum=1)), "projectSlug": required(text(minimum=1))})


@routes.add("POST", BASE, only=PROFILE)
def create(call: Call) -> Row:
    body = call.read(CREATE)
    admit(call, body["projectId"], body["identityId"], "edit")
    may_grant(call, body["projectId"], body["permissions"], "create")
    wanted = body.get("slug") or secrets.token_hex(4)
    require_free(call, body["projectId"], body["identityId"], wanted)
    now = call.now()
    row = Privilege(new_id(), wanted, body["projectId"], body["identityId"], [], False, None, None, None, now, now)
    row.permissions = packed(body["permissions"])
    set_type(row, body["type"])
    call.world.privileges[row.id] = row
    return {"privilege": answered(row)}


@routes.add("GET", BASE, only=PROFILE)
def listed(call: Call) -> Row:
    """All of an identity in a project, without their permissions."""
    query = call.query(OF_PROJECT)
    admit(call, query["projectId"], query["identityId"], "read")
    place = (query["projectId"], query["identityId"])
    rows = [row for row in call.world.privileges.values() if (row.project_id, row.identity_id) == place]
    return {"privileges": [without_permissions(row) for row in rows]}


@routes.add("GET", f"{BASE}/slug/{{slug}}", only=PROFILE)
def by_slug(call: Call) -> Row:
    query = call.query(BY_SLUG)
    project = project_of(call, query["projectSlug"])
    admit(call, project.id, query["identityId"], "read")
    row = named(call, project.id, query["identityId"], call.params["slug"])
    if row is None:
        raise not_found(f"Identity privilege with slug '{call.params['slug']}' not found")
    return {"privilege": answered(row)}


@routes.add("GET", f"{BASE}/{{privilegeId}}", only=PROFILE)
def by_id(call: Call) -> Row:
    return {"privilege": answered(find(call, "read"))}


@routes.add("PATCH", f"{BASE}/{{privilegeId}}", only=PROFILE)
def update(call: Call) -> Row:
    body = call.read(UPDATE)
    row = find(call, "edit")
    may_grant(call, row.project_id, body.get("permissions", []), "update")
    if body["slug"] != row.slug:
        require_free(call, row.project_id, row.identity_id, body["slug"])
    row.slug = body["slug"]
    if "permissions" in body:
        row.permissions = packed(body["permissions"])
    elif body["type"]["isTemporary"]:
        # They are merged with nothing (server-notes#privileges-are-sent-whole).
        row.permissions = []
    set_type(row, body["type"])
    row.updated_at = call.now()
    return {"privilege": answered(row)}


@routes.add("DELETE", f"{BASE}/{{privilegeId}}", only=PROFILE)
def delete(call: Call) -> Row:
    row = find(call, "edit")
    require_grant(call, row.project_id)
    del call.world.privileges[row.id]
    return {"privilege": answered(row)}


def admit(call: Call, project_id: str, identity_id: str, action: str) -> None:
    """The right in the project, then the identity's membership of it."""
    require_in_project(call, project_id, action, SUBJECT)
    if membership_of(call.world, project_id, identity_id.lower()) is None:
        raise bad_request("Actor doesn't have membership")


def require_grant(call: Call, project_id: str) -> None:
    require_in_project(call, project_id, "grant-privileges", SUBJECT)


def may_grant(call: Call, project_id: str, rules: list[Row], act: str) -> None:
    """Nobody gives what they do not have (server-notes#rights-to-privileges)."""
    require_grant(call, project_id)
    text = json.dumps(rules)
    if any("identity." not in found for found in EXPRESSION.findall(text)):
        raise bad_request("Template sanitization failed: only identity variables may be used")
    if call.caller.identity is None:
        return
    mine = project_permissions(call.world, project_id, call.caller.identity.id) or []
    giving = [rule for rule in rules if not rule.get("inverted")]
    wanted = [pair for rule in packed(giving) for pair in unconditional([{**rule, "conditions": None}])]
    missing = [pair for pair in wanted if not allows(mine, *pair)]
    if missing:
        details = {"missingPermissions": [{"action": action, "subject": subject} for action, subject in missing]}
        message = f"Failed to {act} privilege"
        raise ApiError(403, "PermissionBoundaryError", message, details=details)


def project_of(call: Call, wanted: str) -> Project:
    for project in call.world.projects.values():
        if project.slug == wanted:
            return project
    raise not_a_member(call) if call.caller.identity else not_found(f"Project with slug '{wanted}' not found")


def named(call: Call, project_id: str, identity_id: str, wanted: str) -> Privilege | None:
    for row in call.world.privileges.values():
        if (row.project_id, row.identity_id, row.slug) == (project_id, identity_id.lower(), wanted):
            return row
    return None


def require_free(call: Call, project_id: str, identity_id: str, wanted: str) -> None:
    if named(call, project_id, identity_id, wanted):
        raise bad_request("Additional privilege with provided slug already exists")


def find(call: Call, action: str) -> Privilege:
    row = call.world.privileges.get(call.id("privilegeId", "Find one"))
    if row is None:
        raise not_found(f"Identity privilege with {call.params['privilegeId']} not found")
    require_in_project(call, row.project_id, action, SUBJECT)
    return row


def packed(rules: list[Row]) -> list[Row]:
    """As they come back: in their order, a single action as a list of one (server-notes#forms-of-permissions)."""
    return [
        {**rule, "action": [rule["action"]] if isinstance(rule["action"], str) else rule["action"]} for rule in rules
    ]


def set_type(row: Privilege, wanted: Row) -> None:
    """A permanent one keeps the times that it had (server-notes#permanent-again)."""
    row.is_temporary = wanted["isTemporary"]
    if row.is_temporary:
        start = moment(wanted["temporaryAccessStartTime"])
        row.temporary_range = wanted["temporaryRange"]
        row.start, row.end = iso(start), iso(start + seconds(wanted["temporaryRange"]))


def without_permissions(row: Privilege) -> dict[str, Any]:
    return {key: value for key, value in answered(row).items() if key != "permissions"}


def answered(row: Privilege) -> Row:
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.slug,
        "identityId": row.identity_id,
        "projectId": row.project_id,
        "isTemporary": row.is_temporary,
        "temporaryMode": "relative" if row.temporary_range else None,
        "temporaryRange": row.temporary_range,
        "temporaryAccessStartTime": row.start,
        "temporaryAccessEndTime": row.end,
        "permissions": row.permissions,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }
