# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Identities keep the traps of their routes, in both releases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.paging import like

from .conftest import Client

NOBODY = "00000000-dead-4bad-8bad-000000000000"


def membership(client: Client, identity_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/identities/{identity_id}").json()["identity"]
    return found


def test_names_are_not_unique_and_are_trimmed(either: Client) -> None:
    assert either.identity(name=" twice ") != either.identity(name="twice")
    path = f"/api/v2/organizations/{either.emulator.organization_id}/identity-memberships"
    found = either.get(f"{path}?search=TWICE&limit=1").json()
    assert (len(found["identityMemberships"]), found["totalCount"]) == (1, 2)
    names = either.get(f"{path}?orderDirection=desc").json()["identityMemberships"]
    assert [row["identity"]["name"] for row in names] == ["twice", "twice", "emulator-admin"]


def test_the_old_list_ignores_paging(either: Client) -> None:
    either.identity()
    found = either.get(f"/api/v1/identities?orgId={either.emulator.organization_id}&limit=1&search=nope").json()
    assert found["totalCount"] == len(found["identities"]) == 2


def test_delete_protection_is_lifted_only_with_a_name(current: Client) -> None:
    identity_id = current.identity(hasDeleteProtection=True)
    path = f"/api/v1/identities/{identity_id}"
    assert current.patch(path, json={"hasDeleteProtection": False}).json()["identity"]["hasDeleteProtection"] is True
    assert current.delete(path).json()["message"] == "Identity has delete protection"
    assert current.patch(path, json={"hasDeleteProtection": False, "name": "web"}).status_code == 200
    assert current.delete(path).status_code == 200
    assert current.delete(path).json()["message"] == f"Failed to find identity with id {identity_id}"


def test_the_old_server_drops_the_protection(old: Client) -> None:
    identity_id = old.identity(hasDeleteProtection=True)
    assert "hasDeleteProtection" not in membership(old, identity_id)["identity"]
    assert old.delete(f"/api/v1/identities/{identity_id}").status_code == 200


def test_metadata_is_replaced_and_returned_only_when_sent(current: Client) -> None:
    identity_id = current.identity(metadata=[{"key": " k ", "value": "v"}])
    first = membership(current, identity_id)["metadata"]
    assert [(row["key"], row["value"]) for row in first] == [("k", "v")]
    path = f"/api/v1/identities/{identity_id}"
    assert current.patch(path, json={"role": "member"}).json()["identity"]["metadata"] == []
    current.patch(path, json={"metadata": [{"key": "k", "value": "v"}]})
    assert membership(current, identity_id)["metadata"][0]["id"] != first[0]["id"]
    current.patch(path, json={"metadata": []})
    assert membership(current, identity_id)["metadata"] == []


def test_metadata_of_the_old_server(old: Client) -> None:
    made = old.post(
        "/api/v1/identities",
        json={"name": "m", "organizationId": old.emulator.organization_id, "metadata": [{"key": "k", "value": "v"}]},
    ).json()["identity"]
    assert "metadata" not in made
    assert membership(old, made["id"])["metadata"][0]["key"] == "k"
    listing = old.get(f"/api/v1/identities?orgId={old.emulator.organization_id}").json()["identities"]
    assert all("metadata" not in row for row in listing)


def test_custom_role(either: Client) -> None:
    assert either.patch(f"/api/v1/identities/{either.identity()}", json={"role": "ops"}).status_code == 404
    either.post("/_emulator/roles", json={"slug": "ops", "permissions": [{"action": "read", "subject": "identity"}]})
    row = membership(either, either.identity(role="ops"))
    assert (row["role"], row["customRole"]["slug"]) == ("custom", "ops")
    reader = either.as_role("ops")
    assert reader.get(f"/api/v1/identities/{row['identityId']}").status_code == 200
    assert reader.delete(f"/api/v1/identities/{row['identityId']}").status_code == 403


def test_custom_role_needs_a_plan(emulated: Any) -> None:
    client = emulated(plan="free")
    client.post("/_emulator/roles", json={"slug": "ops"})
    answer = client.post(
        "/api/v1/identities", json={"name": "x", "organizationId": client.emulator.organization_id, "role": "ops"}
    )
    assert "plan RBAC restriction" in answer.json()["message"]


def test_the_word_custom_is_a_trap_of_the_old_server(old: Client) -> None:
    identity_id = old.identity(role="custom")
    old.post(old.method("aws-auth", identity_id), json={})
    path = f"/api/v1/identities/{identity_id}"
    answers = [old.patch(path, json={"name": "x"}), old.delete(path), old.delete(old.method("aws-auth", identity_id))]
    assert {answer.json()["message"] for answer in answers} == {"The requested entity is not found"}
    assert old.get(path).status_code == 200


@pytest.mark.parametrize(("role", "statuses"), [("member", (200, 200)), ("no-access", (403, 403))])
def test_roles(either: Client, role: str, statuses: tuple[int, int]) -> None:
    path = f"/api/v1/identities/{either.identity()}"
    caller = either.as_role(role)
    assert (caller.get(path).status_code, caller.delete(path).status_code) == statuses


def test_permissions_that_are_no_pairs_fail_where_they_are_used(old: Client) -> None:
    """Anything is stored, as the old server does not look at it."""
    person = Client(old.emulator, old.post("/_emulator/user-token").json()["accessToken"])
    roles = f"/api/v1/organization/{old.emulator.organization_id}/roles"
    odd = {"slug": "odd", "name": "Odd", "permissions": [{"action": "read", "subject": "identity"}]}
    assert person.post(roles, json=odd).json()["role"]["permissions"] == odd["permissions"]
    answer = old.patch(f"/api/v1/identities/{old.identity()}", json={"role": "odd"})
    assert (answer.status_code, answer.json()["error"]) == (500, "InternalServerError")


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("%b%", "abc", True),
        ("b%", "abc", False),
        ("a_c", "ABC", True),
        ("a_c", "ac", False),
        ("a\\_c", "abc", False),
        ("a\\_c", "a_c", True),
        ("%\\%", "100%", True),
        ("a.c", "abc", False),
        ("%", "a\nb", True),
    ],
)
def test_patterns_of_sql(pattern: str, text: str, fits: bool) -> None:
    assert like(pattern, text) is fits


def test_a_member_may_not_see_the_secrets_of_an_admin(either: Client) -> None:
    admin = either.identity(role="admin")
    either.post(either.method("universal-auth", admin), json={})
    refused = either.as_role("member").get(f"{either.method('universal-auth', admin)}/client-secrets")
    assert refused.status_code == 403
    old = either.emulator.service.settings.profile.name == "2024-10"
    assert refused.json()["error"] == ("ForbiddenError" if old else "PermissionBoundaryError")


def test_another_organization(either: Client) -> None:
    state = either.get("/_emulator/state").json()
    foreign = next(row for row in state["identities"] if row["name"] == "foreign-identity")
    answer = either.get(f"/api/v1/identities/{foreign['id']}")
    assert answer.status_code == 403
    assert either.get(f"/api/v1/identities?orgId={foreign['org_id']}").status_code == 403


def test_details_of_the_caller(current: Client, old: Client) -> None:
    details = current.get("/api/v1/identities/details").json()["identityDetails"]["organization"]
    assert details == {"id": current.emulator.organization_id, "name": "Emulator", "slug": "emulator"}
    # Taken for an identity id there.
    assert old.get("/api/v1/identities/details").status_code == 500


def test_search(current: Client) -> None:
    for name in ("web-1", "web-2", "db"):
        current.identity(name=name, role="member" if name == "db" else "no-access")

    def names(**search: Any) -> list[str]:
        found = current.post("/api/v1/identities/search", json={"search": search}).json()["identities"]
        return [row["identity"]["name"] for row in found]

    assert names(name={"$contains": "WEB"}) == ["web-1", "web-2"]
    assert names(name="db") == ["db"]
    assert names(name={"$in": ["db", "web-1"]}, role={"$eq": "no-access"}) == ["web-1"]
    assert names(**{"$or": [{"name": {"$eq": "db"}}, {"name": {"$eq": "web-2"}}]}) == ["db", "web-2"]
    refused = current.post("/api/v1/identities/search", json={"search": {"name": {"$eq": "a.b"}}})
    assert refused.status_code == 422


def test_unknown_and_malformed(current: Client, old: Client) -> None:
    for client, status in ((current, 422), (old, 500)):
        assert client.get(f"/api/v1/identities/{NOBODY}").status_code == 404
        assert client.get("/api/v1/identities/foo").status_code == status
        assert membership(client, client.identity().upper())["role"] == "no-access"


def test_deleting_takes_everything_along(either: Client) -> None:
    caller = either.as_role("admin")
    identity_id = next(
        row["identityId"]
        for row in either.get(f"/api/v1/identities?orgId={either.emulator.organization_id}").json()["identities"]
        if row["identity"]["name"] == "as-admin"
    )
    assert caller.delete(f"/api/v1/identities/{identity_id}").status_code == 200
    assert caller.get("/api/v1/identities/x").json()["message"] == "No identity access token found"


def test_a_persons_token_is_welcome(either: Client) -> None:
    token = either.post("/_emulator/user-token").json()["accessToken"]
    assert Client(either.emulator, token).get(f"/api/v1/identities/{either.identity()}").status_code == 200
