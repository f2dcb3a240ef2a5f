# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Projects, folders, secrets and memberships, on the paths of every generation."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client

NOBODY = "00000000-dead-4bad-8bad-000000000000"
NEW = "/api/v1/projects/{project}/memberships/identities"
MIDDLE = "/api/v1/projects/{project}/identity-memberships"
OLDEST = "/api/v2/workspace/{project}/identity-memberships"
TEMPORARY = {
    "role": "viewer",
    "isTemporary": True,
    "temporaryMode": "relative",
    "temporaryRange": "1h",
    "temporaryAccessStartTime": "2030-01-01T00:00:00Z",
}


def project(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/api/v2/workspace", json={"projectName": "Demo project", **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["project"]
    return found


def roles(client: Client, base: str, identity_id: str) -> list[str]:
    found = client.get(f"{base}/{identity_id}").json()["identityMembership"]["roles"]
    return [row["customRoleSlug"] or row["role"] for row in found]


def test_both_generations_of_paths(current: Client, old: Client) -> None:
    made = project(current)
    assert [row["slug"] for row in made["environments"]] == ["dev", "staging", "prod"]
    assert current.get(f"/api/v1/projects/{made['id']}").json()["project"] == made
    assert current.get(f"/api/v1/workspace/{made['id']}").json()["workspace"] == made
    assert current.get(f"/api/v1/projects/slug/{made['slug']}").json() == made
    assert current.get(f"/api/v2/workspace/{made['slug']}").json() == made
    assert current.get("/api/v1/projects").json() == {"projects": [made]}
    assert current.get("/api/v1/workspace").json() == {"workspaces": [made]}
    made = project(old)
    assert old.get(f"/api/v1/workspace/{made['id']}").json()["workspace"] == made
    for path in ("/api/v1/projects", f"/api/v1/projects/{made['id']}"):
        assert old.get(path).json()["message"] == f"Route GET:{path} not found"
    assert old.get("/api/v1/workspace").json()["error"] == "Forbidden access to /api/v1/workspace"


def test_unknown_projects(current: Client, old: Client) -> None:
    assert current.get(f"/api/v1/projects/{NOBODY}").status_code == 404
    assert old.get(f"/api/v1/workspace/{NOBODY}").json()["error"] == "Failed to find project by id"
    assert old.get("/api/v2/workspace/none-such").json()["error"] == "Failed to find project by slug"


def test_only_members_enter(either: Client) -> None:
    made = project(either, slug="some-slug")
    outsider = either.as_role("admin")
    assert outsider.get(f"/api/v1/workspace/{made['id']}").status_code == 403
    assert either.post("/api/v2/workspace", json={"projectName": "x", "slug": "some-slug"}).status_code == 500


@pytest.mark.parametrize("path", [OLDEST, MIDDLE, NEW])
def test_life_of_a_membership(current: Client, path: str) -> None:
    base = path.format(project=project(current)["id"])
    identity_id = current.identity()
    member = f"{base}/{identity_id}"
    assert current.get(member).json()["message"] == "Identity membership not found"
    for answer in (current.patch(member, json={"roles": [{"role": "admin"}]}), current.delete(member)):
        assert (answer.status_code, answer.json()["message"]) == (400, "Identity doesn't have membership")
    assert current.post(member, json={"role": "viewer"}).status_code == 200
    assert current.post(member, json={"role": "viewer"}).status_code == 400
    written = current.patch(member, json={"roles": [{"role": "member"}, TEMPORARY]}).json()["roles"]
    assert written[1]["temporaryAccessStartTime"] == "2030-01-01T00:00:00.000Z"
    assert written[1]["temporaryAccessEndTime"] == "2030-01-01T01:00:00.000Z"
    assert roles(current, base, identity_id) == ["member", "viewer"]
    only_temporary = current.patch(member, json={"roles": [TEMPORARY]})
    assert only_temporary.json()["message"] == "Identity must have at least one permanent role"
    listing = current.get(base).json()
    assert listing["totalCount"] == 2
    by_id = f"/api/v2/workspace/identity-memberships/{listing['identityMemberships'][1]['id']}"
    assert current.get(by_id).json()["identityMembership"]["identityId"] == identity_id
    seen = current.get(f"/api/v1/identities/{identity_id}/identity-memberships").json()["identityMemberships"]
    assert len(seen) == 1
    assert current.delete(member).status_code == 200


def test_memberships_of_2024(old: Client) -> None:
    project_id = project(old)["id"]
    base = OLDEST.format(project=project_id)
    identity_id = old.identity()
    texts = [
        (old.get(f"{base}/{identity_id}"), f"Membership not found for identity {identity_id}"),
        (
            old.patch(f"{base}/{identity_id}", json={"roles": [{"role": "admin"}]}),
            f"Identity with id {identity_id} doesn't exists in project with id {project_id}",
        ),
        (old.delete(f"{base}/{identity_id}"), f"Failed to find identity with id {identity_id}"),
    ]
    for answer, text in texts:
        assert (answer.status_code, answer.json()["message"]) == (404, text)
    # A membership without roles: added, never listed, and in the way.
    assert old.post(f"{base}/{identity_id}", json={"roles": []}).status_code == 200
    assert old.get(f"{base}/{identity_id}").status_code == 404
    assert old.post(f"{base}/{identity_id}", json={}).status_code == 400
    other = old.identity()
    assert old.post(f"{base}/{other}", json={"role": "admin", "roles": [{"role": "viewer"}]}).status_code == 200
    assert roles(old, base, other) == ["viewer"]
    assert old.patch(f"{base}/{other}", json={"roles": [TEMPORARY]}).status_code == 200
    assert old.patch(f"{base}/{other}", json={"roles": [{"role": "nope"}]}).status_code == 404


def test_custom_project_role(current: Client) -> None:
    project_id = project(current)["id"]
    base, identity_id = NEW.format(project=project_id), current.identity()
    refused = current.post(f"{base}/{identity_id}", json={"roles": [{"role": "deployer"}]})
    assert (refused.status_code, refused.json()["message"]) == (404, "One or more custom roles not found")
    role = {"slug": "deployer", "name": "Deployer", "permissions": [{"action": ["read"], "subject": "secrets"}]}
    assert current.post(f"/api/v1/projects/{project_id}/roles", json=role).status_code == 200
    assert current.post(f"{base}/{identity_id}", json={"roles": [{"role": "deployer"}]}).status_code == 200
    assert roles(current, base, identity_id) == ["deployer"]


def test_an_identity_cannot_remove_itself(current: Client) -> None:
    project_id = project(current)["id"]
    base, caller = NEW.format(project=project_id), current.as_role("member")
    listing = current.get(f"/api/v1/identities?orgId={current.emulator.organization_id}").json()["identities"]
    own = next(row["identityId"] for row in listing if row["identity"]["name"] == "as-member")
    current.post(f"{base}/{own}", json={"role": "admin"})
    assert caller.delete(f"{base}/{own}").json()["message"] == "You can't delete your own membership"


def test_folders_and_secrets(either: Client) -> None:
    project_id = project(either)["id"]
    place = {"workspaceId": project_id, "environment": "dev"}
    first = either.post("/api/v1/folders", json={**place, "name": "leaf", "path": "/a/b"}).json()["folder"]
    again = either.post("/api/v1/folders", json={**place, "name": "b/leaf", "path": "a/"}).json()["folder"]
    assert first["id"] == again["id"]
    query = f"workspaceId={project_id}&environment=dev"
    assert either.get(f"/api/v1/folders/{first['id']}").json()["folder"]["path"] == "/a/b/leaf"
    assert [row["name"] for row in either.get(f"/api/v1/folders?{query}").json()["folders"]] == ["a"]
    assert either.get(f"/api/v1/folders?{query}&path=/nope").json() == {"folders": []}
    body = {**place, "secretPath": "/a/b/leaf/", "secretValue": "v"}
    assert either.post("/api/v3/secrets/raw/KEY", json=body).status_code == 200
    assert either.post("/api/v3/secrets/raw/KEY", json=body).json()["message"] == "Secret already exist"
    listed = either.get(f"/api/v3/secrets/raw?{query}&secretPath=/a/b/leaf").json()["secrets"]
    assert [(row["secretKey"], row["secretValue"]) for row in listed] == [("KEY", "v")]


def test_environments(either: Client) -> None:
    path = f"/api/v1/workspace/{project(either)['id']}/environments"
    made = either.post(path, json={"name": "First", "slug": "first", "position": 1}).json()["environment"]
    assert made["position"] == 1
    taken = either.post(path, json={"name": "First", "slug": "first"})
    assert (taken.status_code, taken.json()["error"]) == (400, "CreateEnvironment")
    assert either.patch(f"{path}/{made['id']}", json={"slug": "dev"}).json()["error"] == "UpdateEnvironment"
    assert either.delete(f"{path}/{made['id']}").status_code == 200
    assert either.delete(f"{path}/{made['id']}").json()["message"] == "Environment doesn't exist"
