# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Additional privileges: permissions in the server's language, terms that start once, and the traps of the server."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._access.permissions import Permissions
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_table import (
    PROJECT_IDENTITY_PRIVILEGE,
    parse_privilege,
    parse_privileges,
)
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_task import (
    PrivilegeStore,
    exported_privileges,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import apply
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import moment_of
from tests.conftest import Site, Time

MODULE = "project_identity_privilege"
PATH = "/api/v2/identity-project-additional-privilege"
READ = {"subject": "secrets", "action": ["read"]}
EDIT = {"subject": "secrets", "action": ["edit"], "conditions": {"environment": "dev"}}
NOT_IN_PRODUCTION = {"subject": "secrets", "action": ["edit"], "conditions": {"environment": "prod"}, "inverted": True}


def where(conditions: Any) -> dict[str, Any]:
    return {**READ, "conditions": conditions}


class Member:
    """An identity that is a member of a project."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.project = site.api("POST", "/api/v1/projects", {"projectName": "billing", "slug": "billing-app"})[
            "project"
        ]
        self.identity_id = site.identity()
        site.ok("project_identity", identity_id=self.identity_id, project_id=self.project["id"], roles=["viewer"])
        self.named = {"identity_id": self.identity_id, "project_slug": "billing-app", "slug": "deploy"}

    def stored(self) -> list[dict[str, Any]]:
        query = f"?identityId={self.identity_id}&projectId={self.project['id']}"
        listed = self.site.api("GET", f"{PATH}{query}")["privileges"]
        return [self.site.api("GET", f"{PATH}/{one['id']}")["privilege"] for one in listed]

    def verbs(self, **options: Any) -> list[str]:
        """Returns the methods of the requests about privileges of one task."""
        self.site.clear_requests()
        self.site.ok(MODULE, **{**self.named, **options})
        return [one["method"] for one in self.site.requests() if PATH in one["path"]]


@pytest.fixture
def member(current: Site) -> Member:
    return Member(current)


def test_the_requests_of_a_privileges_life(member: Member) -> None:
    assert member.verbs(state="absent") == ["GET"]
    assert member.verbs(permissions=[READ]) == ["GET", "POST"]
    assert member.verbs(permissions=[READ]) == ["GET"]
    assert member.verbs(permissions=[READ, EDIT], check=True) == ["GET"]
    assert member.verbs(permissions=[READ, EDIT]) == ["GET", "PATCH"]
    assert member.verbs(state="absent", check=True) == ["GET"]
    assert member.verbs(state="absent") == ["GET", "DELETE"]
    assert member.stored() == []


def test_the_order_of_rules_counts(member: Member) -> None:
    member.site.ok(MODULE, permissions=[EDIT, NOT_IN_PRODUCTION], **member.named)
    assert member.site.ok(MODULE, permissions=[NOT_IN_PRODUCTION, EDIT], **member.named)["changed"]
    assert [rule.get("inverted", False) for rule in member.stored()[0]["permissions"]] == [True, False]


@pytest.mark.parametrize(
    ("wire", "given", "same"),
    [
        ([{"subject": "secrets", "action": "read"}], [READ], True),
        ([{**READ, "conditions": None, "inverted": None}], [READ], True),
        ([{**READ, "conditions": {}, "inverted": False}], [READ], True),
        ([{**READ, "action": ["edit", "read"]}], [{**READ, "action": ["read", "edit"]}], True),
        ([where({"environment": "dev"})], [where({"environment": {"$eq": "dev"}})], True),
        ([where({"environment": {"$eq": "dev"}})], [where({"environment": "dev"})], True),
        ([where({"a": {"$in": ["x", "y"]}})], [where({"a": {"$in": ["y", "x"]}})], True),
        ([where({"a": {"$in": ["x"]}})], [where({"a": {"$all": ["x"]}})], False),
        ([where({"a": {"$ne": "x"}})], [where({"a": "x"})], False),
        ([{**READ, "inverted": True}], [READ], False),
        ([READ, READ], [READ], False),
        # What no option can be, but a server may know, is carried along.
        ([where({"a": {"$new": [{"$eq": 1}]}})], [READ], False),
    ],
)
def test_permissions_are_compared_by_meaning(wire: Any, given: Any, same: bool) -> None:
    errors: list[str] = []
    kind = Permissions()
    assert kind.same(kind.from_wire(wire), kind.parse("permissions", given, errors)) is same and not errors
    assert kind.same(kind.from_wire(kind.to_wire(kind.from_wire(wire))), kind.from_wire(wire))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"action": ["read"]}, "permissions[0].subject must be text, got null"),
        ({"subject": "secrets"}, "permissions[0].action must be an action, or a list with at least one, got null"),
        ({"subject": "secrets", "action": []}, "permissions[0].action must be an action, or a list with at least one"),
        ({**READ, "action": ["read", " "]}, "permissions[0].action[1] must not be empty"),
        ({**READ, "condition": {}}, "permissions[0] has no condition; it can have subject, action, conditions,"),
        ({**READ, "conditions": "dev"}, "permissions[0].conditions must be a dictionary, got 'dev'"),
        (where({"environment": 5}), "conditions.environment must be a text, or a dictionary with $eq"),
        (where({"environment": {"$eqq": "dev"}}), "conditions.environment has no $eqq; it can have $eq"),
        (where({"environment": {"$in": "dev"}}), "environment.$in must be a list with at least one"),
        (where({"environment": {"$in": ["dev", ""]}}), "environment.$in[1] must not be empty"),
        (where({"environment": {"$glob": ["d*"]}}), "environment.$glob must be text, got a list"),
        (where({"secretPath": "/{{project.slug}}"}), "no other expressions than {{identity.…}}"),
        (where({"secretPath": {"$in": ["/{{identity.name"]}}), "an expression that does not begin or end"),
    ],
)
def test_invalid_permissions(rule: Any, words: str) -> None:
    errors: list[str] = []
    Permissions().parse("permissions", [rule], errors)
    assert any(words in error for error in errors), errors


def test_invalid_options_cost_no_request(member: Member) -> None:
    member.site.clear_requests()
    failure = member.site.failure(
        MODULE,
        **{**member.named, "slug": "a" * 61},
        permissions=[{**READ, "action": [""]}],
        temporary_range="soon",
        temporary_access_start_time="noon",
    )
    assert failure["kind"] == "validation" and failure["msg"].startswith("4 invalid options")
    assert member.site.counts()["total"] == 0


def test_a_permanent_privilege_has_no_start(member: Member) -> None:
    start = {"temporary_access_start_time": "2026-01-31T08:00:00Z"}
    errors: list[str] = []
    parse_privilege({"slug": "deploy", "temporary_range": "", **start}, errors, prefix="privileges[0].")
    assert errors == [
        "privileges[0].temporary_access_start_time needs temporary_range: a permanent privilege has no start"
    ]
    for _state in ("missing", "permanent"):
        failure = member.site.failure(MODULE, permissions=[READ], **start, **member.named)
        assert failure["kind"] == "validation" and "needs temporary_range" in failure["msg"]
        member.site.ok(MODULE, permissions=[READ], **member.named)


def test_a_list_of_privileges() -> None:
    errors: list[str] = []
    elements: list[dict[str, Any]] = [
        {"slug": "one", "permissions": [READ]},
        {"slug": "two", "state": "absent"},
        {"slug": " one "},
    ]
    found = parse_privileges(elements, errors, "projects[0].privileges")
    assert [(desired["slug"], present) for desired, present in found] == [("one", True), ("two", False), ("one", True)]
    assert errors == ["projects[0].privileges[2].slug 'one' is given twice"]


def test_an_expression_of_the_server_is_stored_and_returned_as_it_is(member: Member) -> None:
    own = {**READ, "conditions": {"secretPath": {"$glob": "/{{identity.metadata.team}}/**"}}}
    result = member.site.ok(MODULE, permissions=[own], **member.named)
    assert result[MODULE]["permissions"] == [{**own, "inverted": False}]
    assert member.stored()[0]["permissions"] == [own]
    assert not member.site.ok(MODULE, permissions=[own], **member.named)["changed"]


def test_a_temporary_privilege_starts_once(member: Member) -> None:
    site = member.site
    lent = {**member.named, "permissions": [READ], "temporary_range": "2h"}
    predicted = site.ok(MODULE, check=True, **lent)
    assert predicted[MODULE]["temporary_access_start_time"] == ""
    first = site.ok(MODULE, **lent)
    assert first["diff"] == predicted["diff"]
    (stored,) = member.stored()
    assert first[MODULE]["temporary_access_start_time"] == stored["temporaryAccessStartTime"]
    site.advance_clock(3 * 3600)
    assert not site.ok(MODULE, **{**lent, "temporary_range": "120m"})["changed"], "it has ended, and stays ended"
    site.ok(MODULE, permissions=[READ, EDIT], **member.named)
    (kept,) = member.stored()
    assert kept["isTemporary"] and kept["temporaryAccessStartTime"] == stored["temporaryAccessStartTime"]
    assert len(kept["permissions"]) == 2, "not lost with the terms (server-notes#privileges-are-sent-whole)"
    site.ok(MODULE, temporary_range="3h", **member.named)
    (longer,) = member.stored()
    assert longer["temporaryAccessStartTime"] > kept["temporaryAccessStartTime"] and len(longer["permissions"]) == 2


def test_a_temporary_privilege_starts_again_when_asked(member: Member) -> None:
    site = member.site
    site.ok(MODULE, permissions=[READ], temporary_range="2h", **member.named)
    start = "2026-01-31T09:00:00+01:00"
    assert site.ok(MODULE, temporary_access_start_time=start, **member.named)["changed"]
    (stored,) = member.stored()
    assert moment_of(stored["temporaryAccessStartTime"]) == moment_of(start) and stored["temporaryRange"] == "2h"
    again = site.ok(MODULE, temporary_access_start_time="2026-01-31T08:00:00Z", **member.named)
    assert not again["changed"]


def test_a_privilege_becomes_permanent_and_temporary_again(member: Member) -> None:
    """The server keeps the times of one that has become permanent (server-notes#permanent-again)."""
    site = member.site
    site.ok(MODULE, permissions=[READ], temporary_range="2h", **member.named)
    permanent = site.ok(MODULE, temporary_range="", **member.named)
    assert permanent["diff"] == {"before": {"temporary_range": "2h"}, "after": {"temporary_range": ""}}
    (stored,) = member.stored()
    assert not stored["isTemporary"] and stored["temporaryRange"] == "2h"
    assert not site.ok(MODULE, temporary_range="", **member.named)["changed"]
    assert site.ok(MODULE, temporary_range="2h", **member.named)["changed"]
    assert member.stored()[0]["isTemporary"]


@pytest.mark.parametrize("check", [True, False])
def test_an_identity_that_is_no_member(member: Member, check: bool) -> None:
    site = member.site
    options = {**member.named, "identity_id": site.identity("stranger")}
    failure = site.failure(MODULE, check=check, permissions=[READ], **options)
    assert failure["kind"] == "not_found" and "is not a member of project" in failure["msg"]
    assert "project_identity" in failure["msg"]
    assert not site.ok(MODULE, check=check, state="absent", **options)["changed"]


def test_the_words_of_older_servers_for_that(member: Member) -> None:
    """(server-notes#privileges-of-members)"""
    body = {"statusCode": 404, "error": "NotFound", "message": f"Failed to find identity with id {member.identity_id}"}
    member.site.inject(method="GET", path=PATH, status=404, body=body)
    failure = member.site.failure(MODULE, permissions=[READ], **member.named)
    assert failure["kind"] == "not_found" and "is not a member of project" in failure["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_server_without_the_routes(old: Site, state: str) -> None:
    old.api("POST", "/api/v2/workspace", {"projectName": "billing", "slug": "billing-app"})
    options = {"identity_id": old.identity(), "project_slug": "billing-app", "slug": "deploy", "permissions": [READ]}
    failure = old.failure(MODULE, state=state, **options)
    assert failure["kind"] == "unsupported_by_server" and "additional privileges" in failure["msg"]


def test_rights_that_the_caller_does_not_have(member: Member) -> None:
    token = member.site.caller("no-access")
    (caller,) = [one["id"] for one in member.site.state()["identities"] if one["name"] == "as-no-access"]
    member.site.ok("project_identity", identity_id=caller, project_id=member.project["id"], roles=["viewer"])
    failure = member.site.failure(MODULE, permissions=[READ], token=token, **member.named)
    assert failure["kind"] == "permission"
    assert member.stored() == []


@pytest.mark.parametrize("verb", ["POST", "PATCH", "DELETE"])
def test_a_write_whose_answer_was_lost(member: Member, waits: Time, verb: str) -> None:
    site = member.site
    if verb != "POST":
        site.ok(MODULE, permissions=[READ], **member.named)
    site.inject(method=verb, path=PATH, drop="after")
    options: dict[str, Any] = {"permissions": [EDIT, READ], "temporary_range": "2h"}
    if verb == "DELETE":
        options = {"state": "absent"}
    assert site.ok(MODULE, **options, **member.named)["changed"]
    assert [len(one["permissions"]) for one in member.stored()] == ([] if verb == "DELETE" else [2])


def test_a_write_that_was_never_carried_out(member: Member, waits: Time) -> None:
    member.site.inject(method="POST", path=PATH, status=502, times=10)
    failure = member.site.failure(MODULE, permissions=[READ], **member.named)
    assert failure["kind"] in ("server", "network") and member.stored() == []


def test_a_rival_with_the_same_slug(member: Member, waits: Time) -> None:
    """Two runs create the same one at once: the second adopts it if it is as desired."""
    site = member.site
    rival = {"identityId": member.identity_id, "projectId": member.project["id"], "slug": "deploy"}
    rival |= {"permissions": [READ], "type": {"isTemporary": False}}
    missing = {"statusCode": 404, "error": "NotFound", "message": "Identity privilege not found"}
    site.api("POST", PATH, rival)
    site.inject(method="GET", path=PATH, status=404, body=missing, times=1)
    assert site.ok(MODULE, permissions=[READ], **member.named)["changed"]
    site.inject(method="GET", path=PATH, status=404, body=missing, times=1)
    assert site.failure(MODULE, permissions=[EDIT], **member.named)["kind"] == "conflict"
    assert [one["permissions"] for one in member.stored()] == [[READ]]


def test_as_a_planner_uses_it(member: Member) -> None:
    """A planner knows the project by its id alone, and writes by another store than it has read by."""
    site = member.site
    site.ok(MODULE, permissions=[READ], **member.named)
    client = Client(next(iter(site.clients.values())).server, site.token)
    place = (client, member.project["id"], member.identity_id)
    current = PrivilegeStore(*place, "deploy").read()
    assert PrivilegeStore(*place, "other").read() is None
    assert exported_privileges(*place) == [{"slug": "deploy", "permissions": [{**READ, "inverted": False}]}]
    desired = parse_privilege({"slug": "deploy", "permissions": [READ, EDIT]}, [], prefix="privileges[0].")
    apply(PrivilegeStore(*place, "deploy"), plan(PROJECT_IDENTITY_PRIVILEGE, current, desired))
    assert [len(one["permissions"]) for one in member.stored()] == [2]
    change = plan(PROJECT_IDENTITY_PRIVILEGE, current, desired)
    removal = plan(PROJECT_IDENTITY_PRIVILEGE, current, {}, present=False)
    apply(PrivilegeStore(*place, "deploy"), removal)
    assert member.stored() == []
    apply(PrivilegeStore(*place, "deploy"), removal)
    with pytest.raises(InfisicalError, match="Another client removed"):
        apply(PrivilegeStore(*place, "deploy"), change)
