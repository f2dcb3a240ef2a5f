# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Identities with all settings in one task: methods, client secrets and memberships, planned before the first write."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._fleet import bulk_run, export, planner
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import Result, Site, Time, task_of

ACCOUNTS = {"allowed_account_ids": ["123456789012"]}
AZURE = {"tenant_id": "t", "resource": "r", "allowed_service_principal_ids": ["0d6c1f0a-9f1e-4a7b-8c2d-3e4f5a6b7c8d"]}
MODULE = "identities"


@pytest.fixture
def billing(either: Site) -> str:
    """A project's id."""
    return str(either.api("POST", "/api/v2/workspace", {"projectName": "billing"})["project"]["id"])


def apply(site: Site, *identities: dict[str, Any], **options: Any) -> Result:
    return site.ok(MODULE, identities=list(identities), **options)


def newest(site: Site) -> bool:
    return bool(site.state()["profile"] == "current")


def attached(site: Site, identity_id: str) -> list[str]:
    identity = site.api("GET", f"/api/v1/identities/{identity_id}")["identity"]["identity"]
    return sorted(identity["authMethods"] if newest(site) else filter(None, [identity["authMethod"]]))


def secrets_of(result: Result) -> list[str]:
    return [one["client_secret"] for one in result["identities"][0]["client_secrets"] if "client_secret" in one]


def test_all_of_one_identity_at_once_and_then_nothing(either: Site, billing: str) -> None:
    several = {"aws_auth": ACCOUNTS, "azure_auth": AZURE} if newest(either) else {}
    desired = {
        "name": "web",
        "role": "member",
        "metadata": {"team": "x"},
        "universal_auth": {"access_token_ttl": 60},
        "client_secrets": [{"description": "app"}, {"description": "ci", "ttl": 3600}],
        "projects": [{"project_id": billing, "roles": ["viewer"]}],
        **several,
    }
    checked = apply(either, desired, check=True)
    assert checked["changed"] and not either.state()["client_secrets"][1:]
    done = apply(either, desired)
    assert done["identities"][0]["changes"] == checked["identities"][0]["changes"]
    assert set(done["identities"][0]["changes"].values()) == {"create"}
    assert done["diff"] == checked["diff"]
    assert len(secrets_of(done)) == 2 and task_of(MODULE).holds_a_secret(done)
    assert done["identities"][0]["client_id"]
    assert attached(either, done["identities"][0]["identity_id"]) == sorted(
        {"universal-auth", *(f"{name.split('_')[0]}-auth" for name in several)}
    )
    either.clear_requests()
    again = apply(either, desired)
    assert (again["changed"], again["diff"], either.counts()["writes"]) == (False, [], 0)
    assert not secrets_of(again) and not task_of(MODULE).holds_a_secret(again)
    assert again["identities"][0]["client_id"] == done["identities"][0]["client_id"]


def test_what_was_read_can_be_applied(either: Site, billing: str) -> None:
    apply(
        either,
        {
            "name": "web",
            "universal_auth": {},
            "client_secrets": [{"description": "app", "ttl": 3600, "num_uses_limit": 4}],
            "projects": [{"project_id": billing, "roles": ["viewer", {"role": "admin", "temporary_range": "2h"}]}],
        },
    )
    exported = either.ok("identities_info", names=["web"], include_client_secrets=True, include_projects=True)
    (web,) = exported["identities"]
    assert web["client_secrets"] == [{"description": "app", "ttl": 3600, "num_uses_limit": 4}]
    assert [one["project_id"] for one in web["projects"]] == [billing]
    either.clear_requests()
    assert not apply(either, *exported["identities"])["changed"] and either.counts()["writes"] == 0
    single = either.ok("identity_info", identity_id=exported["identity_ids"]["web"])
    assert {key: value for key, value in single["identity"].items() if key != "identity_id"} == web
    assert single["auth_methods"] == ["universal-auth"]


def test_secrets_that_share_a_description_are_not_read_as_a_declaration(either: Site) -> None:
    identity_id = either.identity()
    either.attach("universal-auth", identity_id)
    path = f"/api/v1/auth/universal-auth/identities/{identity_id}/client-secrets"
    for text in ("twice", "twice", "", "once"):
        either.api("POST", path, {"description": text})
    web = either.ok("identity_info", identity_id=identity_id)["identity"]
    assert [one["description"] for one in web["client_secrets"]] == ["once"]


def test_parts_are_taken_away_where_that_is_declared(either: Site, billing: str) -> None:
    member = {"project_id": billing, "roles": ["viewer"]}
    secrets = [{"description": "app"}, {"description": "ci"}]
    apply(either, {"name": "web", "universal_auth": {}, "client_secrets": secrets, "projects": [member]})
    desired = {
        "name": "web",
        "client_secrets": [{"description": "app", "state": "absent"}],
        "projects": [{"project_id": billing, "state": "absent"}],
    }
    checked = apply(either, desired, check=True)
    done = apply(either, desired)
    assert done["identities"][0]["changes"] == checked["identities"][0]["changes"]
    assert done["identities"][0]["changes"] == {f"projects {billing}": "delete", "client_secrets app": "revoke"}
    assert not apply(either, desired)["changed"]
    # The secrets are deleted with the method.
    assert apply(either, {"name": "web", "universal_auth": {"state": "absent"}})["changed"]
    assert not apply(either, {"name": "web", "state": "absent"}, check=True)["diff"][0]["after"].get("identity")
    assert apply(either, {"name": "web", "state": "absent"})["changed"]
    assert not apply(either, {"name": "web", "state": "absent"})["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_a_secret_needs_its_method_before_anything_is_written(either: Site, check: bool) -> None:
    for more in ({}, {"universal_auth": {"state": "absent"}}):
        either.clear_requests()
        desired = {"name": "web", "client_secrets": [{"description": "app"}], **more}
        result = either.run(MODULE, identities=[desired], check=check)
        assert result["failure"]["kind"] == "not_found" and either.counts()["writes"] == 0


def test_a_method_of_which_there_is_no_table_can_be_pruned(either: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A method that came to the server after this release of the collection, for which token auth stands in."""
    for module in (export, planner):
        monkeypatch.setattr(module, "AUTH_METHODS", tuple(one for one in AUTH_METHODS if one.slug != "token-auth"))
    identity_id = either.identity()
    either.attach("token-auth", identity_id)
    assert either.ok("identities_info")["unmanaged_auth_methods"] == {"web": ["token-auth"]}
    desired = {"name": "web", "aws_auth": ACCOUNTS}
    checked = apply(either, desired, prune_auth_methods=True, check=True)
    done = apply(either, desired, prune_auth_methods=True)
    assert (
        done["identities"][0]["changes"]
        == checked["identities"][0]["changes"]
        == {
            "aws_auth": "create",
            "token_auth": "delete",
        }
    )
    assert attached(either, identity_id) == ["aws-auth"]
    verbs = [one["method"] for one in either.requests() if "/auth/" in one["path"] and one["method"] != "GET"][-2:]
    # If only one method is allowed, the old one is revoked first. Otherwise the identity is never without a method.
    assert verbs == (["POST", "DELETE"] if newest(either) else ["DELETE", "POST"])
    assert not apply(either, desired, prune_auth_methods=True)["changed"]


@pytest.mark.parametrize("there", [True, False], ids=["there", "new"])
@pytest.mark.parametrize("check", [True, False])
def test_two_methods_on_2024_10_are_rejected_before_anything_is_written(old: Site, there: bool, check: bool) -> None:
    if there:
        old.identity()
    old.clear_requests()
    desired = {"name": "web", "aws_auth": ACCOUNTS, "azure_auth": AZURE}
    result = old.run(MODULE, identities=[desired], check=check)
    assert result["failure"]["kind"] == "unsupported_by_server" and old.counts()["writes"] == 0
    assert "aws-auth, azure-auth" in result["msg"]


def test_a_method_the_release_does_not_have_is_rejected_before_anything_is_written(old: Site) -> None:
    desired = {"name": "web", "oci_auth": {"tenancy_ocid": "ocid1.tenancy.oc1..x"}}
    result = old.run(MODULE, identities=[desired])
    assert result["failure"]["kind"] == "unsupported_by_server" and old.counts()["writes"] == 0


def test_how_far_a_failure_let_it_come_is_reported(current: Site, waits: Time) -> None:
    current.inject(method="POST", path="azure-auth", status=403, body={"error": "PermissionDenied", "message": "No."})
    result = current.run(MODULE, identities=[{"name": "web", "aws_auth": ACCOUNTS, "azure_auth": AZURE}])
    (web,) = result["identities"]
    assert result["failed"] and web["failure"]["kind"] == "permission"
    assert web["changes"] == {"identity": "create", "aws_auth": "create"} and web["identity_id"]
    assert result["changed"], "something was changed"


@pytest.mark.parametrize("number", [2, 30], ids=["few", "many"])
def test_metadata_that_the_list_of_2024_10_lacks_is_read(either: Site, number: int) -> None:
    desired_states = [{"name": f"web-{index:02}", "metadata": {"number": str(index)}} for index in range(number)]
    assert apply(either, *desired_states)["changed"]
    either.clear_requests()
    assert not apply(either, *desired_states)["changed"] and either.counts()["writes"] == 0
    desired_states[1]["metadata"] = {}
    result = apply(either, *desired_states)
    assert [one["name"] for one in result["identities"] if one["changed"]] == ["web-01"]


@pytest.mark.parametrize("number", [1, 30], ids=["few", "many"])
def test_by_id(either: Site, number: int) -> None:
    ids = [either.identity("same") for _turn in range(number)]
    desired_states = [{"identity_id": one.upper(), "role": "member"} for one in ids]
    assert [one["identity_id"] for one in apply(either, *desired_states)["identities"]] == ids
    assert not apply(either, *desired_states)["changed"]
    nobody = "00000000-0000-4000-8000-000000000000"
    failed = either.run(MODULE, identities=[*desired_states[1:], {"identity_id": nobody, "role": "member"}])
    assert failed["summary"]["failed"] == [nobody] and failed["failure"]["kind"] == "not_found"
    assert not apply(either, *desired_states[1:], {"identity_id": nobody, "state": "absent"})["changed"]


def test_all_errors_of_all_identities_come_in_one_message(current: Site) -> None:
    result = current.run(
        MODULE,
        concurrency=0,
        identities=[
            {"name": "web", "aws_auth": {"allowed_account_ids": ["1"], "access_token_ttl": -1}},
            {"name": "web", "universal_auth": {"access_token_ttl": 20, "access_token_max_ttl": 10}},
            {"identity_id": "x", "client_secrets": [{"description": "a"}, {"description": "a"}, {"description": ""}]},
            {"name": "db", "projects": [{"project_slug": " ", "roles": []}]},
        ],
    )
    for words in (
        "identities[0] and identities[1] declare the same name 'web'",
        "identities[0].aws_auth.allowed_account_ids[0] must be an AWS account id",
        "identities[0].aws_auth.access_token_ttl must be 0 to",
        "identities[1].universal_auth.access_token_ttl 20 must not be above",
        "identities[2].identity_id must be a UUID",
        "identities[2].client_secrets has description 'a' more than once",
        "identities[2].client_secrets[2].description must not be empty",
        "identities[3].projects[0].project_slug must not be empty",
        "identities[3].projects[0].roles must contain at least one role",
        "concurrency must be 1 to 100, got 0",
    ):
        assert words in result["msg"]
    assert not current.requests()


def test_more_failures_than_anybody_reads_are_counted(current: Site) -> None:
    desired_states = [{"name": f"web-{index}", "role": "nobody-has-this"} for index in range(8)]
    result = current.run(MODULE, identities=desired_states)
    assert result["msg"].startswith("8 of 8 identities failed.") and result["msg"].endswith("and 3 more")
    assert len(result["summary"]["failed"]) == 8


def test_whoever_waits_sees_how_it_goes(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_run, "SECONDS_BETWEEN_PROGRESS", 0.0)
    lines: list[str] = []
    arguments = current.arguments({"identities": [{"name": f"web-{index}"} for index in range(3)]})
    run_in_process(task_of(MODULE), arguments, {}, check_mode=True, diff=False, progress=lines.append)
    assert len(lines) == 3 and lines[-1] == "identities: 3 of 3 done, 3 changed, 0 failed"
