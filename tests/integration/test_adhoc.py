# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ad-hoc commands: `ansible localhost -m … -a …` with credentials exported."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .harness import EXECUTION_PATHS, Outcome
from .stage import Stage

ARGUMENTS = (
    "identity_name=web allowed_principal_arns=arn:aws:iam::123456789012:role/web,arn:aws:iam::123456789012:user/web"
    " allowed_account_ids=123456789012 access_token_trusted_ips=10.0.0.0/8,192.0.2.1 access_token_ttl=3600"
)


def by_hand(stage: Stage, execution_path: str, module: str, arguments: str, *options: str) -> Outcome:
    actor = stage.actors[f"current_{execution_path}"]
    return stage.runner.run(
        "ansible",
        {"localhost": {"emulator": actor.emulator.url}},
        *("localhost", "-m", f"machineid.infisical.{module}", "-a", arguments, *options),
        **actor.environment(),
        INFISICAL_IN_PROCESS=str(EXECUTION_PATHS[execution_path]),
    )


def printed(outcome: Outcome, state: str) -> dict[str, Any]:
    """Returns the JSON that is printed after the host's name."""
    head, _arrow, body = outcome.output.partition(" => ")
    assert head.splitlines()[-1] == f"localhost | {state}", outcome.output
    result: dict[str, Any] = json.loads(body)
    return result


@pytest.mark.parametrize("execution_path", EXECUTION_PATHS)
def test_a_module_by_hand(stage: Stage, execution_path: str) -> None:
    stage.actors[f"current_{execution_path}"].identity("web")
    checked = printed(by_hand(stage, execution_path, "identity_aws_auth", ARGUMENTS, "--check"), "CHANGED")
    made = printed(by_hand(stage, execution_path, "identity_aws_auth", ARGUMENTS), "CHANGED")
    again = by_hand(stage, execution_path, "identity_aws_auth", ARGUMENTS)
    assert checked["identity_aws_auth"] == made["identity_aws_auth"] == printed(again, "SUCCESS")["identity_aws_auth"]
    assert made["identity_aws_auth"]["access_token_trusted_ips"] == ["10.0.0.0/8", "192.0.2.1"]
    assert len(made["identity_aws_auth"]["allowed_principal_arns"]) == 2
    assert again.records[0].requests["writes"] == 0


@pytest.mark.parametrize("execution_path", EXECUTION_PATHS)
def test_a_fault_by_hand(stage: Stage, execution_path: str) -> None:
    outcome = by_hand(stage, execution_path, "identity_aws_auth", "identity_name=web access_token_ttl=-1")
    assert outcome.code != 0
    assert "localhost | FAILED! => " in outcome.output
    assert "access_token_ttl must be 0 to 315360000 seconds, got -1" in outcome.output
    assert outcome.records[0].requests["total"] == 0


def test_a_login_by_hand_shows_no_token(stage: Stage) -> None:
    outcome = by_hand(stage, "in_process", "login", "")
    assert outcome.code == 0
    assert "censored" in outcome.output
    assert stage.actors["current_in_process"].secrets.leaks_of(outcome) == []


@pytest.mark.parametrize(
    ("execution_path", "check"),
    [
        ("in_process", ()),
        ("in_process", ("--check",)),
        ("module", ()),
        pytest.param("module", ("--check",), marks=pytest.mark.thorough),
    ],
)
def test_a_client_secret_by_hand_needs_a_file(stage: Stage, execution_path: str, check: tuple[str, ...]) -> None:
    """The result of an ad-hoc command is not registered, and it is not displayed."""
    actor = stage.actors[f"current_{execution_path}"]
    identity_id = actor.identity("web")
    path = f"/api/v1/auth/universal-auth/identities/{identity_id}"
    actor.api("POST", path, {})
    arguments = f"identity_id={identity_id} description=app"
    rejected = by_hand(stage, execution_path, "identity_client_secret", arguments, *check)
    assert rejected.code != 0 and rejected.records[0].failure["kind"] == "validation"
    assert "Set dest, or register the result" in rejected.output
    assert not actor.api("GET", f"{path}/client-secrets")["clientSecretData"]
    file = stage.runner.directory / "app.env"
    made = by_hand(stage, execution_path, "identity_client_secret", f"{arguments} dest={file}", *check)
    assert printed(made, "CHANGED")["created"] and file.exists() is not bool(check)
    assert not actor.secrets.leaks_of(made)
