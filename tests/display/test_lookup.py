# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup of ids by name in real playbooks: what it returns, how it fails, and that no secret is displayed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration.harness import Runner, play
from tests.integration.stage import PROFILES, Actor

from .cores import bin_of, chosen

LOOKUP = "machineid.infisical.identity_id"
WRONG = "f7" * 32
"""A client secret that the server rejects."""


@pytest.fixture(params=chosen())
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Runner:
    return Runner(tmp_path, bin_of(request.param))


@pytest.fixture(params=PROFILES)
def actor(request: pytest.FixtureRequest) -> Iterator[Actor]:
    with Emulator(profile=request.param, seed="lookup") as emulator:
        yield Actor(emulator, request.param, "in_process")


def displayed(label: str, expression: str, **keywords: Any) -> dict[str, Any]:
    """Returns a task that displays the value of an expression."""
    variables = {**keywords.pop("vars", {}), "recorded_as": label}
    return {"name": label, "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"}, **keywords, "vars": variables}


def vaulted(runner: Runner, **variables: str) -> str:
    """Writes a file with encrypted variables. Returns its path."""
    password = runner.directory / "vault-password"
    password.write_text("of a test")
    command = [str(runner.bin / "ansible-vault"), "encrypt_string", "--vault-password-file", str(password)]
    command += [*(f"--name={name}" for name in variables), *variables.values()]
    done = subprocess.run(command, env=runner.environment(), capture_output=True, text=True, check=True)
    path = runner.directory / "vaulted.yml"
    path.write_text(done.stdout)
    return str(path)


def test_ids_in_templates(actor: Actor, runner: Runner) -> None:
    ids = {name: actor.identity(name) for name in ("web", "reports")}
    options = {
        "url": "{{ infisical_url }}",
        "universal_auth_client_id": "{{ infisical_client_id }}",
        "universal_auth_client_secret": "{{ vaulted_secret }}",
    }
    tasks = [
        displayed("one", f"lookup('{LOOKUP}', 'web')"),
        displayed("two", f"query('{LOOKUP}', 'web', 'reports')"),
        displayed("a list", f"lookup('{LOOKUP}', names, wantlist=true)", vars={"names": ["reports", "web"]}),
        displayed("login data", f"lookup('{LOOKUP}', 'web', login_data=login_data)"),
        displayed("vaulted", f"lookup('{LOOKUP}', 'web', **infisical)", vars={"infisical": options}),
        displayed("vaulted itself", f"lookup('{LOOKUP}', 'web', universal_auth_client_secret=vaulted_secret)"),
        displayed(
            "vaulted in login data",
            f"lookup('{LOOKUP}', 'web', login_data={{'url': infisical_url, 'access_token': vaulted_token}})",
        ),
        displayed("ignored", f"query('{LOOKUP}', 'nobody', errors='ignore')"),
        displayed("loop", "item", **{f"with_{LOOKUP}": ["web", "reports"]}),
        {
            "name": "Pass an id to a module",
            "machineid.infisical.identity_info": {"identity_id": f"{{{{ lookup('{LOOKUP}', 'web') }}}}"},
            "vars": {"recorded_as": "module"},
        },
    ]
    path = vaulted(runner, vaulted_secret=actor.emulator.client_secret, vaulted_token=actor.token())
    plays = [play(tasks, vars_files=[path])]
    password = ("--vault-password-file", str(runner.directory / "vault-password"))
    hosts = {"host": actor.variables()}
    outcome = runner.playbook(plays, hosts, "--check", "-vvvv", *password, **actor.environment()).succeeded()
    results = {record.label: record.result for record in outcome.records}
    assert results.pop("module")["identity_id"] == ids["web"]
    assert [one["item"] for one in results.pop("loop")["results"]] == [ids["web"], ids["reports"]]
    assert {label: result["msg"] for label, result in results.items()} == {
        "one": ids["web"],
        "two": [ids["web"], ids["reports"]],
        "a list": [ids["reports"], ids["web"]],
        "login data": ids["web"],
        "vaulted": ids["web"],
        "vaulted itself": ids["web"],
        "vaulted in login data": ids["web"],
        "ignored": [],
    }
    assert actor.secrets.leaks_of(outcome) == []


def test_failures(actor: Actor, runner: Runner) -> None:
    for name in ("billing-api", "duplicate", "duplicate"):
        actor.identity(name)
    expressions = {
        "No identity is named 'biling-api'": "'biling-api'",
        "There is 'billing-api'": "'biling-api'",
        "2 identities are named 'duplicate'": "'duplicate'",
        "login by universal_auth was rejected": "'web', universal_auth_client_secret=wrong",
        "there is no option identity_name": "'web', identity_name='web', universal_auth_client_secret=wrong",
        "timeout must be a whole number": "'web', timeout=1.5",
        "token must consist of": "'web', auth_method='token_auth', token=wrong ~ ' ' ~ wrong",
        "refused": "'web', url='http://127.0.0.1:1', retries=0",
        "url must not contain a user name": "'web', url='http://someone:' ~ wrong ~ '@127.0.0.1:1'",
    }
    tasks = [
        displayed(message, f"lookup('{LOOKUP}', {arguments})", ignore_errors=True)
        for message, arguments in expressions.items()
    ]
    # Not in the playbook: an error quotes the lines around its task.
    hosts = {"host": {**actor.variables(), "wrong": WRONG}}
    outcome = runner.playbook([play(tasks)], hosts, "-vvvv", **actor.environment())
    for message in expressions:
        record = outcome.labelled(message)
        assert record.outcome == "failed" and message in record.msg, record.msg
    assert "Traceback" not in outcome.output and WRONG not in outcome.output
    assert actor.secrets.leaks_of(outcome) == []
