# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook awx_setup, with a test double of awx.awx that validates its options and stores its input."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ..harness import BIN, COLLECTIONS, ROOT
from . import controller
from .double import write_collection

SECRET = "a-client-secret-that-must-not-be-printed"
SETTINGS = {
    "awx_project_url": "https://git.example.com/platform/identities.git",
    "awx_project_branch": "main",
    "awx_execution_environment": "Identities",
    "awx_execution_environment_image": "registry.example.com/identities:1",
    "awx_credential_inputs": {"url": "https://infisical.example.com", "universal_auth_client_secret": SECRET},
    "awx_slices": 4,
}
NAMES = {
    "execution_environment Identities",
    "credential_type Infisical machine identity",
    "credential Infisical",
    "project Infisical",
    "inventory Infisical: this machine",
    "inventory Infisical: declared identities",
    "host localhost",
    "inventory_source Infisical",
    "job_template Infisical: onboard a workload",
    "job_template Infisical: onboard declared identities",
}

Kept = dict[str, dict[str, Any]]


class Controller:
    """A controller that stores its objects in a file."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "controller.json"
        self.file.write_text("{}")
        write_collection(directory)

    def set_up(self, *options: str, **settings: Any) -> str:
        paths = os.pathsep.join([str(self.directory), str(COLLECTIONS)])
        env = {
            **controller.job_environment(self.directory / "home"),
            "ANSIBLE_COLLECTIONS_PATH": paths,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "CONTROLLER_FILE": str(self.file),
        }
        # Imported by a playbook elsewhere, as a platform team runs it. The data has to be found nevertheless.
        playbook = self.directory / "setup.yml"
        playbook.write_text("- ansible.builtin.import_playbook: machineid.infisical.awx_setup\n")
        given = self.directory / "settings.json"
        given.write_text(json.dumps(settings))
        command: list[str | Path] = [BIN / "ansible-playbook", playbook, "-vvvv", "--extra-vars", f"@{given}", *options]
        done = subprocess.run(command, env=env, cwd=self.directory, capture_output=True, text=True, check=False)
        assert SECRET not in done.stdout + done.stderr
        return done.stdout

    def kept(self) -> Kept:
        kept: Kept = json.loads(self.file.read_text())
        return kept


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Controller:
    """Sets up a controller, after a run in check mode that must do nothing."""
    made = Controller(tmp_path_factory.mktemp("controller"))
    assert "failed=0" in made.set_up("--check", **SETTINGS) and not made.kept()
    assert "failed=0" in made.set_up(**SETTINGS)
    return made


def test_everything_is_made_and_nothing_twice(prepared: Controller) -> None:
    before = prepared.kept()
    assert before.keys() == NAMES
    assert "changed=0" in prepared.set_up(**SETTINGS)
    assert prepared.kept() == before


def test_the_data_arrives_as_it_is(prepared: Controller) -> None:
    """In particular the templates of the injectors, which Ansible must not evaluate."""
    kept = prepared.kept()
    credential_type = controller.data("credential_type.yml")
    sent = kept["credential_type Infisical machine identity"]
    assert {name: sent[name] for name in credential_type} == credential_type
    assert kept["job_template Infisical: onboard a workload"]["survey_spec"] == controller.data("survey.yml")
    localhost = kept["host localhost"]["variables"]
    assert localhost["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"
    for template in controller.data("job_templates.yml"):
        sent = kept[f"job_template {template['name']}"]
        expected = {**template, "job_slice_count": 4 if "job_slice_count" in template else 1}
        assert {name: sent[name] for name in expected} == expected


def test_what_one_part_names_another_is(prepared: Controller) -> None:
    kept = prepared.kept()
    kinds = {
        "credential_type": "credential_type",
        "source_project": "project",
        "project": "project",
        "inventory": "inventory",
        "execution_environment": "execution_environment",
    }
    named = {(kinds[option], one[option]) for one in kept.values() for option in kinds if option in one}
    named |= {("credential", name) for one in kept.values() for name in one.get("credentials", [])}
    assert {f"{kind} {name}" for kind, name in named} <= kept.keys() and len(named) == 6


def test_what_awx_looks_for_in_the_project_is_there() -> None:
    """AWX recognises a playbook by one of these lines. The inventory source is named in the playbook."""
    for template in controller.data("job_templates.yml"):
        lines = (controller.PROJECT / template["playbook"]).read_text().splitlines()
        assert any(line.strip().startswith("ansible.builtin.import_playbook:") for line in lines)
    assert (controller.PROJECT / "identities.declared.yml").exists()


def test_only_what_is_given_is_sent(tmp_path: Path) -> None:
    """Without inputs, the credential is not changed. Without an image, no execution environment is created."""
    bare = Controller(tmp_path)
    assert "failed=0" in bare.set_up(awx_project_url="https://git.example.com/identities.git")
    kept = bare.kept()
    assert kept.keys() == {name for name in NAMES if not name.startswith(("credential ", "execution_environment "))}
    assert all("execution_environment" not in one for one in kept.values())
    assert kept["project Infisical"].keys().isdisjoint({"scm_branch", "credential"})
    assert kept["job_template Infisical: onboard declared identities"]["job_slice_count"] == 2


def test_every_setting_is_documented() -> None:
    """The page and the head of the playbook document the variables that the playbook reads and does not set itself."""
    playbook = (ROOT / "playbooks" / "awx_setup.yml").read_text()
    code = [line for line in playbook.splitlines() if not line.startswith("#")]
    tasks = (ROOT / "playbooks" / "tasks" / "awx_setup.yml").read_text()
    own = {name for line in code for name in re.findall(r"^    (awx_\w+): ", line)}
    read = set(re.findall(r"\bawx_(?!setup)\w+", "\n".join(code) + tasks)) - own
    assert set(re.findall(r"^#   (awx_\w+) ", playbook, re.MULTILINE)) == read
    page = (ROOT / "docs" / "awx.md").read_text()
    assert set(re.findall(r"^\| `(awx_\w+)` \|", page, re.MULTILINE)) == read


def test_without_a_project_nothing_begins(tmp_path: Path) -> None:
    bare = Controller(tmp_path)
    assert "Set awx_project_url" in bare.set_up() and not bare.kept()
