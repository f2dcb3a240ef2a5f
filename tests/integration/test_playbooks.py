# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks of the collection, called by their full names, one with the inventory plugin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from .harness import Outcome
from .stage import Actor, Stage

BILLING = {"name": "billing-api", "role": "member", "aws_auth": {"allowed_account_ids": ["123456789012"]}}
REPORTS = {"name": "reports", "universal_auth": {"access_token_ttl": 600}, "metadata": {"team": "sales"}}


def called(stage: Stage, name: str, *options: str, **variables: Any) -> Outcome:
    """Runs a playbook of the collection on this machine, with credentials exported."""
    actor = stage.actors["current_in_process"]
    extra = ("--extra-vars", json.dumps(variables))
    hosts = {"localhost": {"emulator": actor.emulator.url}}
    return stage.runner.playbook(f"machineid.infisical.{name}", hosts, *extra, *options, **actor.environment())


def declared(directory: Path) -> Path:
    """Returns an inventory with two declared identities in two files."""
    (directory / "identities").mkdir()
    for declaration in (BILLING, REPORTS):
        path = directory / "identities" / f"{declaration['name']}.yml"
        path.write_text(yaml.safe_dump({"identities": [declaration]}))
    source = directory / "estate.declared.yml"
    source.write_text(yaml.safe_dump({"plugin": "machineid.infisical.declared", "paths": ["identities/*.yml"]}))
    return source


def names_of(actor: Actor) -> list[str]:
    return sorted(str(identity["name"]) for identity in actor.emulator.state()["identities"])


def writes(outcome: Outcome) -> int:
    return sum(record.requests["writes"] for record in outcome.records)


def test_an_export_shows_what_has_drifted_since(stage: Stage, tmp_path: Path) -> None:
    actor = stage.actors["current_in_process"]
    identity_id = actor.identity("billing-api", "member")
    path = f"/api/v1/auth/aws-auth/identities/{identity_id}"
    actor.api("POST", path, {"allowedAccountIds": "123456789012", "allowedPrincipalArns": ""})
    export = tmp_path / "estate.yml"

    exported = called(stage, "export", export_file=str(export)).succeeded()
    assert writes(exported) == 0
    assert [one["name"] for one in yaml.safe_load(export.read_text())["identities"]] == [
        "billing-api",
        "emulator-admin",
    ]
    assert actor.secrets.leaks(export.read_text()) == []
    called(stage, "drift", drift_file=str(export), drift_fails=True).succeeded()

    actor.api("PATCH", path, {"accessTokenTTL": 60})
    actor.identity("stranger")
    drifted = called(stage, "drift", "--diff", drift_file=str(export), drift_fails=True)
    assert drifted.code != 0
    assert writes(drifted) == 0
    # That PATCH also emptied the allowlist, which the drift report has to contain.
    for text in ("stranger", '+        "allowed_account_ids": [', "1 of 2 identities differ"):
        assert text in drifted.output, drifted.output


def test_declared_identities_are_onboarded_and_taken_off(stage: Stage, tmp_path: Path) -> None:
    actor = stage.actors["current_in_process"]
    inventory = ("--inventory", str(declared(tmp_path)))
    before = names_of(actor)

    checked = called(stage, "onboard", "--check", *inventory, onboard_hosts="infisical_identities").succeeded()
    assert names_of(actor) == before
    made = called(stage, "onboard", *inventory, onboard_hosts="infisical_identities").succeeded()
    assert names_of(actor) == sorted([*before, "billing-api", "reports"])
    again = called(stage, "onboard", *inventory, onboard_hosts="infisical_identities").succeeded()
    kept = [
        {r.host: r.result["changed"] for r in run.records if r.action.endswith(".identities")}
        for run in (checked, made, again)
    ]
    assert kept[0] == kept[1] == {"billing-api": True, "reports": True}
    assert kept[2] == {"billing-api": False, "reports": False}

    called(stage, "offboard", *inventory, onboard_hosts="infisical_identities").succeeded()
    assert names_of(actor) == before
