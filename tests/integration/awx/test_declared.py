# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The inventory plugin `declared`: the hosts that it creates, and its messages about invalid files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..harness import BIN
from . import controller

NAME = "machineid.infisical.declared"
WEB = {"name": "web", "aws_auth": {"allowed_account_ids": ["123456789012"]}}

Files = dict[str, Any]

INVALID: dict[str, tuple[Files, list[str]]] = {
    "no-file": ({}, ["no file matches *.yml"]),
    "no-list": ({"a.yml": "web"}, ["a.yml: must contain a list of identities, or a dictionary with identities"]),
    "no-identities": ({"a.yml": {"identity": [WEB]}}, ["a.yml: must contain a list of identities"]),
    "no-dictionary": ({"a.yml": ["web"]}, ["a.yml: must contain a list of identities"]),
    "nameless": ({"a.yml": [{"role": "member"}]}, ["a.yml: one of the following is required: identity_id, name"]),
    "unknown-option": ({"a.yml": [{**WEB, "colour": "red"}]}, ["a.yml: ", "colour"]),
    "in-every-file": (
        {
            "a.yml": [{"name": "web", "aws_auth": {"allowed_account_ids": ["12345", "1"]}}],
            "b.yml": [{"name": "job", "oci_auth": {"tenancy_ocid": "nowhere"}}],
        },
        [
            "a.yml: identities[0].aws_auth.allowed_account_ids",
            "'12345'",
            "'1'",
            "b.yml: identities[0].oci_auth.tenancy_ocid",
        ],
    ),
    "twice-in-a-file": ({"a.yml": [WEB, WEB]}, ["a.yml: identities[0] and identities[1] declare the same name 'web'"]),
    "twice-in-two": (
        {"a.yml": [WEB], "b.yml": {"identities": [WEB]}},
        ["'web' is declared in ", "a.yml and in ", "b.yml"],
    ),
    "twice-by-alias": ({"a.yml": [WEB], "b.yml": [{"identity_name": "web"}]}, ["'web' is declared in "]),
}


def declare(directory: Path, files: Files, **options: Any) -> Path:
    """Writes an inventory file, and the files that it reads."""
    directory.mkdir(exist_ok=True)
    (directory / "identities").mkdir()
    for name, content in files.items():
        (directory / "identities" / name).write_text(yaml.safe_dump(content))
    inventory = directory / "all.declared.yaml"
    inventory.write_text(yaml.safe_dump({"plugin": NAME, "paths": ["identities/*.yml"], **options}))
    return inventory


def ansible(home: Path, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command without wrapping its messages."""
    env = {**controller.job_environment(home), "COLUMNS": "9999"}
    return subprocess.run([BIN / command, *arguments], cwd=home, env=env, capture_output=True, text=True, check=False)


def listing(home: Path, *inventories: Path) -> dict[str, Any]:
    options = [option for inventory in inventories for option in ("-i", inventory)]
    done = ansible(home, "ansible-inventory", "--list", "--export", *options)
    assert done.returncode == 0, done.stderr
    listed: dict[str, Any] = json.loads(done.stdout)
    return listed


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Reads all invalid inventories in one run and returns the messages by inventory."""
    home = tmp_path_factory.mktemp("invalid")
    options: list[str | Path] = []
    for name, (files, _expected) in INVALID.items():
        options += ["-i", declare(home / name, files)]
    done = ansible(home, "ansible-inventory", "--list", *options)
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if "Failed to parse" in line]
    return {name: "\n".join(line for line in lines if f"/{name}/" in line) for name in INVALID}


@pytest.mark.parametrize("name", INVALID)
def test_errors_are_reported_with_the_file(messages: dict[str, str], name: str) -> None:
    for part in INVALID[name][1]:
        assert part.replace("*.yml", "identities/*.yml") in messages[name]


def test_each_identity_is_a_host_with_the_variables_of_the_role(tmp_path: Path) -> None:
    everything = {
        "identity_name": "web",
        "role": "member",
        "metadata": {"team": "shop"},
        "has_delete_protection": True,
        "universal_auth": {"access_token_ttl": 600},
        "aws_auth": {"allowed_account_ids": "123456789012"},
        "client_secrets": [{"description": "vm"}],
        "projects": [{"project_slug": "storefront", "roles": ["viewer"]}],
        "state": "present",
    }
    by_id = {"identity_id": "0b5d2c1e-4f6a-4b8c-9d0e-1f2a3b4c5d6e", "role": "no-access"}
    inventory = declare(
        tmp_path,
        {"a.yml": {"identities": [everything]}, "b.yml": [by_id]},
        paths=["identities/a*", str(tmp_path / "identities" / "**")],
        group="fleet",
        compose={"team": "infisical_declaration.metadata.team | default('nobody')"},
        keyed_groups=[{"key": "infisical_declaration.metadata.team | default('none')", "prefix": "team"}],
        groups={"known_by_id": "infisical_declaration.name is not defined"},
    )
    listed = listing(tmp_path, inventory)
    hostvars = listed["_meta"]["hostvars"]
    assert sorted(hostvars) == sorted(listed["fleet"]["hosts"]) == [by_id["identity_id"], "web"]
    assert listed["team_shop"]["hosts"] == ["web"] and listed["team_none"]["hosts"] == [by_id["identity_id"]]
    assert listed["known_by_id"]["hosts"] == [by_id["identity_id"]]
    declaration = {
        **{name: everything[name] for name in everything if name not in ("identity_name", "has_delete_protection")},
        "name": "web",
        "delete_protection": True,
    }
    assert hostvars["web"] == {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "infisical_declaration": declaration,
        "team": "shop",
        "onboard_identity": {
            "name": "web",
            "role": "member",
            "metadata": {"team": "shop"},
            "delete_protection": True,
        },
        "onboard_universal_auth": everything["universal_auth"],
        "onboard_aws_auth": everything["aws_auth"],
        "onboard_client_secrets": everything["client_secrets"],
        "onboard_projects": everything["projects"],
        "onboard_state": "present",
    }
    assert hostvars[by_id["identity_id"]]["onboard_identity"] == by_id


def test_modules_run_with_the_interpreter_of_the_play(tmp_path: Path) -> None:
    inventory = declare(tmp_path, {"a.yml": [WEB]})
    done = ansible(tmp_path, "ansible", "infisical_identities", "-i", inventory, "-m", "ansible.builtin.ping")
    assert done.stdout.startswith("web | SUCCESS"), done.stdout + done.stderr
    assert "discovered_interpreter_python" not in done.stdout
