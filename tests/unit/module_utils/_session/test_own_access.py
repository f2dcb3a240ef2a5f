# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What caller_info returns of the caller: as much as it may read, and null for the rest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Result, Site
from tests.unit.servers import Reply, stub

ACCESS = ("name", "role", "projects")


def is_current(site: Site) -> bool:
    return bool(site.state()["profile"] == "current")


def access(site: Site, token: str) -> dict[str, Any]:
    result = site.ok("caller_info", token=token, include_access=True)
    return {key: result[key] for key in ACCESS}


def project(site: Site, slug: str) -> str:
    body = {"projectName": slug.title(), "slug": slug}
    return str(site.api("POST", "/api/v2/workspace", body)["project"]["id"])


def member_of(site: Site, project_id: str, identity_id: str, *roles: dict[str, Any]) -> None:
    path = f"/api/v2/workspace/{project_id}/identity-memberships/{identity_id}"
    site.api("POST", path, {"roles": list(roles)})


def caller_in_project(site: Site, role: str) -> tuple[str, str]:
    """Returns the token of an identity with this role, and the project that it is a viewer of."""
    token = site.caller(role)
    own_id = str(site.ok("caller_info", token=token)["identity_id"])
    project_id = project(site, "billing")
    member_of(site, project_id, own_id, {"role": "viewer", "isTemporary": False})
    return token, project_id


def test_name_role_and_projects(either: Site) -> None:
    token, project_id = caller_in_project(either, "member")
    slug = "billing" if is_current(either) else None
    own = {"project_id": project_id, "project_slug": slug, "roles": [{"role": "viewer"}]}
    assert access(either, token) == {"name": "as-member", "role": "member", "projects": [own]}


def test_who_is_in_no_project_has_an_empty_list(either: Site) -> None:
    assert access(either, either.token) == {"name": "emulator-admin", "role": "admin", "projects": []}


def test_a_custom_role_is_named_by_its_slug(current: Site) -> None:
    permissions = [{"subject": "identity", "action": ["read"]}]
    body = {"slug": "reader", "name": "Reader", "permissions": permissions}
    path = f"/api/v1/organization/{current.organization_id}/roles"
    current.api("POST", path, body, token=user_token(current))
    assert access(current, current.caller("reader"))["role"] == "reader"


def test_who_may_not_read_itself_gets_what_it_may_read(either: Site) -> None:
    token, project_id = caller_in_project(either, "no-access")
    seen = [{"project_id": project_id, "project_slug": "billing", "roles": None}]
    expected = seen if is_current(either) else None
    assert access(either, token) == {"name": None, "role": None, "projects": expected}


def user_token(site: Site) -> str:
    return str(site.http.post(f"{site.url}/_emulator/user-token", json={}).json()["accessToken"])


def test_a_person_has_projects_only(either: Site) -> None:
    project_id = project(either, "billing")
    result = either.ok("caller_info", token=user_token(either), include_access=True)
    seen = [{"project_id": project_id, "project_slug": "billing", "roles": None}]
    assert (result["identity_id"], result["organization"]) == (None, {})
    assert {key: result[key] for key in ACCESS} == {"name": None, "role": None, "projects": seen}


def requests_of(site: Site, **options: Any) -> list[str]:
    site.clear_requests()
    site.ok("caller_info", **options)
    return [one["path"] for one in site.requests()]


def test_access_takes_three_more_requests_and_only_on_demand(either: Site) -> None:
    without = requests_of(either)
    assert len(without) == (1 if is_current(either) else 2)
    added = requests_of(either, include_access=True)[len(without) :]
    # 2024-10 has only the older route of the list.
    assert len(added) == (3 if is_current(either) else 4)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(401, {"error": "UnauthorizedError", "message": "No."}), "authentication"),
        (Reply(200, "<p>Hello</p>"), "server"),
        (Reply(200, {"identity": {"identity": {"id": "x", "name": "web"}}}), "server"),
    ],
)
def test_what_is_no_matter_of_permission_is_a_failure(current: Site, reply: Reply, kind: str) -> None:
    details = Reply(200, {"identityDetails": {"organization": {"id": current.organization_id}}})
    with stub(details, reply) as server:
        failed: Result = current.failure("caller_info", url=server.url, include_access=True, retries=0)
    assert failed["kind"] == kind
