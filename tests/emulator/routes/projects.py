# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Projects under the names of both generations: /workspace then, /projects now."""

from __future__ import annotations

import re
import secrets
from typing import Any

from ..call import Call
from ..errors import ApiError, DatabaseError, not_found
from ..permissions import project_permissions, require, require_in_project
from ..project_rows import Environment, Folder, Membership, Project
from ..routing import Routes
from ..schema import Field, boolean, required, shape, slug, text
from ..world import Row, new_id
from .membership_roles import plain_role

routes = Routes()

DEFAULT_ENVIRONMENTS = (("Development", "dev"), ("Staging", "staging"), ("Production", "prod"))
OLD_CREATE = {"projectName": required(text(trim=True)), "slug": Field(slug(5, 36))}
CREATE = {
    "projectName": required(text(trim=True, maximum=64)),
    "projectDescription": Field(text(trim=True, maximum=1024), default=None),
    "slug": Field(slug(5, 36)),
    "type": Field(text(), default="secret-manager"),
    "shouldCreateDefaultEnvs": Field(boolean, default=True),
    "hasDeleteProtection": Field(boolean, default=False),
}
# The bounds of a slug hold for one that is only looked up, too (server-notes#slugs).
PATH_SLUG = shape({"slug": required(slug(5, 36))})
UPDATE = shape({"name": Field(text(trim=True, maximum=64)), "hasDeleteProtection": Field(boolean)})


@routes.add("POST", "/api/v2/workspace")
@routes.add("POST", "/api/v1/projects", only="current")
def create(call: Call) -> Row:
    body = call.read(shape(CREATE if call.profile.many_auth_methods else OLD_CREATE))
    org_id = call.caller.identity.org_id if call.caller.identity else call.world.organization.id
    require(call, org_id, "create", "workspace")
    wanted = body.get("slug") or made_up_slug(body["projectName"])
    if any((project.org_id, project.slug) == (org_id, wanted) for project in call.world.projects.values()):
        # The unique index answers, not a check (server-notes#mistakes-answered-with-500).
        raise DatabaseError("Create")
    now = call.now()
    project = Project(new_id(), org_id, body["projectName"], wanted, now, now)
    project.description = body.get("projectDescription")
    project.type = body.get("type", project.type)
    project.delete_protection = body.get("hasDeleteProtection", False)
    if body.get("shouldCreateDefaultEnvs", True):
        for name, env_slug in DEFAULT_ENVIRONMENTS:
            add_environment(call, project, name, env_slug)
    call.world.projects[project.id] = project
    if call.caller.identity:
        join_as_admin(call, project, call.caller.identity.id)
    return {"project": answered(call, project)}


def made_up_slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return "-".join(part for part in (words, secrets.token_hex(4)) if part)


def add_environment(call: Call, project: Project, name: str, env_slug: str, at: int | None = None) -> Environment:
    now = call.now()
    environment = Environment(new_id(), name, env_slug, project.id, now)
    project.environments.insert(len(project.environments) if at is None else at, environment)
    root = Folder(new_id(), "root", environment.id, project.id, None, now, now)
    call.world.folders[root.id] = root
    return environment


def join_as_admin(call: Call, project: Project, identity_id: str) -> None:
    now = call.now()
    membership = Membership(new_id(), project.id, identity_id, now, now)
    membership.roles = [plain_role(membership.id, "admin", now)]
    call.world.memberships[membership.id] = membership


@routes.add("GET", "/api/v1/workspace/{projectId}")
@routes.add("GET", "/api/v1/projects/{projectId}", only="current")
def get(call: Call) -> Row:
    project = call.world.projects.get(call.params["projectId"])
    if project is None:
        raise unknown(call, "id", call.params["projectId"])
    require_in_project(call, project.id, "read", "workspace")
    return {generation(call, "workspace", "project"): answered(call, project)}


@routes.add("GET", "/api/v2/workspace/{slug}")
@routes.add("GET", "/api/v1/projects/slug/{slug}", only="current")
def get_by_slug(call: Call) -> Row:
    project = by_slug(call)
    require_in_project(call, project.id, "read", "workspace")
    return answered(call, project)


# Identities were refused then (server-notes#routes-of-projects).
@routes.add("GET", "/api/v1/workspace", only="2024-10", users_only=True)
@routes.add("GET", "/api/v1/workspace", only="current")
@routes.add("GET", "/api/v1/projects", only="current")
def list_all(call: Call) -> Row:
    mine = [project for project in call.world.projects.values() if is_mine(call, project)]
    return {generation(call, "workspaces", "projects"): [answered(call, project) for project in mine]}


def is_mine(call: Call, project: Project) -> bool:
    identity = call.caller.identity
    return identity is None or project_permissions(call.world, project.id, identity.id) is not None


@routes.add("PATCH", "/api/v2/workspace/{slug}")
def update_by_slug(call: Call) -> Row:
    return change(call, by_slug(call))


@routes.add("PATCH", "/api/v1/projects/{projectId}", only="current")
def update(call: Call) -> Row:
    return {"project": change(call, found(call))}


@routes.add("DELETE", "/api/v1/workspace/{projectId}")
@routes.add("DELETE", "/api/v1/projects/{projectId}", only="current")
def delete(call: Call) -> Row:
    project = found(call)
    require_in_project(call, project.id, "delete", "workspace")
    del call.world.projects[project.id]
    world = call.world
    for table in (world.folders, world.memberships, world.privileges, world.group_memberships):
        rows: dict[str, Any] = table
        for key in [key for key, row in rows.items() if row.project_id == project.id]:
            del rows[key]
    return {generation(call, "workspace", "project"): answered(call, project)}


def change(call: Call, project: Project) -> Row:
    body = call.read(UPDATE)
    require_in_project(call, project.id, "edit", "workspace")
    if not body and call.profile.refuses_empty_update:
        raise DatabaseError("Update by id")
    project.name = body.get("name", project.name)
    project.delete_protection = body.get("hasDeleteProtection", project.delete_protection)
    project.updated_at = call.now()
    row = answered(call, project)
    # The row alone (server-notes#routes-of-projects).
    return {key: value for key, value in row.items() if key not in ("_id", "environments")}


def found(call: Call) -> Project:
    project = call.world.projects.get(call.params["projectId"])
    if project is None:
        raise unknown(call, "id", call.params["projectId"])
    return project


def by_slug(call: Call) -> Project:
    call.validated(PATH_SLUG, call.params)
    for project in call.world.projects.values():
        if project.slug == call.params["slug"]:
            return project
    raise unknown(call, "slug", call.params["slug"])


def unknown(call: Call, kind: str, value: str) -> ApiError:
    if call.profile.many_auth_methods:
        return not_found(f"Project with {kind} '{value}' not found")
    return DatabaseError(f"Failed to find project by {kind}")


def generation(call: Call, old: str, new: str) -> str:
    """Choose the key of the generation whose path was asked."""
    return old if "/workspace" in call.route.path else new


def answered(call: Call, project: Project) -> Row:
    row: Row = {
        "id": project.id,
        "name": project.name,
        "slug": project.slug,
        "autoCapitalization": True,
        "orgId": project.org_id,
        "createdAt": project.created_at,
        "updatedAt": project.updated_at,
        "version": 3,
        "upgradeStatus": None,
        "pitVersionLimit": 10,
        "kmsCertificateKeyId": None,
        "auditLogsRetentionDays": None,
        "_id": project.id,
        "environments": [{"name": row.name, "slug": row.slug, "id": row.id} for row in project.environments],
    }
    if call.profile.many_auth_methods:
        row |= {
            "description": project.description,
            "type": project.type,
            "hasDeleteProtection": project.delete_protection,
        }
    return row
