# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Text that other people wrote on the server is never templated: neither in a result, nor in an export that is applied,
nor in an inventory."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.emulator import Emulator
from tests.integration.harness import Runner, Tasks, play, task
from tests.integration.stage import Actor

from .cores import bin_of, chosen

PATHS = {"in_process": True, "module": False}
FORMS = (
    "{{{{ lookup('ansible.builtin.pipe', 'touch {file}-{number}') }}}}",
    "{{% set ran = lookup('ansible.builtin.pipe', 'touch {file}-{number}') %}}",
    "#jinja2: variable_start_string: '<<', variable_end_string: '>>'\n"
    "<< lookup('ansible.builtin.pipe', 'touch {file}-{number}') >>",
    "{{# a comment {file}-{number} #}}",
)


@pytest.fixture(scope="module")
def emulator() -> Any:
    running = Emulator(profile="current", seed="data").start()
    yield running
    running.stop()


@pytest.fixture(params=chosen())
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Runner:
    return Runner(tmp_path, bin_of(request.param))


def hostile(directory: Path) -> list[dict[str, Any]]:
    """Creates identities whose names and metadata are templates that would create a file."""
    made = []
    for number, form in enumerate(FORMS):
        text = form.format(file=directory / "ran", number=number)
        # Names and keys with several lines are invalid options.
        name = text if text.isprintable() else f"several lines {number}"
        made.append({"name": name, "metadata": {"plain": "text", "value": text, name: "key"}})
    return made


def looked_at(variable: str) -> Tasks:
    """Tasks with everything that makes Ansible template the value of a variable."""
    each = f"{{{{ {variable}.identities }}}}"
    return [
        {"name": "Copy it", "ansible.builtin.set_fact": {f"{variable}_copy": each}},
        {"name": "Display it", "ansible.builtin.debug": {"msg": f"{{{{ item.name }}}} {each}"}, "loop": each},
        task("identities", {"identities": each}, f"by {variable}", check_mode=True, register=f"{variable}_drift"),
        {
            "name": "Check that it is the value on the server",
            "ansible.builtin.assert": {"that": [f"not {variable}_drift.changed"]},
        },
    ]


def test_results_and_exports_are_data(runner: Runner, emulator: Emulator, tmp_path: Path) -> None:
    emulator.reset()
    actor = Actor(emulator, "current", "in_process")
    given = hostile(tmp_path)
    for identity in given:
        metadata = [{"key": key, "value": value} for key, value in identity["metadata"].items()]
        body = {"name": identity["name"], "metadata": metadata, "organizationId": emulator.organization_id}
        actor.api("POST", "/api/v1/identities", body)
    export = str(tmp_path / "export-{{ inventory_hostname }}.yml")
    tasks = [
        task("identities_info", {"include_projects": False}, "estate", register="estate"),
        *looked_at("estate"),
        {
            "name": "Export it",
            "ansible.builtin.copy": {
                "content": "{{ {'identities': estate.identities} | machineid.infisical.to_vars_yaml }}",
                "dest": export,
                "mode": "0600",
            },
        },
        {"name": "Read it", "ansible.builtin.include_vars": {"file": export, "name": "included"}},
        *looked_at("included"),
    ]
    by_default = {"group/machineid.infisical.infisical": {"login_data": "{{ login_data }}"}}
    again = [{"name": "Display it", "ansible.builtin.debug": {"msg": "{{ identities }}"}}]
    variables = {**actor.variables(), "ansible_python_interpreter": str(runner.bin / "python")}
    hosts = {name: {**variables, "infisical_in_process": here} for name, here in PATHS.items()}
    outcome = runner.playbook([play(tasks, module_defaults=by_default), play(again, vars_files=[export])], hosts)
    assert outcome.code == 0, outcome.output
    assert sorted(tmp_path.glob("ran*")) == []
    displayed = [
        record.result["msg"] for record in outcome.records if record.task == "Display it" and "msg" in record.result
    ]
    for read in displayed[-2:]:
        held = {one["name"]: one["metadata"] for one in read}
        assert held.items() >= {one["name"]: one["metadata"] for one in given}.items(), "as it is on the server"


def test_permissions_are_data(runner: Runner, emulator: Emulator) -> None:
    """Expressions of the server are neither evaluated when a result is used, nor when it is passed back as options."""
    emulator.reset()
    actor = Actor(emulator, "current", "in_process")
    own = {"subject": "secrets", "action": ["read"], "conditions": {"secretPath": "/{{identity.metadata.team}}"}}
    project_id = actor.project("Billing", "billing")
    place = {"identity_id": actor.identity("web"), "project_id": project_id}
    membership = f"/api/v1/projects/{project_id}/memberships/identities/{place['identity_id']}"
    actor.api("POST", membership, {"role": "viewer"})
    wire = {"identityId": place["identity_id"], "projectId": project_id, "slug": "own", "permissions": [own]}
    privilege = "/api/v2/identity-project-additional-privilege"
    actor.api("POST", privilege, {**wire, "type": {"isTemporary": False}})
    actor.api("POST", f"/api/v1/projects/{project_id}/roles", {"slug": "own", "name": "Own", "permissions": [own]})
    named = {**place, "slug": "own"}
    again = {**named, "permissions": "{{ held.project_identity_privilege.permissions }}"}
    tasks = [
        task("project_identity_privilege", named, "by slug", register="held"),
        task("project_identity_privilege", again, "again", register="passed_back"),
        task("role_info", {"project_id": project_id, "slugs": ["own"]}, "roles", register="read"),
        task("identity_info", {"identity_id": place["identity_id"], "effective_access": True}, "all", register="all"),
        {
            "name": "Display it",
            "ansible.builtin.debug": {
                "msg": "{{ [passed_back.changed, read.roles[0].permissions[0].conditions, "
                "all.effective_access.projects[0].privileges[0].permissions[0].conditions] }}"
            },
        },
    ]
    by_default = {"group/machineid.infisical.infisical": {"login_data": "{{ login_data }}"}}
    variables = {**actor.variables(), "ansible_python_interpreter": str(runner.bin / "python")}
    hosts = {name: {**variables, "infisical_in_process": here} for name, here in PATHS.items()}
    outcome = runner.playbook([play(tasks, module_defaults=by_default)], hosts)
    assert outcome.code == 0, outcome.output
    displayed = [record.result["msg"] for record in outcome.records if record.task == "Display it"]
    assert displayed == [[False, own["conditions"], own["conditions"]]] * len(PATHS)


def inventory(directory: Path, elements: str) -> Path:
    """Returns an inventory of declared identities, from YAML text."""
    (directory / "identities").mkdir()
    (directory / "identities" / "export.yml").write_text(elements)
    path = directory / "all.declared.yml"
    metadata = "infisical_declaration.metadata"
    compose = {"copied": f"{metadata}.value", "shouted": f"{metadata}.plain | upper"}
    plugin = {"plugin": "machineid.infisical.declared", "paths": ["identities/*"], "compose": compose}
    path.write_text(yaml.safe_dump(plugin))
    return path


def listed(runner: Runner, path: Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [runner.bin / "ansible-inventory", "--list", "--export", "-i", path]
    return subprocess.run(command, env=runner.environment(), capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("marked", [True, False])
def test_declared_identities_are_data(runner: Runner, tmp_path: Path, marked: bool) -> None:
    """Both with the marks of an export, and in a file without marks."""
    form = FORMS[0].format(file=tmp_path / "ran", number=0)
    text = f'!unsafe "{form}"' if marked else f'"{form}"'
    elements = f"- name: web\n  metadata: {{plain: text, value: {text}, ? {text} : key}}\n"
    path = inventory(tmp_path, elements)
    done = listed(runner, path)
    assert done.returncode == 0, done.stderr
    host = json.loads(done.stdout)["_meta"]["hostvars"]["web"]
    metadata = host["infisical_declaration"]["metadata"]
    assert metadata["plain"] == "text" and host["infisical_declaration"]["name"] == "web"
    assert metadata["value"] == host["copied"] == {"__ansible_unsafe": form}
    assert host["shouted"] == "TEXT" and host["ansible_connection"] == "local"
    assert metadata[form] == "key" and host["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"
    several = "{{ [infisical_declaration, onboard_identity, copied] }}"
    show = [
        {"name": "Display it", "ansible.builtin.debug": {"msg": several}},
        {"name": "Show all", "ansible.builtin.debug": {"var": "hostvars[inventory_hostname]"}},
    ]
    (tmp_path / "site.json").write_text(json.dumps([play(show, hosts="infisical_identities")]))
    # Like AWX, which passes a stored inventory listing to jobs with a script.
    script = tmp_path / "script.py"
    script.write_text(f"#!{runner.bin}/python\nprint({done.stdout!r})\n")
    script.chmod(0o755)
    for source in (path, script):
        outcome = runner.run("ansible-playbook", {}, "-i", str(source), str(tmp_path / "site.json"))
        assert outcome.code == 0, outcome.output
        assert form in outcome.records[0].result["msg"], outcome.records[0].result
    assert not (tmp_path / "ran-0").exists()


def test_a_template_is_no_name_of_a_host(runner: Runner, tmp_path: Path) -> None:
    form = FORMS[0].format(file=tmp_path / "ran", number=0)
    done = listed(runner, inventory(tmp_path, f'- name: !unsafe "{form}"\n  metadata: {{plain: text, value: text}}\n'))
    assert "looks like a template, so it cannot be a host's" in " ".join(done.stderr.split())
    assert not (tmp_path / "ran-0").exists()
