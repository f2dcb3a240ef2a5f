# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an identity reaches: its own memberships and privileges, and those of its groups, with where each comes from."""

from __future__ import annotations

from typing import Any

from tests.conftest import Result, Site

READ = {"subject": "secrets", "action": ["read"]}


def project(site: Site, slug: str) -> str:
    return str(site.api("POST", "/api/v2/workspace", {"projectName": slug, "slug": slug})["project"]["id"])


def group(site: Site, slug: str, *, role: str = "no-access", members: tuple[str, ...] = ()) -> str:
    group_id = site.api("POST", "/api/v1/groups", {"name": slug.title(), "slug": slug, "role": role})["id"]
    for identity_id in members:
        site.api("POST", f"/api/v1/groups/{group_id}/machine-identities/{identity_id}")
    return str(group_id)


def join(site: Site, group_id: str, project_id: str, *roles: Any) -> None:
    wire = [role if isinstance(role, dict) else {"role": role} for role in roles]
    site.api("POST", f"/api/v1/projects/{project_id}/memberships/groups/{group_id}", {"roles": wire})


def read(site: Site, identity_id: str, **options: Any) -> Result:
    access: Result = site.ok("identity_info", identity_id=identity_id, effective_access=True, **options)[
        "effective_access"
    ]
    return access


def test_only_when_asked(current: Site) -> None:
    identity_id = current.identity()
    current.clear_requests()
    assert "effective_access" not in current.ok("identity_info", identity_id=identity_id)
    assert not [one for one in current.requests() if "groups" in one["path"] or "privilege" in one["path"]]


def test_own_access_and_that_of_groups(current: Site) -> None:
    web, other = current.identity("web"), current.identity("web-2")
    shop, warehouse, foreign = (project(current, slug) for slug in ("web-shop", "warehouse", "foreign"))
    current.ok("project_identity", identity_id=web, project_id=shop, roles=["viewer"])
    privilege = {"identity_id": web, "project_id": shop, "slug": "lent", "permissions": [READ], "temporary_range": "1h"}
    current.ok("project_identity_privilege", **privilege)
    services = group(current, "services", role="member", members=(web, other))
    group(current, "strangers", members=(other,))
    join(current, services, shop, "member")
    join(current, services, warehouse, "admin")
    access = read(current, web)
    source = {"source": "group", "group_id": services, "group_slug": "services", "group_name": "Services"}
    assert access["organization_roles"] == [
        {"role": "no-access", "source": "identity"},
        {"role": "member", **source},
    ]
    own, *through = access["projects"]
    assert (own["project_id"], own["source"]) == (shop, "identity")
    assert own["roles"] == [{"role": "viewer", "active": True}]
    (lent,) = own["privileges"]
    assert (lent["slug"], lent["permissions"], lent["active"]) == ("lent", [{**READ, "inverted": False}], True)
    by_project = {one["project_id"]: one for one in through}
    assert by_project == {
        shop: {"project_id": shop, **source, "roles": [{"role": "member", "active": True}]},
        warehouse: {"project_id": warehouse, **source, "roles": [{"role": "admin", "active": True}]},
    }
    assert foreign not in by_project and access["complete"]


def test_what_has_ended_is_listed_as_such(current: Site) -> None:
    web, shop = current.identity(), project(current, "web-shop")
    temporary = {"role": "member", "temporary_range": "1h"}
    current.ok("project_identity", identity_id=web, project_id=shop, roles=["viewer", temporary])
    current.advance_clock(2 * 3600)
    (own,) = read(current, web)["projects"]
    assert {role["role"]: role["active"] for role in own["roles"]} == {"viewer": True, "member": False}


def test_a_custom_role_of_a_group(current: Site) -> None:
    web = current.identity()
    body = {"slug": "auditor", "name": "Auditor", "permissions": []}
    current.api("POST", f"/api/v1/organization/{current.organization_id}/roles", body)
    group(current, "services", role="auditor", members=(web,))
    assert [one["role"] for one in read(current, web)["organization_roles"]] == ["no-access", "auditor"]


def test_many_identities_groups_and_projects(current: Site) -> None:
    """More than a page of each."""
    for number in range(110):
        current.identity(f"a web {number:03}")
    web = current.identity("web")
    services = group(current, "services", members=(web,))
    for number in range(5):
        group(current, f"group-{number}")
    projects = [project(current, f"project-{number:03}") for number in range(105)]
    for one in projects[3:]:
        join(current, services, one, "viewer")
    access = read(current, web)
    assert sorted(one["project_id"] for one in access["projects"]) == sorted(projects[3:])


def test_what_may_not_be_read_is_unknown_instead_of_nothing(current: Site) -> None:
    web, shop, warehouse = current.identity(), project(current, "web-shop"), project(current, "warehouse")
    current.ok("project_identity", identity_id=web, project_id=shop, roles=["viewer"])
    services = group(current, "services", members=(web,))
    join(current, services, warehouse, "admin")
    access = read(current, web, token=current.caller("admin"))
    assert not access["complete"]
    own, through = access["projects"]
    assert own["roles"] == [{"role": "viewer", "active": True}] and own["privileges"] is None
    assert (through["project_id"], through["roles"]) == (warehouse, None)


def test_groups_that_may_not_be_read_are_a_failure(current: Site) -> None:
    web = current.identity()
    current.inject(method="GET", path="/api/v1/groups", status=403)
    assert current.failure("identity_info", identity_id=web, effective_access=True)["kind"] == "permission"


def test_a_plan_that_lets_nobody_read_groups(current: Site) -> None:
    message = "Failed to list groups due to plan restriction. Upgrade plan to list groups."
    body = {"statusCode": 400, "error": "BadRequest", "message": message}
    web = current.identity()
    current.inject(method="GET", path="/api/v1/groups", status=400, body=body)
    assert not read(current, web)["complete"]


def test_an_older_server(old: Site) -> None:
    """Its groups have people only, and its additional privileges cannot be read."""
    web, shop = old.identity(), project(old, "web-shop")
    old.ok("project_identity", identity_id=web, project_id=shop, roles=["viewer"])
    access = read(old, web)
    assert access["organization_roles"] == [{"role": "no-access", "source": "identity"}]
    assert access["projects"] == [
        {
            "project_id": shop,
            "source": "identity",
            "roles": [{"role": "viewer", "active": True}],
            "privileges": None,
        }
    ]
    assert not access["complete"]
