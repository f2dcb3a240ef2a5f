# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role onboard: one block for four clouds, a second run, drift, interruption, renewal and offboarding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .harness import Outcome, play
from .stage import Actor, Stage

HOST = "current_in_process"
ROLE = "machineid.infisical.onboard"
CONVERGES = "Converge the identity"

WORKLOAD: dict[str, Any] = {
    "onboard_identity": {"name": "billing-api", "role": "member", "metadata": {"team": "payments"}},
    "onboard_universal_auth": {"access_token_ttl": 3600, "access_token_max_ttl": 86400},
    "onboard_aws_auth": {
        "allowed_principal_arns": ["arn:aws:iam::123456789012:role/billing-api"],
        "allowed_account_ids": ["123456789012"],
    },
    "onboard_azure_auth": {
        "tenant_id": "7c4f3b0e-2b1a-4e65-9f5d-0a1b2c3d4e5f",
        "resource": "https://management.azure.com/",
        "allowed_service_principal_ids": ["0d6c1f0a-9f1e-4a7b-8c2d-3e4f5a6b7c8d"],
    },
    "onboard_oci_auth": {"tenancy_ocid": "ocid1.tenancy.oc1..example", "allowed_usernames": ["billing-api"]},
    "onboard_client_secrets": [{"description": "app1", "ttl": 1000, "renew_before": 100, "overlap": 50}],
    "onboard_projects": [
        {"project_slug": "billing", "roles": ["viewer", {"role": "member", "temporary_range": "2h"}]},
        {"project_slug": "reports", "roles": ["member"]},
    ],
}


@pytest.fixture
def actor(stage: Stage) -> Actor:
    actor = stage.actors[HOST]
    actor.project("Billing", "billing")
    actor.project("Reports", "reports")
    return actor


def included(**changes: Any) -> dict[str, Any]:
    """Returns the role as a task, with the workload's variables and changes to them. None omits a variable."""
    variables = {name: value for name, value in {**WORKLOAD, **changes}.items() if value is not None}
    return {"name": "Onboard", "ansible.builtin.include_role": {"name": ROLE}, "vars": variables}


def onboard(stage: Stage, *options: str, **changes: Any) -> Outcome:
    """Runs the role."""
    actor = stage.actors[HOST]
    return stage.runner.playbook([play([included(**changes)])], stage.hosts(HOST), *options, **actor.environment())


def converged(outcome: Outcome) -> dict[str, Any]:
    """Returns the result of the role's main task."""
    (record,) = [one for one in outcome.records if one.task.endswith(CONVERGES)]
    return record.result


def changed(outcome: Outcome) -> bool:
    return any(record.result.get("changed") for record in outcome.records)


def held(actor: Actor) -> dict[str, Any]:
    """Returns the current state of the workload's identity."""
    (identity,) = [one for one in actor.emulator.state()["identities"] if one["name"] == "billing-api"]
    return dict(identity)


def roles(actor: Actor, identity_id: str) -> dict[str, list[str]]:
    """Returns the workload's roles by project, with the start of temporary ones."""
    answer = actor.api("GET", f"/api/v1/identities/{identity_id}/identity-memberships")
    return {
        one["project"]["name"]: sorted(f"{role['role']} {role['temporaryAccessStartTime']}" for role in one["roles"])
        for one in answer["identityMemberships"]
    }


def secrets_of(actor: Actor) -> list[dict[str, Any]]:
    path = f"/api/v1/auth/universal-auth/identities/{held(actor)['id']}/client-secrets"
    listed: list[dict[str, Any]] = actor.api("GET", path)["clientSecretData"]
    return listed


def writes(actor: Actor) -> int:
    return int(actor.emulator.counts()["writes"])


def test_one_block(stage: Stage, actor: Actor) -> None:
    check = onboard(stage, "--check", "--diff").succeeded()
    assert writes(actor) == 0 and changed(check)
    first = onboard(stage).succeeded()
    assert sorted(held(actor)["methods"]) == ["aws-auth", "azure-auth", "oci-auth", "universal-auth"]
    assert set(roles(actor, held(actor)["id"])) == {"Billing", "Reports"}
    assert converged(first)["censored"], "the result with a new secret is displayed"
    assert not changed(onboard(stage).succeeded()) and writes(actor) == 0
    assert not changed(onboard(stage, "--check", "--diff").succeeded()) and writes(actor) == 0


def test_check_mode_shows_exactly_the_drift_and_a_run_heals_it(stage: Stage, actor: Actor) -> None:
    onboard(stage).succeeded()
    identity_id = held(actor)["id"]
    before = roles(actor, identity_id)
    actor.api("PATCH", f"/api/v1/auth/universal-auth/identities/{identity_id}", {"accessTokenTTL": 60})
    projects = {one["slug"]: one["id"] for one in actor.emulator.state()["projects"]}
    path = f"/api/v1/projects/{projects['reports']}/memberships/identities/{identity_id}"
    actor.api("PATCH", path, {"roles": [{"role": "admin"}]})
    checked = onboard(stage, "--check", "--diff").succeeded()
    assert writes(actor) == 0
    (diff,) = converged(checked)["diff"]
    membership = f"projects {projects['reports']}"
    assert diff["before"] == {"universal_auth": {"access_token_ttl": 60}, membership: {"roles": [{"role": "admin"}]}}
    assert diff["after"] == {"universal_auth": {"access_token_ttl": 3600}, membership: {"roles": [{"role": "member"}]}}
    assert converged(onboard(stage, "--diff").succeeded())["diff"] == [diff]
    # The temporary role in the other project is unchanged.
    assert roles(actor, identity_id) == before


def test_a_temporary_role_is_not_started_again_when_another_role_changes(stage: Stage, actor: Actor) -> None:
    onboard(stage).succeeded()
    (start,) = [one for one in roles(actor, held(actor)["id"])["Billing"] if one.startswith("member")]
    actor.emulator.advance_clock(3 * 3600)
    other = [{"project_slug": "billing", "roles": ["admin", {"role": "member", "temporary_range": "120m"}]}]
    onboard(stage, onboard_projects=other).succeeded()
    assert roles(actor, held(actor)["id"])["Billing"] == ["admin None", start]


def test_a_client_secret_over_its_life(stage: Stage, actor: Actor) -> None:
    only_secret = {"onboard_projects": None, "onboard_aws_auth": None, "onboard_azure_auth": None}
    for _run in range(2):
        onboard(stage, **only_secret, onboard_oci_auth=None).succeeded()
    (first,) = secrets_of(actor)
    actor.emulator.advance_clock(920)
    onboard(stage, **only_secret, onboard_oci_auth=None).succeeded()
    second = [one["id"] for one in secrets_of(actor) if one["id"] != first["id"]]
    assert len(second) == 1 and len(secrets_of(actor)) == 2, "the old one works until the overlap is over"
    actor.emulator.advance_clock(55)
    onboard(stage, **only_secret, onboard_oci_auth=None).succeeded()
    assert [one["id"] for one in secrets_of(actor)] == second
    path = f"/api/v1/auth/universal-auth/identities/{held(actor)['id']}/client-secrets/{second[0]}/revoke"
    actor.api("POST", path, {})
    onboard(stage, **only_secret, onboard_oci_auth=None).succeeded()
    (third,) = secrets_of(actor)
    assert third["id"] not in (first["id"], *second)


def test_broken_off_half_way_and_run_again(stage: Stage, actor: Actor) -> None:
    actor.emulator.inject(method="POST", path="/oci-auth/identities/", status=403)
    broken = onboard(stage)
    assert broken.code != 0 and "oci-auth" not in held(actor)["methods"]
    live = [one for one in actor.emulator.state()["access_tokens"] if not one["revoked"]]
    assert not [one for one in live if one["identity_id"] == held(actor)["id"]]
    onboard(stage).succeeded()
    assert sorted(held(actor)["methods"]) == ["aws-auth", "azure-auth", "oci-auth", "universal-auth"]
    assert len(secrets_of(actor)) == 1 and set(roles(actor, held(actor)["id"])) == {"Billing", "Reports"}
    assert not changed(onboard(stage).succeeded())


def test_its_own_token_is_revoked_also_after_a_failure(stage: Stage, actor: Actor) -> None:
    def revocations() -> int:
        return sum(one["path"] == "/api/v1/auth/token/revoke" for one in actor.emulator.requests())

    actor.emulator.inject(method="POST", path="/aws-auth/identities/", status=403)
    assert onboard(stage, onboard_client_secrets=[]).code != 0
    assert revocations() == 1
    given = {"url": actor.emulator.url, "access_token": actor.token()}
    onboard(stage, onboard_client_secrets=[], onboard_connection={"login_data": given}).succeeded()
    assert revocations() == 0, "the role does not revoke a given token"


OPEN = {**WORKLOAD["onboard_azure_auth"], "allowed_service_principal_ids": []}
WRONG_VARIABLES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no name": ({"onboard_identity": {"role": "member"}}, ["name"]),
    "no identity": ({"onboard_identity": None}, ["onboard_identity"]),
    "a misspelt option": ({"onboard_aws_auth": {"allowed_acount_ids": []}}, ["allowed_acount_ids"]),
    "two names of a project": (
        {"onboard_projects": [{"project_slug": "a", "project_id": "b", "roles": ["viewer"]}]},
        ["mutually exclusive"],
    ),
    "no name of a project": ({"onboard_projects": [{"roles": ["viewer"]}]}, ["project_id, project_slug"]),
    "an unknown state": ({"onboard_state": "gone"}, ["onboard_state"]),
    "a misspelt variable": ({"onboard_aws_auht": {}}, ["onboard_aws_auht"]),
    "a secret without description": ({"onboard_client_secrets": [{"ttl": 5}]}, ["description"]),
    "two names of a secret": (
        {"onboard_client_secrets": [{"description": "x", "client_secret_id": "y"}]},
        ["mutually exclusive"],
    ),
}
"""Variables that are rejected before the first request, and parts of the message."""
WRONG_DESIRED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "AWS for everybody": ({"onboard_aws_auth": {"allowed_account_ids": []}}, ["every principal of every AWS account"]),
    "Azure for everybody": ({"onboard_azure_auth": OPEN}, ["tenant"]),
    "an unknown project": (
        {"onboard_projects": [{"project_slug": "no-such", "roles": ["viewer"]}]},
        ["no-such", "billing", "reports"],
    ),
    "no directory": (
        {"onboard_client_secrets": [{"description": "x", "dest": "/no/such/directory/x"}]},
        ["/no/such/directory"],
    ),
}
"""Declarations that are rejected before anything is created, and parts of the message."""


@pytest.mark.parametrize(
    ("cases", "asked"), [(WRONG_VARIABLES, "total"), (WRONG_DESIRED, "writes")], ids=["variables", "desired"]
)
def test_wrong_variables_are_rejected_in_time(
    stage: Stage, actor: Actor, cases: dict[str, tuple[dict[str, Any], list[str]]], asked: str
) -> None:
    """In one run of Ansible: each failure is rescued."""
    tasks = [
        {
            "name": title,
            "block": [included(**changes)],
            "rescue": [{"name": "Continue after the expected failure", "ansible.builtin.meta": "noop"}],
            "vars": {"recorded_as": title},
        }
        for title, (changes, _texts) in cases.items()
    ]
    outcome = stage.runner.playbook([play(tasks)], stage.hosts(HOST), **actor.environment()).succeeded()
    for title, (_changes, texts) in cases.items():
        ran = [record for record in outcome.records if record.label == title]
        rejected = [str(record.result) for record in ran if record.outcome == "failed"]
        assert len(rejected) == 1 and all(text in rejected[0] for text in texts), (title, rejected)
        assert sum(record.requests[asked] for record in ran) == 0, title


def test_open_methods_on_demand(stage: Stage, actor: Actor) -> None:
    outcome = onboard(stage, onboard_aws_auth={}, onboard_client_secrets=[], onboard_allow_open_methods=True)
    assert "every principal of every AWS account" in outcome.succeeded().output


def test_taken_off_again_unless_protected(stage: Stage, actor: Actor) -> None:
    protected = {**WORKLOAD["onboard_identity"], "delete_protection": True}
    onboard(stage, onboard_identity=protected).succeeded()
    rejected = onboard(stage, onboard_state="absent")
    assert rejected.code != 0 and "delete protection" in rejected.output and held(actor)
    onboard(stage, onboard_identity={**protected, "delete_protection": False}).succeeded()
    assert changed(onboard(stage, "--check", onboard_state="absent").succeeded()) and held(actor)
    assert changed(onboard(stage, onboard_state="absent").succeeded())
    assert not [one for one in actor.emulator.state()["identities"] if one["name"] == "billing-api"]
    assert not changed(onboard(stage, onboard_state="absent").succeeded()) and writes(actor) == 0


@pytest.mark.parametrize("fault", [None, {"method": "POST", "path": "/memberships/identities/", "status": 403}])
def test_nothing_secret_is_printed(stage: Stage, actor: Actor, fault: dict[str, Any] | None) -> None:
    if fault:
        actor.emulator.inject(**fault)
    outcome = onboard(stage, "-vvvv", "--diff")
    assert (outcome.code != 0) == bool(fault)
    assert not actor.secrets.leaks_of(outcome)


def test_a_secret_in_a_file_is_proved_and_the_result_can_be_displayed(
    stage: Stage, actor: Actor, tmp_path: Path
) -> None:
    dest = tmp_path / "billing-api.env"
    secrets = [{"description": "app1", "dest": str(dest)}]
    outcome = onboard(stage, "-vvvv", "--diff", onboard_client_secrets=secrets).succeeded()
    (secret,) = converged(outcome)["identities"][0]["client_secrets"]
    assert secret["created"] and secret["dest"] == str(dest) and dest.stat().st_mode & 0o777 == 0o600
    (proof,) = [one.result for one in outcome.records if one.task.endswith("Log in with the new client secret")]
    assert proof["identity_id"] == held(actor)["id"]
    assert not actor.secrets.leaks_of(outcome)
    assert not changed(onboard(stage, onboard_client_secrets=secrets).succeeded()) and writes(actor) == 0
    dest.unlink()
    assert changed(onboard(stage, onboard_client_secrets=secrets).succeeded()) and dest.exists()


def test_a_token_is_delivered_to_its_file(stage: Stage, actor: Actor, tmp_path: Path) -> None:
    dest = tmp_path / "billing-api-token.env"
    declared: dict[str, Any] = {
        "onboard_client_secrets": [],
        "onboard_token_auth": {"access_token_ttl": 1000, "access_token_max_ttl": 1000},
        "onboard_tokens": [{"name": "app1", "dest": str(dest), "renew_before": 100}],
    }
    outcome = onboard(stage, "-vvvv", "--diff", **declared).succeeded()
    (token,) = converged(outcome)["identities"][0]["tokens"]
    assert token["created"] and dest.stat().st_mode & 0o777 == 0o600 and "INFISICAL_TOKEN=" in dest.read_text()
    assert not actor.secrets.leaks_of(outcome)
    assert not changed(onboard(stage, **declared).succeeded()) and writes(actor) == 0
    without = onboard(stage, **{**declared, "onboard_tokens": [{"name": "app1"}]})
    assert without.code != 0 and "dest" in without.output
    gone = {**declared, "onboard_tokens": [{"name": "app1", "state": "absent"}]}
    assert changed(onboard(stage, **gone).succeeded())


def test_privileges_and_groups_are_part_of_the_block(stage: Stage, actor: Actor) -> None:
    actor.group("Services", "services")
    rules = [{"subject": "secrets", "action": ["read"], "conditions": {"environment": "dev"}}]
    declared: dict[str, Any] = {
        "onboard_client_secrets": [],
        "onboard_projects": [
            {"project_slug": "billing", "roles": ["viewer"], "privileges": [{"slug": "deploy", "permissions": rules}]}
        ],
        "onboard_groups": [{"group_slug": "services"}],
    }
    changes = converged(onboard(stage, **declared).succeeded())["identities"][0]["changes"]
    assert [key.split()[0] for key in changes].count("groups") == 1
    assert any(key.endswith("privileges deploy") for key in changes)
    assert not changed(onboard(stage, **declared).succeeded()) and writes(actor) == 0
