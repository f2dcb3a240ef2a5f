# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Memberships of projects, additional privileges and groups of many identities, and their export."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site, run_twice

RULES = [
    {"subject": "secrets", "action": ["create", "edit"], "conditions": {"environment": "dev"}},
    {"subject": "secrets", "action": ["edit"], "inverted": True, "conditions": {"secretPath": "/locked"}},
]
PRIVILEGES: list[dict[str, Any]] = [
    {"slug": "deploy", "permissions": RULES},
    {"slug": "migrate", "permissions": RULES[:1], "temporary_range": "2h"},
]


@pytest.fixture
def site(current: Site) -> Site:
    """A server with a project and two groups."""
    current.api("POST", "/api/v1/projects", {"projectName": "billing", "slug": "billing"})
    for name in ("Operators", "Readers"):
        current.api("POST", "/api/v1/groups", {"name": name, "slug": name.lower(), "role": "no-access"})
    return current


def declared(number: int) -> list[dict[str, Any]]:
    membership = {"project_slug": "billing", "roles": ["viewer"], "privileges": PRIVILEGES}
    groups = [{"group_name": "Operators"}, {"group_slug": "readers"}]
    return [{"name": f"web-{index}", "projects": [membership], "groups": groups} for index in range(number)]


@pytest.mark.parametrize("number", [1, 12], ids=["one", "many"])
def test_all_of_it_is_brought_about_once_and_exported(site: Site, number: int) -> None:
    result = run_twice(site, "identities", identities=declared(number))
    assert result["summary"]["changed"] == number
    keys = sorted(result["identities"][0]["changes"])
    assert len(keys) == 6 and [key.split()[0] for key in keys] == ["groups"] * 2 + ["identity"] + ["projects"] * 3
    options = {"include_privileges": True, "include_groups": True}
    exported = site.ok("identities_info", names=["web-0"], **options)["identities"]
    assert exported[0]["groups"] == [{"group_slug": "operators"}, {"group_slug": "readers"}]
    (membership,) = exported[0]["projects"]
    assert [one["slug"] for one in membership["privileges"]] == ["deploy", "migrate"]
    assert site.ok("identity_info", identity_name="web-0", **options)["identity"]["groups"] == exported[0]["groups"]
    site.clear_requests()
    assert not site.ok("identities", identities=exported)["changed"] and site.counts()["writes"] == 0


def test_what_is_not_declared_is_left_alone_and_what_is_absent_goes(site: Site) -> None:
    site.ok("identities", identities=declared(1))
    assert not site.ok("identities", identities=[{"name": "web-0", "projects": [], "groups": []}])["changed"]
    absent = {
        "name": "web-0",
        "projects": [{"project_slug": "billing", "privileges": [{"slug": "deploy", "state": "absent"}]}],
        "groups": [{"group_slug": "operators", "state": "absent"}],
    }
    gone = run_twice(site, "identities", identities=[absent])
    assert sorted(gone["identities"][0]["changes"].values()) == ["delete", "delete"]
    (left,) = site.ok("identities_info", include_privileges=True, include_groups=True, names=["web-0"])["identities"]
    assert left["groups"] == [{"group_slug": "readers"}]
    assert [one["slug"] for one in left["projects"][0]["privileges"]] == ["migrate"]


def test_a_changed_privilege_is_one_change_and_keeps_the_others(site: Site) -> None:
    site.ok("identities", identities=declared(1))
    changed = declared(1)
    changed[0]["projects"] = [{"project_slug": "billing", "privileges": [{"slug": "deploy", "permissions": RULES[:1]}]}]
    result = run_twice(site, "identities", identities=changed)
    ((key, action),) = result["identities"][0]["changes"].items()
    assert action == "update" and key.endswith("privileges deploy")


@pytest.mark.parametrize("check", [True, False])
def test_a_group_that_does_not_exist_fails_its_identity_only(site: Site, check: bool) -> None:
    identities = [{"name": "a", "groups": [{"group_slug": "nobody"}]}, {"name": "b"}]
    result = site.run("identities", identities=identities, check=check)
    assert result["summary"]["failed"] == ["a"] and "operators (Operators)" in result["msg"]


def test_invalid_options_are_named_by_element(site: Site) -> None:
    site.clear_requests()
    membership = {
        "project_slug": "billing",
        "privileges": [{"slug": "A b", "permissions": RULES}, {"slug": "x"}, {"slug": "x", "permissions": []}],
    }
    gone = {"project_slug": "billing", "state": "absent", "privileges": [{"slug": "y"}]}
    identities = [{"name": "web", "projects": [membership, gone], "groups": [{"group_id": "x"}]}]
    identities[0]["projects"][0]["privileges"][2]["permissions"] = [{"subject": " ", "action": ["read"]}]  # type: ignore[index]
    failure = site.failure("identities", identities=identities)
    place = "identities[0].projects[0].privileges"
    for words in (f"{place}[0].slug", f"{place}[2].slug 'x' is given twice", f"{place}[2].permissions[0]"):
        assert words in failure["msg"]
    assert "projects[1].privileges cannot be given with state absent" in failure["msg"]
    assert "identities[0].groups[0].group_id" in failure["msg"]
    assert not site.requests()


def test_a_server_of_2024_has_neither(old: Site) -> None:
    old.api("POST", "/api/v2/workspace", {"projectName": "billing", "slug": "billing"})
    old.ok("identities", identities=[{"name": "web-0", "projects": [{"project_slug": "billing", "roles": ["viewer"]}]}])
    (found,) = old.ok("identities_info", names=["web-0"], include_privileges=True, include_groups=True)["identities"]
    assert found["groups"] == [] and found["projects"][0]["privileges"] == []
    for element in ({"projects": declared(1)[0]["projects"]}, {"groups": declared(1)[0]["groups"]}):
        result = old.run("identities", identities=[{"name": "web-0", **element}])
        assert result["failure"]["kind"] == "unsupported_by_server"
