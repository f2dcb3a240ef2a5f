# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Environments of a project."""

from __future__ import annotations

from ..call import Call
from ..errors import DatabaseError, bad_request, not_found
from ..permissions import not_a_member, require_in_project
from ..project_rows import Environment, Project
from ..routing import Routes
from ..schema import Field, is_uuid, number, required, shape, slug, text
from ..world import Row
from .projects import add_environment

routes = Routes()

TAKEN = "Environment with slug already exist"
OLD_PATH = "/api/v1/workspace/{projectId}/environments"
PATH = "/api/v1/projects/{projectId}/environments"
CREATE = shape(
    {"name": required(text(trim=True)), "slug": required(slug()), "position": Field(number(minimum=1), default=None)}
)
UPDATE = shape({"name": Field(text(trim=True)), "slug": Field(slug()), "position": Field(number(minimum=1))})


@routes.add("POST", OLD_PATH)
@routes.add("POST", PATH, only="current")
def create(call: Call) -> Row:
    body = call.read(CREATE)
    project = allowed(call, "create")
    if project.environment(body["slug"]):
        raise bad_request(TAKEN, "CreateEnvironment")
    at = None if body["position"] is None else body["position"] - 1
    environment = add_environment(call, project, body["name"], body["slug"], at)
    return written(project, environment, "created new")


@routes.add("GET", f"{OLD_PATH}/{{environmentId}}")
@routes.add("GET", f"{PATH}/{{environmentId}}", only="current")
def get(call: Call) -> Row:
    project = allowed(call, "read")
    return {"environment": answered(project, find(call, project, "Environment does not exist", "NotFound"))}


@routes.add("GET", f"{PATH}/slug/{{slug}}", only="current")
def get_by_slug(call: Call) -> Row:
    project = allowed(call, "read")
    environment = project.environment(call.params["slug"])
    if environment is None:
        raise not_found("Environment does not exist")
    return {"environment": answered(project, environment)}


@routes.add("PATCH", f"{OLD_PATH}/{{environmentId}}")
@routes.add("PATCH", f"{PATH}/{{environmentId}}", only="current")
def update(call: Call) -> Row:
    body = call.read(UPDATE)
    project = allowed(call, "edit")
    environment = find(call, project, "Environment not found", "UpdateEnvironment")
    taken = project.environment(body["slug"]) if "slug" in body else None
    if taken and taken is not environment:
        raise bad_request(TAKEN, "UpdateEnvironment")
    environment.name = body.get("name", environment.name)
    environment.slug = body.get("slug", environment.slug)
    if "position" in body:
        project.environments.remove(environment)
        project.environments.insert(body["position"] - 1, environment)
    return written(project, environment, "updated")


@routes.add("DELETE", f"{OLD_PATH}/{{environmentId}}")
@routes.add("DELETE", f"{PATH}/{{environmentId}}", only="current")
def delete(call: Call) -> Row:
    project = allowed(call, "delete")
    environment = find(call, project, "Environment doesn't exist", "DeleteEnvironment")
    answer = written(project, environment, "deleted")
    project.environments.remove(environment)
    for key in [key for key, row in call.world.folders.items() if row.environment_id == environment.id]:
        del call.world.folders[key]
    return answer


def allowed(call: Call, action: str) -> Project:
    project = call.world.projects.get(call.params["projectId"])
    if project is None:
        raise not_a_member(call)
    require_in_project(call, project.id, action, "environments")
    return project


def find(call: Call, project: Project, message: str, error: str) -> Environment:
    wanted = call.params["environmentId"]
    if not is_uuid(wanted):
        raise DatabaseError("Find by id")
    for environment in project.environments:
        if environment.id == wanted.lower():
            return environment
    raise not_found(message, error)


def written(project: Project, environment: Environment, done: str) -> Row:
    row = answered(project, environment)
    return {"message": f"Successfully {done} environment", "workspace": project.id, "environment": row}


def answered(project: Project, environment: Environment) -> Row:
    return {
        "id": environment.id,
        "name": environment.name,
        "slug": environment.slug,
        "position": project.environments.index(environment) + 1,
        "projectId": project.id,
        "createdAt": environment.created_at,
        # An update does not move it (server-notes#environments).
        "updatedAt": environment.created_at,
    }
