# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Roles: what they permit, and which there are after an unknown one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site

MODULE = "role_info"
BUILT_IN = ["admin", "member", "viewer", "no-access"]
RULE = {"subject": "secrets", "action": ["read"], "conditions": {"secretPath": "/{{identity.name}}"}}


def project(site: Site) -> dict[str, str]:
    row = site.api("POST", "/api/v2/workspace", {"projectName": "billing", "slug": "billing-app"})["project"]
    current = site.state()["profile"] == "current"
    path = f"/api/v1/projects/{row['id']}/roles" if current else "/api/v1/workspace/billing-app/roles"
    site.api("POST", path, {"slug": "deployer", "name": "Deployer", "permissions": [RULE]})
    return {"project_id": str(row["id"])}


def slugs(result: dict[str, Any]) -> list[str]:
    return [role["slug"] for role in result["roles"]]


def test_the_roles_of_a_project_with_what_they_permit(either: Site) -> None:
    named = project(either)
    either.clear_requests()
    result = either.ok(MODULE, project_slug="billing-app")
    assert slugs(result) == [*BUILT_IN, "deployer"] and result["complete"]
    assert result["project_id"] == named["project_id"]
    (custom,) = [role["permissions"] for role in result["roles"] if role["slug"] == "deployer"]
    assert (custom[0]["subject"], custom[0]["action"]) == ("secrets", ["read"])
    (viewer,) = [role["permissions"] for role in result["roles"] if role["slug"] == "viewer"]
    assert viewer == [{"subject": "*", "action": ["read"]}]
    assert sum(one["status"] == 200 for one in either.requests()) == 2 + len(result["roles"])


def test_conditions_are_returned_as_the_server_has_them(current: Site) -> None:
    assert current.ok(MODULE, slugs=["deployer"], **project(current))["roles"][0]["permissions"] == [RULE]


def test_some_roles_of_a_project(either: Site) -> None:
    result = either.ok(MODULE, slugs=["deployer", " viewer ", "viewer"], **project(either))
    assert slugs(result) == ["viewer", "deployer"] and not result["complete"]


def test_an_unknown_slug_is_answered_with_what_there_is(either: Site) -> None:
    failure = either.failure(MODULE, slugs=["deploier", "viewer"], **project(either))
    assert failure["kind"] == "not_found"
    assert "slugs: 'deploier' is not a role of project" in failure["msg"] and "'viewer' is" not in failure["msg"]
    assert "which has admin, deployer, member, no-access, viewer. Did you mean 'deployer'?" in failure["msg"]


@pytest.mark.parametrize("joined", [True, False])
def test_an_unknown_role_of_a_membership(either: Site, joined: bool) -> None:
    options = {**project(either), "identity_id": either.identity()}
    if joined:
        either.ok("project_identity", roles=["viewer"], **options)
    either.clear_requests()
    failure = either.failure("project_identity", roles=["viewer", "deploier"], **options)
    assert "roles: 'deploier' is not a role of project" in failure["msg"]
    assert "admin, deployer, member, no-access, viewer. Did you mean 'deployer'?" in failure["msg"]
    lists = [one for one in either.requests() if one["path"].endswith("/roles") and one["status"] == 200]
    assert len(lists) == 1


def test_an_unknown_role_of_a_membership_in_identities(current: Site) -> None:
    projects = [{**project(current), "roles": ["deploier"]}]
    failure = current.failure("identities", identities=[{"name": "web", "projects": projects}])
    assert "roles: 'deploier' is not a role of project" in failure["msg"]
    assert "Did you mean 'deployer'?" in failure["msg"]


def test_roles_that_cannot_be_listed_are_not_said_to_be_none(current: Site) -> None:
    options = {**project(current), "identity_id": current.identity()}
    current.inject(method="GET", path="/roles", status=403)
    failure = current.failure("project_identity", roles=["deploier"], **options)
    assert failure["kind"] == "not_found" and "could not be listed: " in failure["msg"]


def test_the_roles_of_the_organization_that_an_identity_may_read(current: Site) -> None:
    result = current.ok(MODULE)
    assert slugs(result) == ["admin", "member", "no-access"] and not result["complete"]
    assert result["roles"][0]["permissions"] == [{"subject": "*", "action": ["*"]}]


def test_a_custom_role_of_the_organization(current: Site) -> None:
    body = {"slug": "auditor", "name": "Auditor", "permissions": [{"subject": "audit-logs", "action": "read"}]}
    current.api("POST", f"/api/v1/organization/{current.organization_id}/roles", body)
    (role,) = current.ok(MODULE, slugs=["auditor"])["roles"]
    assert role["permissions"] == [{"subject": "audit-logs", "action": ["read"]}]


def test_a_person_sees_all_roles_of_the_organization(current: Site) -> None:
    body = {"slug": "auditor", "name": "Auditor", "permissions": []}
    current.api("POST", f"/api/v1/organization/{current.organization_id}/roles", body)
    token = current.http.post(f"{current.url}/_emulator/user-token").json()["accessToken"]
    result = current.ok(MODULE, token=token, organization_id=current.organization_id)
    assert slugs(result) == ["admin", "member", "no-access", "auditor"] and result["complete"]


def test_an_older_server_lets_identities_read_no_role_of_the_organization(old: Site) -> None:
    result = old.ok(MODULE, organization_id=old.organization_id)
    assert slugs(result) == ["admin", "member", "no-access"] and not result["complete"]
    assert {role["permissions"] for role in result["roles"]} == {None}
    failure = old.failure(MODULE, organization_id=old.organization_id, slugs=["auditor"])
    assert failure["kind"] == "unsupported_by_server"


@pytest.mark.parametrize("exists", [True, False])
def test_an_unknown_role_of_the_organization_names_the_built_in_ones(either: Site, exists: bool) -> None:
    if exists:
        either.identity("web")
    failure = either.failure("identity", name="web", role="auditor")
    assert failure["kind"] == "not_found"
    assert f"role: 'auditor' is not a role of organisation {either.organization_id}" in failure["msg"]
    assert "admin, member, no-access. Custom ones could not be listed" in failure["msg"]
    if either.state()["profile"] == "current":
        again = either.failure(MODULE, slugs=["auditor"])
        assert "slugs: 'auditor' is not a role of organisation" in again["msg"]


def test_invalid_options_cost_no_request(current: Site) -> None:
    failure = current.failure(MODULE, project_slug="a b", slugs=["viewer", " "], organization_id="x")
    assert failure["kind"] == "validation" and failure["msg"].startswith("3 invalid options")
