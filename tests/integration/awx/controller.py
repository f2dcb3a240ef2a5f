# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imitates how AWX processes a credential, a survey and an inventory before it passes a job to ansible-runner."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..harness import BIN, COLLECTIONS, ROOT

DATA = ROOT / "playbooks" / "files" / "awx"
PROJECT = ROOT / "docs" / "awx" / "project"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")

Variables = dict[str, Any]


class Unsafe(str):
    """A string that Ansible must not template."""


class ExtraVars(yaml.SafeDumper):
    """Writes extra variables like AWX, which tags user input so that it is never templated."""


ExtraVars.add_representer(Unsafe, lambda dumper, value: dumper.represent_scalar("!unsafe", str(value)))


def data(name: str) -> Any:
    """Returns one of the files that the playbook awx_setup installs."""
    return yaml.safe_load((DATA / name).read_text())


class Namespace:
    """The variables below `tower.filename` in templates."""


def injected(credential_type: Mapping[str, Any], inputs: Mapping[str, Any], directory: Path) -> dict[str, str]:
    """Returns the environment of a job with this credential. Writes the files of its injectors to ``directory``.

    Empty inputs are not variables of the templates, and an undefined variable becomes an empty string, so every
    environment variable is set.
    """
    sandbox = ImmutableSandboxedEnvironment()
    tower = Namespace()
    tower.filename = Namespace()  # type: ignore[attr-defined]
    namespace: Variables = {"tower": tower, **{name: value for name, value in inputs.items() if value}}
    for name, template in credential_type["injectors"].get("file", {}).items():
        path = directory / name
        path.touch(mode=0o600)
        path.write_text(sandbox.from_string(template).render(namespace))
        setattr(tower.filename, name.partition(".")[2], str(path))  # type: ignore[attr-defined]
    env = credential_type["injectors"]["env"]
    return {name: sandbox.from_string(template).render(namespace) for name, template in env.items()}


def job_environment(home: Path) -> dict[str, str]:
    """Returns the environment of an execution environment: the collection, without the user's settings."""
    home.mkdir(exist_ok=True)
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_REMOTE_TEMP": str(home / ".ansible" / "tmp"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_PIPELINING": "true",
        "NO_PROXY": "*",
        **dict.fromkeys(PROXIES, ""),
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
    }


def answered(answers: Mapping[str, Any]) -> Variables:
    """Returns the variables of a survey: the defaults of optional questions, overlaid with the answers."""
    spec = data("survey.yml")["spec"]
    assert not answers.keys() - {question["variable"] for question in spec}
    defaults = {question["variable"]: question["default"] for question in spec if not question["required"]}
    return {**defaults, **answers}


def extra_vars(typed: Mapping[str, Any]) -> str:
    """Writes the file of extra variables, with those that AWX adds."""
    tagged = {name: Unsafe(value) if isinstance(value, str) else value for name, value in typed.items()}
    return yaml.dump({**tagged, "awx_job_id": 7, "awx_user_name": Unsafe("operator")}, Dumper=ExtraVars)


def slice_of(listing: Mapping[str, Any], number: int, count: int) -> Variables:
    """Returns the inventory of one job slice: every ``count``-th host by name, starting with ``number``."""
    hostvars = listing["_meta"]["hostvars"]
    mine = sorted(hostvars)[number - 1 :: count]
    groups = {name: group for name, group in listing.items() if name not in ("_meta", "all")}
    return {
        "_meta": {"hostvars": {name: hostvars[name] for name in mine}},
        "all": {"hosts": [], "children": list(groups)},
        **{name: {"hosts": [host for host in group["hosts"] if host in mine]} for name, group in groups.items()},
    }


def private_data(directory: Path, *, inventory: Mapping[str, Any], variables: str, project: Path = PROJECT) -> Path:
    """Creates the directory that ansible-runner runs a job from."""
    (directory / "env").mkdir(parents=True)
    (directory / "inventory").mkdir()
    shutil.copytree(project, directory / "project")
    (directory / "env" / "extravars").write_text(variables)
    script = directory / "inventory" / "hosts"
    script.write_text(f"#!/usr/bin/env python3\nprint({json.dumps(inventory)!r})\n")
    script.chmod(0o700)
    return directory
