# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Memberships of projects: roles as a set, temporary roles that start once, on every generation of routes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import (
    Roles,
    seconds_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import moment_of
from tests.conftest import Site, Time

MODULE = "project_identity"
START = "2026-01-31T08:00:00.000Z"
TEMPORARY = {"role": "admin", "temporary_range": "2h"}


class Project:
    """A project with an identity that may become a member."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.row = site.api("POST", "/api/v2/workspace", {"projectName": "billing", "slug": "billing-app"})["project"]
        self.identity_id = site.identity()
        self.by_id = {"identity_id": self.identity_id, "project_id": str(self.row["id"])}

    @property
    def newest(self) -> bool:
        """Returns whether the server has the newest routes."""
        return bool(self.site.state()["profile"] == "current")

    def roles(self) -> list[dict[str, Any]]:
        path = f"/api/v2/workspace/{self.row['id']}/identity-memberships/{self.identity_id}"
        found: list[dict[str, Any]] = self.site.api("GET", path)["identityMembership"]["roles"]
        return found


@pytest.fixture
def project(either: Site) -> Project:
    return Project(either)


def parsed(*elements: Any) -> tuple[Any, list[str]]:
    errors: list[str] = []
    return Roles().parse("roles", list(elements), errors), errors


def test_a_project_is_found_by_id_and_by_slug(project: Project) -> None:
    site = project.site
    result = site.ok(MODULE, roles=["member"], **project.by_id)
    assert result["changed"] and result["project_id"] == project.row["id"] == result[MODULE]["project_id"]
    by_slug = {"identity_id": project.identity_id, "project_slug": "billing-app"}
    assert not site.ok(MODULE, roles="member", **by_slug)["changed"]


@pytest.mark.parametrize(
    "options", [{"project_id": "00000000-0000-4000-8000-000000000000"}, {"project_slug": "nowhere"}]
)
def test_a_project_that_is_not_there_is_reported_with_those_that_are(project: Project, options: dict[str, str]) -> None:
    failure = project.site.failure(MODULE, identity_id=project.identity_id, roles=["member"], **options)
    (given,) = options.values()
    assert failure["kind"] == "not_found" and given in failure["msg"]
    if project.newest:
        assert f"billing-app ({project.row['id']})" in failure["msg"]


def test_the_newest_routes_are_used_and_older_ones_where_there_are_no_newer(project: Project) -> None:
    site = project.site
    site.clear_requests()
    site.ok(MODULE, roles=["member"], **project.by_id)
    used = [request["path"] for request in site.requests() if request["method"] == "POST" and request["status"] == 200]
    newest = project.newest
    assert [("/memberships/identities/" in path, "/workspace/" in path) for path in used] == [(newest, not newest)]
    # A detected capability of the server is not checked again.
    site.clear_requests()
    site.ok(MODULE, roles=["viewer"], **project.by_id)
    assert sum(one["status"] == 404 for one in site.requests() if one["method"] == "GET") == 0


def test_a_temporary_role_is_begun_once(project: Project) -> None:
    site = project.site
    options = {**project.by_id, "roles": ["member", TEMPORARY]}
    assert site.ok(MODULE, **options)["changed"]
    begun = [role for role in project.roles() if role.get("isTemporary")]
    site.advance_clock(3 * 3600)
    # It has expired, but the server still lists it. Assigning it again would make it permanent.
    assert not site.ok(MODULE, **options)["changed"]
    result = site.ok(MODULE, **{**options, "roles": ["viewer", TEMPORARY]})
    assert result["changed"]
    kept = [role for role in project.roles() if role.get("isTemporary")]
    assert [one["temporaryAccessStartTime"] for one in kept] == [one["temporaryAccessStartTime"] for one in begun]


def test_a_temporary_role_with_a_start_is_begun_then(project: Project) -> None:
    options = {**project.by_id, "roles": ["member", {**TEMPORARY, "temporary_access_start_time": START}]}
    assert project.site.ok(MODULE, **options)["changed"]
    (role,) = [role for role in project.roles() if role.get("isTemporary")]
    assert moment_of(role["temporaryAccessStartTime"]) == moment_of(START) and role["temporaryRange"] == "2h"
    same = {**TEMPORARY, "temporary_range": "120 m", "temporary_access_start_time": "2026-01-31T09:00:00+01:00"}
    assert not project.site.ok(MODULE, **{**options, "roles": [same, "member"]})["changed"]
    later = {**TEMPORARY, "temporary_access_start_time": "2026-02-01T08:00:00Z"}
    assert project.site.ok(MODULE, **{**options, "roles": [later, "member"]})["changed"]


def test_what_is_returned_can_be_given_back(project: Project) -> None:
    result = project.site.ok(MODULE, roles=["member", TEMPORARY], **project.by_id)[MODULE]
    assert not project.site.ok(MODULE, **result)["changed"]


def test_a_custom_role_by_its_slug(project: Project) -> None:
    site = project.site
    body = {"slug": "deployer", "projectId": project.row["id"]}
    assert site.http.post(f"{site.url}/_emulator/roles", json=body).status_code == 200
    for roles in (["deployer"], ["viewer"], ["deployer", "viewer"]):
        assert site.ok(MODULE, roles=roles, **project.by_id)["changed"]
        assert sorted(one.get("customRoleSlug") or one["role"] for one in project.roles()) == sorted(roles)
        assert not site.ok(MODULE, roles=roles, **project.by_id)["changed"]


@pytest.mark.parametrize("attached", [True, False])
def test_a_role_the_project_does_not_have(project: Project, attached: bool) -> None:
    if attached:
        project.site.ok(MODULE, roles=["viewer"], **project.by_id)
    failure = project.site.failure(MODULE, roles=["viewer", "nobody-has-this"], **project.by_id)
    assert failure["kind"] == "not_found"
    assert "nobody-has-this" in failure["msg"] and "Check the slugs" in failure["msg"]


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ([], "roles must contain at least one role; to remove the identity, set state: absent"),
        ([TEMPORARY], "roles must contain at least one role that is not temporary"),
        (["custom"], "roles[0] must be the slug of a role; 'custom' is only a placeholder"),
        ([" "], "roles[0] must be the slug of a role, or a dictionary with role"),
        ([5], "roles[0] must be the slug of a role, or a dictionary with role, got 5"),
        ([{"slug": "x"}], "roles[0] must be the slug of a role, or a dictionary with role"),
        (["a", {"role": "x", "range": "1h"}], "roles[1] has no range; it can have role, is_temporary"),
        ([{"role": "x", "temporary_mode": "absolute"}], "roles[0].temporary_mode must be relative, got 'absolute'"),
        ([{"role": "x", "is_temporary": True}], "roles[0].temporary_range must be a duration such as 30m"),
        ([{"role": "x", "temporary_range": "soon"}], "roles[0].temporary_range must be a duration such as 30m"),
        ([{"role": "x", "temporary_range": "0h"}], "roles[0].temporary_range must be a duration such as 30m"),
        ([{**TEMPORARY, "is_temporary": False}], "roles[0] is not temporary, so it cannot have temporary_range"),
        ([{**TEMPORARY, "temporary_access_start_time": "noon"}], "start_time must be a time with a time zone"),
        ([{**TEMPORARY, "temporary_access_start_time": "2026-01-31T08:00:00"}], "must be a time with a time zone"),
    ],
)
def test_bad_roles(elements: list[Any], words: str) -> None:
    _roles, errors = parsed(*elements)
    assert any(words in error for error in errors), errors


def test_the_same_role_twice_is_once() -> None:
    roles, errors = parsed("a", {"role": "a"}, "b", TEMPORARY, {**TEMPORARY, "temporary_range": "120m"})
    assert not errors and [role["role"] for role in roles] == ["a", "b", "admin"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("5m", 300), ("2 h", 7200), ("1.5h", 5400), ("7d", 604800), ("1w", 604800),
                          ("1y", 31557600), ("h", -1), ("1 month", -1), ("-1h", -1)]
)  # fmt: skip
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


def test_a_member_taken_out_by_somebody_else_meanwhile(project: Project, waits: Time) -> None:
    site = project.site
    site.ok(MODULE, roles=["viewer"], **project.by_id)
    site.inject(method="DELETE", path="memberships", drop="after")
    assert site.ok(MODULE, state="absent", **project.by_id)["changed"]
    assert not site.ok(MODULE, state="absent", **project.by_id)["changed"]


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_a_write_whose_answer_was_lost(project: Project, waits: Time, verb: str) -> None:
    site = project.site
    if verb == "PATCH":
        site.ok(MODULE, roles=["viewer"], **project.by_id)
    served = "memberships/identities" if project.newest else "/workspace/"
    site.inject(method=verb, path=served, drop="after")
    assert site.ok(MODULE, roles=["member", "viewer"], **project.by_id)["changed"]
    assert sorted(role["role"] for role in project.roles()) == ["member", "viewer"]
    assert len(site.state()["memberships"]) == 2, "the creator of the project and ours, without a duplicate"


def test_a_blank_project_is_rejected(current: Site) -> None:
    failure = current.failure(MODULE, identity_name=" ", project_slug=" ", roles=["member"])
    assert "project_slug must not be empty" in failure["msg"] and "identity_name must not be" in failure["msg"]
