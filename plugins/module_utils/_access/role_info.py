# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The task that reads the roles of a project or of the organisation, with what they permit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import organization_of_caller
from ansible_collections.machineid.infisical.plugins.module_utils._identity.organization_roles import (
    BUILT_IN,
    every_role,
    one_role,
    unknown_organization_role,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import length_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import id_errors, id_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text
from ansible_collections.machineid.infisical.plugins.module_utils._project.lookup import (
    AT_MOST_ONE_PROJECT,
    PROJECT_OPTIONS,
    project_errors,
    project_named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._project.roles import ProjectRoles
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

KEYS = ("slug", "name", "description")


def returned_role(role: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a role for a result. ``permissions`` is None if the server did not say what it permits."""
    rules = role.get("permissions")
    permissions = [readable(rule) for rule in rules] if isinstance(rules, list) else None
    return {**{key: role.get(key) for key in KEYS}, "permissions": permissions}


def readable(rule: Any) -> Any:
    """Returns a permission with a list of actions. Older servers pack some as pairs of actions and subject
    (server-notes#packed-permissions)."""
    if isinstance(rule, list) and len(rule) > 1 and isinstance(rule[0], str):
        return {"action": rule[0].split(","), "subject": rule[1]}
    if isinstance(rule, dict) and isinstance(rule.get("action"), str):
        return {**rule, "action": [rule["action"]]}
    return rule


def roles_of_project(client: Client, project: Mapping[str, Any], slugs: Sequence[str] | None) -> dict[str, Any]:
    """Takes a request for the list, which has no permissions, and one for each role."""
    roles = ProjectRoles(client, str(project["id"]), project.get("slug"))
    known = [role["slug"] for role in roles.listed()]
    if slugs is not None and set(slugs) - set(known):
        raise roles.unknown("slugs", slugs)
    wanted = known if slugs is None else [slug for slug in known if slug in slugs]
    found = [returned_role(roles.named(slug)) for slug in wanted]
    return {"changed": False, "project_id": project["id"], "roles": found, "complete": slugs is None}


def roles_of_organization(client: Client, organization_id: str, slugs: Sequence[str] | None) -> dict[str, Any]:
    """Takes a request for the list. Where that is for people only, it takes one for each built-in role, or for each of
    ``slugs``."""
    every = every_role(client, organization_id)
    roles = []
    if every is not None:
        roles = [role for role in every if slugs is None or role["slug"] in slugs]
    else:
        single = [one_role(client, slug) for slug in (BUILT_IN if slugs is None else slugs)]
        roles = [role for role in single if role is not None]
    for slug in slugs or []:
        if slug not in [role["slug"] for role in roles]:
            raise unknown_organization_role(client, organization_id, "slugs", slug)
    complete = every is not None and slugs is None
    return {"changed": False, "roles": [returned_role(role) for role in roles], "complete": complete}


def report_roles(run: Run) -> dict[str, Any]:
    params = run.params
    errors = id_errors(params, "organization_id") + project_errors(params)
    slugs = params.get("slugs")
    wrong = length_error(slugs or [])
    if wrong:
        errors.append(f"slugs {wrong}")
    for index, slug in enumerate(slugs or []):
        Text().parse(f"slugs[{index}]", slug, errors)
    run.check_options(errors)
    client = run.client
    if slugs is not None:
        slugs = list(dict.fromkeys(slug.strip() for slug in slugs))
    if params.get("project_id") is not None or params.get("project_slug") is not None:
        return roles_of_project(client, project_named(client, params), slugs)
    organization_id = id_given(params, "organization_id") or organization_of_caller(client)
    return roles_of_organization(client, organization_id, slugs)


ROLE_INFO_TASK = Task(
    argument_spec={
        **PROJECT_OPTIONS,
        "organization_id": {"type": "str"},
        "slugs": {"type": "list", "elements": "str"},
    },
    rules={"mutually_exclusive": AT_MOST_ONE_PROJECT},
    execute=report_roles,
)
