# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Membership of groups: found by id, slug and name, in lists of members and others with many pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._access.groups import searchable
from tests.conftest import Site, Time

MODULE = "group_identity"
MACHINES = "/machine-identities"


def group(site: Site, slug: str = "services", name: str = "Services") -> str:
    return str(site.api("POST", "/api/v1/groups", {"name": name, "slug": slug, "role": "no-access"})["id"])


def members(site: Site, group_id: str) -> list[str]:
    found = site.api("GET", f"/api/v1/groups/{group_id}/members?limit=100")["members"]
    return [one["name"] for one in found]


def verbs(site: Site, **options: Any) -> list[str]:
    site.clear_requests()
    site.ok(MODULE, **options)
    return [one["method"] for one in site.requests()]


def test_the_requests_of_a_memberships_life(current: Site) -> None:
    by_id = {"identity_id": current.identity(), "group_id": group(current)}
    # The identity's name comes first: the members are searched for it.
    assert verbs(current, state="absent", **by_id) == ["GET"] * 2
    assert verbs(current, check=True, **by_id) == ["GET"] * 2
    assert verbs(current, **by_id) == ["GET", "GET", "POST"]
    assert verbs(current, **by_id) == ["GET"] * 2
    assert verbs(current, state="absent", **by_id) == ["GET", "GET", "DELETE"]
    assert members(current, by_id["group_id"]) == []


def test_check_mode_reports_what_a_run_does(current: Site) -> None:
    options = {"identity_id": current.identity(), "group_id": group(current)}
    for state in ("present", "absent"):
        checked = current.ok(MODULE, check=True, state=state, **options)
        done = current.ok(MODULE, state=state, **options)
        assert checked == done and done["changed"] and done["diff"]["before"] != done["diff"]["after"]
        assert not current.ok(MODULE, state=state, **options)["changed"]


@pytest.mark.parametrize("named", [{"group_slug": "services"}, {"group_name": " Services "}])
def test_a_group_is_found_by_slug_and_by_name(current: Site, named: dict[str, str]) -> None:
    current.identity()
    group_id = group(current)
    group(current, "servers", "Servers")
    assert current.ok(MODULE, identity_name="web", **named)["group_id"] == group_id
    assert members(current, group_id) == ["web"]


def test_a_name_of_several_groups_is_a_conflict(current: Site) -> None:
    options = {"identity_id": current.identity(), "group_name": "Services"}
    ids = [group(current, "services"), group(current, "services-2")]
    failure = current.failure(MODULE, **options)
    assert failure["kind"] == "conflict" and all(one in failure["msg"] for one in ids)
    assert "group_slug" in failure["msg"]
    assert [members(current, one) for one in ids] == [[], []]


def test_an_unknown_group_is_reported_with_those_there_are(current: Site) -> None:
    identity_id = current.identity()
    group(current)
    failure = current.failure(MODULE, identity_id=identity_id, group_slug="service")
    assert failure["kind"] == "not_found" and "services (Services)" in failure["msg"]
    unknown = "00000000-0000-4000-8000-000000000000"
    failure = current.failure(MODULE, identity_id=identity_id, group_id=unknown)
    assert failure["kind"] == "not_found" and f"Group {unknown} does not exist" in failure["msg"]
    failure = current.failure(MODULE, identity_id=unknown, group_slug="services")
    assert failure["kind"] == "not_found" and f"Identity {unknown} does not exist" in failure["msg"]


@pytest.mark.parametrize(
    ("name", "part"),
    [("web", "web"), ("billing api.eu-1", "billing"), ("a.bc.d", "bc"), ("ünïcödé", "n"), ("…", ""), ("a_b-c", "b-c")],
)
def test_what_members_can_be_searched_for(name: str, part: str) -> None:
    assert searchable(name) == part


@pytest.mark.parametrize("name", ["web", "…"])
def test_a_member_on_a_later_page(current: Site, name: str) -> None:
    """More identities than a page has, all of which the search finds, or none of which can be searched for."""
    for number in range(120):
        current.identity(f"web-{number:03}")
    identity_id = current.identity(name)
    group_id = group(current)
    options = {"identity_id": identity_id, "group_id": group_id}
    assert current.ok(MODULE, **options)["changed"]
    assert not current.ok(MODULE, **options)["changed"]
    assert members(current, group_id) == [name]


def test_a_list_that_does_not_search_as_expected_is_read_whole(current: Site) -> None:
    options = {"identity_id": current.identity(), "group_id": group(current)}
    current.ok(MODULE, **options)
    nothing = {"machineIdentities": [], "totalCount": 0}
    current.inject(method="GET", path=MACHINES, status=200, body=nothing, times=1)
    assert not current.ok(MODULE, **options)["changed"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_write_whose_answer_was_lost(current: Site, waits: Time, state: str) -> None:
    options = {"identity_id": current.identity(), "group_id": group(current)}
    if state == "absent":
        current.ok(MODULE, **options)
    current.inject(method="POST" if state == "present" else "DELETE", path=MACHINES, drop="after")
    assert current.ok(MODULE, state=state, **options)["changed"]
    assert members(current, options["group_id"]) == (["web"] if state == "present" else [])


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("status", [400, 404])
def test_another_run_was_faster(current: Site, waits: Time, state: str, status: int) -> None:
    """The server rejects what is so already, in different ways (server-notes#members-of-groups)."""
    identity_id, group_id = current.identity(), group(current)
    path = f"/api/v1/groups/{group_id}/machine-identities/{identity_id}"
    if state == "present":
        current.api("POST", path)
    row = {"id": identity_id, "name": "web", "isPartOfGroup": state == "absent"}
    outdated = {"machineIdentities": [row], "totalCount": 1}
    current.inject(method="GET", path=MACHINES, status=200, body=outdated, times=1)
    rejected = {"statusCode": status, "error": "BadRequest", "message": "It is so"}
    current.inject(method="POST", path=MACHINES, status=status, body=rejected)
    current.inject(method="DELETE", path=MACHINES, status=status, body=rejected)
    assert current.ok(MODULE, state=state, identity_id=identity_id, group_id=group_id)["changed"]


def test_a_plan_without_groups(sites: Callable[..., Site]) -> None:
    site = sites(profile="current", plan="enterprise")
    options = {"identity_id": site.identity(), "group_id": group(site)}
    site.service.world.plan = "free"
    failure = site.failure(MODULE, **options)
    site.service.world.plan = "enterprise"
    assert failure["kind"] == "plan" and members(site, options["group_id"]) == []


def test_rights_that_the_caller_does_not_have(current: Site) -> None:
    options = {"identity_id": current.identity(), "group_id": group(current)}
    assert current.failure(MODULE, token=current.caller("member"), **options)["kind"] == "permission"
    assert members(current, options["group_id"]) == []


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("named", [{"group_slug": "services"}, {"group_id": "00000000-0000-4000-8000-000000000000"}])
def test_a_server_without_such_groups(old: Site, state: str, named: dict[str, str]) -> None:
    failure = old.failure(MODULE, state=state, identity_id=old.identity(), **named)
    assert failure["kind"] == "unsupported_by_server" and "no groups with machine identities" in failure["msg"]


def test_invalid_options_cost_no_request(current: Site) -> None:
    failure = current.failure(MODULE, identity_name=" ", group_slug="a b")
    assert failure["kind"] == "validation" and failure["msg"].startswith("2 invalid options")
    assert "group_slug must be 5 to 36 characters, got 'a b'" in failure["msg"]
