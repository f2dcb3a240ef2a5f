# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Identities of an organisation and of a project: created in, listed by and limited to it."""

from __future__ import annotations

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._identity import scope
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import (
    OrganizationScope,
    ProjectScope,
    Scope,
)
from tests.conftest import Site, run_twice
from tests.unit.servers import Reply, stub


def scopes(site: Site, project_id: str) -> list[Scope]:
    client = Client(Server(site.url, retries=0), site.token)
    return [OrganizationScope(client), ProjectScope(client, project_id)]


@pytest.fixture
def project(current: Site) -> str:
    return str(current.api("POST", "/api/v1/projects", {"projectName": "billing", "slug": "billing"})["project"]["id"])


def test_all_pages_are_read(current: Site, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "PAGE", 2)
    names = [f"one-{number}" for number in range(5)]
    for name in names:
        current.identity(name)
        current.ok("identity", name=name, project_id=project)
    for one in scopes(current, project):
        current.clear_requests()
        found = [row["identity"]["name"] for row in one.listed("one-")]
        assert sorted(found) == sorted(names if one.project_id else names * 2)
        assert current.counts()["GET"] == (3 if one.project_id else 6)


def test_a_list_that_ends_early_does_not_go_on_for_ever() -> None:
    """If identities are deleted while the pages are read, the total is never reached."""
    found = {"identityMemberships": [{"identity": {"id": "1", "name": "a"}}], "totalCount": 9}
    with stub(Reply(200, found), Reply(200, {"identityMemberships": [], "totalCount": 9})) as server:
        assert len(OrganizationScope(Client(Server(server.url)), "o").listed()) == 1
    assert len(server.requests) == 2


def test_an_identity_of_a_project_is_managed_in_it(current: Site, project: str) -> None:
    made = run_twice(
        current, "identity", name="web", project_slug="billing", metadata={"team": "a"}, delete_protection=True
    )
    row = current.api("GET", f"/api/v1/projects/{project}/identities/{made['identity_id']}")["identity"]
    assert (row["name"], row["projectId"], row["hasDeleteProtection"]) == ("web", project, True)
    assert made["identity"]["metadata"] == {"team": "a"} and "role" not in made["identity"]
    by_id = {"identity_id": made["identity_id"], "project_id": project}
    renamed = run_twice(current, "identity", name="app", metadata={}, **by_id)
    assert renamed["identity"]["name"] == "app" and renamed["identity"]["delete_protection"]
    failure = current.failure("identity", state="absent", **by_id)
    assert failure["kind"] == "conflict" and "delete protection" in failure["msg"]
    current.ok("identity", delete_protection=False, **by_id)
    assert run_twice(current, "identity", state="absent", **by_id)["changed"]


def test_the_auth_methods_of_an_identity_of_a_project_are_managed_like_any_other_s(current: Site, project: str) -> None:
    current.ok("identity", name="web", project_id=project)
    assert run_twice(current, "identity_universal_auth", identity_name="web", access_token_ttl=60)["changed"]
    assert current.ok("project_identity", identity_name="web", project_id=project, roles=["viewer"])["changed"]


def test_an_organisation_does_not_change_an_identity_of_a_project(current: Site, project: str) -> None:
    made = current.ok("identity", name="web", project_id=project)["identity_id"]
    for options in ({"name": "web", "metadata": {"a": "b"}}, {"identity_id": made, "state": "absent"}):
        failure = current.failure("identity", **options)
        assert failure["kind"] == "conflict" and "belongs to a project. Set project_id" in failure["msg"]


def test_names_are_looked_up_in_the_project(current: Site, project: str) -> None:
    ours = current.ok("identity", name="web")["identity_id"]
    theirs = current.ok("identity", name="web", project_id=project)["identity_id"]
    assert ours != theirs
    assert current.ok("identities_info", project_id=project)["identity_ids"] == {"web": theirs}
    failure = current.failure("identity_universal_auth", identity_name="web")
    assert failure["kind"] == "conflict", "the organisation lists both"


def test_the_role_in_the_organisation_cannot_be_declared_in_a_project(current: Site, project: str) -> None:
    current.clear_requests()
    for module, options in (
        ("identity", {"name": "web", "role": "member"}),
        ("identities", {"identities": [{"name": "web", "role": "member"}]}),
    ):
        failure = current.failure(module, project_id=project, **options)
        assert failure["kind"] == "validation" and "project_identity" in failure["msg"]
    assert not current.requests()


@pytest.mark.parametrize("number", [2, 12], ids=["few", "many"])
def test_identities_of_a_project_with_all_their_settings(current: Site, project: str, number: int) -> None:
    declared = [
        {
            "name": f"web-{index}",
            "metadata": {"index": str(index)},
            "universal_auth": {"access_token_ttl": 60},
            "projects": [{"project_slug": "billing", "roles": ["viewer"]}],
        }
        for index in range(number)
    ]
    result = run_twice(current, "identities", identities=declared, project_slug="billing")
    assert result["summary"]["changed"] == number
    exported = current.ok("identities_info", project_id=project)["identities"]
    assert exported[0]["projects"][0]["roles"] == [{"role": "viewer"}] and "role" not in exported[0]
    assert not current.ok("identities", identities=exported, project_id=project)["changed"]
    gone = [{"name": one["name"], "state": "absent"} for one in declared]
    assert current.ok("identities", identities=gone, project_id=project)["summary"]["changed"] == number


def test_an_identity_of_a_project_is_a_member_of_no_other(current: Site, project: str) -> None:
    current.api("POST", "/api/v1/projects", {"projectName": "other", "slug": "other"})
    for membership in ({"project_slug": "other"}, {"project_id": project, "state": "absent"}):
        declared = [{"name": "web", "projects": [membership]}]
        result = current.run("identities", identities=declared, project_id=project)
        assert result["failure"]["kind"] == "validation" and "of no other" in result["msg"]
    assert not current.ok("identities_info", project_id=project)["identities"]


def test_a_server_of_2024_has_no_identities_of_projects(old: Site) -> None:
    for module, options in (
        ("identity", {"name": "web"}),
        ("identities", {"identities": [{"name": "web"}]}),
        ("identities_info", {}),
    ):
        for check in (True, False):
            failure = old.failure(module, check=check, project_id="00000000-0000-4000-8000-000000000000", **options)
            assert failure["kind"] == "unsupported_by_server"
