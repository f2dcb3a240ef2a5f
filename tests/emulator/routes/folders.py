# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Folders of an environment."""

from __future__ import annotations

from .. import tree
from ..call import Call
from ..errors import DatabaseError, not_found
from ..permissions import not_a_member, require_in_project
from ..project_rows import Environment, Folder, Project
from ..routing import Routes
from ..schema import Field, is_uuid, nullable, query_boolean, required, shape, text
from ..world import Row

routes = Routes()

PATH = {"path": Field(text(trim=True)), "directory": Field(text(trim=True))}
DESCRIPTION = {"description": Field(nullable(text()), default=None)}


def place(call: Call) -> dict[str, Field]:
    """Name the project as the path's generation does: workspaceId in v1, projectId in v2."""
    key = "projectId" if call.route.path.startswith("/api/v2/") else "workspaceId"
    return {key: required(text(trim=True)), "environment": required(text(trim=True)), **PATH}


def project_of(call: Call, body: Row, action: str) -> Project:
    project = call.world.projects.get(body.get("projectId") or body.get("workspaceId") or "")
    if project is None:
        raise not_a_member(call)
    require_in_project(call, project.id, action, "secret-folders")
    return project


def environment_of(project: Project, slug: str, error: str) -> Environment:
    environment = project.environment(slug)
    if environment is None:
        raise not_found("Environment not found", error)
    return environment


def path_in(body: Row) -> str:
    return str(body.get("path") or body.get("directory") or "/")


@routes.add("POST", "/api/v1/folders")
@routes.add("POST", "/api/v2/folders", only="current")
def create(call: Call) -> Row:
    body = call.read(shape({**place(call), "name": required(text(trim=True)), **DESCRIPTION}))
    project = project_of(call, body, "create")
    environment = environment_of(project, body["environment"], "Create folder")
    folder = tree.make(call.world, environment, f"{path_in(body)}/{body['name']}", body["description"])
    row = answered(call, folder)
    return {"folder": {**row, "path": tree.path_of(call.world, folder)} if call.profile.many_auth_methods else row}


@routes.add("GET", "/api/v1/folders")
@routes.add("GET", "/api/v2/folders", only="current")
def list_all(call: Call) -> Row:
    query = call.query(shape({**place(call), "recursive": Field(query_boolean, default=False)}))
    project = project_of(call, query, "read")
    environment = environment_of(project, query["environment"], "get folders")
    parent = tree.find(call.world, environment, path_in(query))
    if parent is None:
        return {"folders": []}
    if query["recursive"]:
        return {"folders": below(call, parent, "")}
    return {"folders": [answered(call, folder) for folder in tree.children(call.world, parent)]}


def below(call: Call, parent: Folder, prefix: str) -> list[Row]:
    rows: list[Row] = []
    for folder in tree.children(call.world, parent):
        path = f"{prefix}/{folder.name}"
        rows += [{**answered(call, folder), "relativePath": path}, *below(call, folder, path)]
    return rows


@routes.add("GET", "/api/v1/folders/{folderId}")
@routes.add("GET", "/api/v2/folders/{folderId}", only="current")
def get(call: Call) -> Row:
    folder = by_id(call, "NotFound")
    require_in_project(call, folder.project_id, "read", "secret-folders")
    project = call.world.projects[folder.project_id]
    environment = next(row for row in project.environments if row.id == folder.environment_id)
    place = {"envId": environment.id, "envName": environment.name, "envSlug": environment.slug}
    path = tree.path_of(call.world, folder)
    return {"folder": {**answered(call, folder), "environment": place, "path": path, "projectId": project.id}}


@routes.add("PATCH", "/api/v1/folders/{folderId}")
@routes.add("PATCH", "/api/v2/folders/{folderId}", only="current")
def update(call: Call) -> Row:
    body = call.read(shape({**place(call), "name": required(text(trim=True)), **DESCRIPTION}))
    project_of(call, body, "edit")
    folder = by_id(call, "Update folder")
    folder.name = body["name"]
    folder.version += 1
    folder.updated_at = call.now()
    return {"folder": answered(call, folder)}


@routes.add("DELETE", "/api/v1/folders/{folderIdOrName}")
@routes.add("DELETE", "/api/v2/folders/{folderIdOrName}", only="current")
def delete(call: Call) -> Row:
    body = call.read(shape(place(call)))
    project = project_of(call, body, "delete")
    environment = environment_of(project, body["environment"], "Delete folder")
    parent = tree.find(call.world, environment, path_in(body))
    wanted = call.params["folderIdOrName"]
    for folder in tree.children(call.world, parent) if parent else []:
        if wanted in (folder.id, folder.name):
            tree.remove(call.world, folder)
            return {"folder": answered(call, folder)}
    raise not_found("Folder not found", "Delete folder")


def by_id(call: Call, error: str) -> Folder:
    wanted = call.params["folderId"]
    if not is_uuid(wanted):
        raise DatabaseError("Find by id")
    folder = call.world.folders.get(wanted.lower())
    if folder is None:
        raise not_found("Folder not found", error)
    return folder


def answered(call: Call, folder: Folder) -> Row:
    row = {
        "id": folder.id,
        "name": folder.name,
        "version": folder.version,
        "createdAt": folder.created_at,
        "updatedAt": folder.updated_at,
        "envId": folder.environment_id,
        "parentId": folder.parent_id,
        "isReserved": False,
    }
    return {**row, "description": folder.description} if call.profile.many_auth_methods else row
