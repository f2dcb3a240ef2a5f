# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that the documents refer to exists: files, headings, make targets, modules, options, variables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import ADVICE
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import option_of
from ansible_collections.machineid.infisical.plugins.module_utils._login.choice import PLAIN_METHODS, proving_methods
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from tests.faults.families import FAMILIES
from tests.gates.sanity import CORES

from .documents import (
    ARCHITECTURE,
    AWX,
    CONTRIBUTING,
    EVERY,
    GUIDE,
    NOTES,
    README,
    RELIABILITY,
    REPOSITORY,
    ROLE,
    ROOT,
    ROTATION,
    SECURITY,
    anchors,
    code,
    links,
    prose,
    table,
)

PAGES = (README, ROLE, GUIDE, ROTATION, AWX, CONTRIBUTING, ARCHITECTURE, NOTES, RELIABILITY, SECURITY)

SHIPPED = (README, ROLE)
"""Displayed on Galaxy and Automation Hub, where relative links do not work."""

SAYING = ("plugins/module_utils/**/*.py", "plugins/inventory/*.py", "roles/onboard/tasks/*.yml", "playbooks/*.yml")
"""The files that contain messages of failures."""

OF_ANSIBLE = ("missing required arguments", "Unsupported parameters for")
"""Quotations from messages of Ansible itself."""

every_document = pytest.mark.parametrize("path", EVERY, ids=lambda path: str(path.relative_to(ROOT)))


def documentation(path: Path) -> dict[str, Any]:
    found = re.search(r'DOCUMENTATION = r"""(.*?)"""', path.read_text(), re.DOTALL)
    assert found, path
    loaded: dict[str, Any] = yaml.safe_load(found.group(1))
    return loaded


def name_of_play(path: Path) -> str:
    """Returns the name of the first play. A YAML parser does not know Ansible's own tags."""
    found = re.search(r"^- name: (.*)$", path.read_text(), re.MULTILINE)
    assert found, path
    return found.group(1)


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        address, _hash, anchor = link.partition("#")
        if address.startswith(REPOSITORY):
            local = ROOT / re.sub(r"^/(blob|tree)/main/", "", address.removeprefix(REPOSITORY)).lstrip("/")
            if address.endswith(("/issues", "/security/advisories/new")):
                continue
        elif address.startswith("https://"):
            continue
        else:
            assert path not in SHIPPED or not address, f"{path.name} is shipped; {link} is not a full address"
            local = path.parent / address if address else path
        assert local.exists(), link
        assert not anchor or anchor in anchors(local), link


def test_addresses_are_those_of_galaxy_yml() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    assert galaxy["repository"] == REPOSITORY
    for name in ("issues", "documentation"):
        assert galaxy[name].startswith(f"{REPOSITORY}/")
    assert galaxy["issues"] in links(README)


@every_document
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z -]+):.* ## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known = {name for target in targets for name in target.split()} | {"make"}
    for named in re.findall(r"(?:`|\$ )make ([a-z-]+)", path.read_text()):
        assert named in known, f"{path.name} names `make {named}`"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_lines_are_short(path: Path) -> None:
    """Only rows of tables, which cannot be wrapped, may be long."""
    long = [line for line in path.read_text().splitlines() if len(line) > 120 and not line.startswith("|")]
    assert not long


def test_files_that_prove_something_exist() -> None:
    cells = " ".join(cell for row in table(README.read_text(), "Promise") for cell in row)
    for text in (cells, prose(RELIABILITY)):
        named = [name for name in code(text) if name.startswith("tests/")]
        assert named
        assert [name for name in named if not (ROOT / name).exists()] == []


def test_cases_that_are_named_are_families_of_the_fault_suite() -> None:
    named = re.findall(r"make faults[ \n]CASES='?([\w /-]+)", RELIABILITY.read_text())
    assert named
    assert {case.partition("/")[0] for cases in named for case in cases.split()} <= set(FAMILIES)
    listed = [code(row[0])[0] for row in table(RELIABILITY.read_text().partition("<!--")[0], "Family")]
    assert listed == list(FAMILIES)


def test_cores_are_those_that_sanity_runs_on() -> None:
    found = re.search(r"`ansible-test sanity` runs on (.*)\.\n", README.read_text())
    assert found
    assert re.findall(r"2\.\d+", found.group(1)) == list(CORES)


def test_modules_are_listed() -> None:
    files = sorted((ROOT / "plugins/modules").glob("*.py"))
    expected = [[f"`machineid.infisical.{path.stem}`", documentation(path)["short_description"]] for path in files]
    assert table(README.read_text(), "Module") == expected


def test_role_playbooks_and_plugins_are_listed() -> None:
    roles = {
        f"role `machineid.infisical.{path.parent.parent.name}`": yaml.safe_load(path.read_text())
        for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml"))
    }
    playbooks = {path.stem: name_of_play(path) for path in sorted((ROOT / "playbooks").glob("*.yml"))}
    plugins = [
        (kind, path)
        for kind, folder in {"inventory plugin": "inventory", "lookup plugin": "lookup", "filter": "filter"}.items()
        for path in sorted((ROOT / "plugins" / folder).glob("*.py"))
    ]
    expected = [[name, specs["argument_specs"]["main"]["short_description"]] for name, specs in roles.items()]
    expected += [[f"playbook `machineid.infisical.{name}`", what] for name, what in playbooks.items()]
    expected += [
        [f"{kind} `machineid.infisical.{path.stem}`", documentation(path)["short_description"]]
        for kind, path in plugins
    ]
    assert table(README.read_text(), "Role, playbook, plugin") == expected


def test_environment_variables_are_those_of_the_option_table() -> None:
    rows = {
        code(name)[0]: (code(variables), default) for name, variables, default in table(GUIDE.read_text(), "Option")
    }
    assert list(rows) == [option.name for option in CONNECTION_OPTIONS]
    for option in CONNECTION_OPTIONS:
        variables, default = rows[option.name]
        assert variables == list(option.env), option.name
        if option.default is not None:
            assert default == f"`{str(option.default).lower() if option.type == 'bool' else option.default}`"


def test_ways_to_log_in_are_those_of_the_tables() -> None:
    rows = {code(name)[0]: code(variable) for name, _takes, variable in table(GUIDE.read_text(), "`auth_method`")}
    (identity,) = [option for option in CONNECTION_OPTIONS if option.name == "auth_identity_id"]
    methods = {method.name for method in (*PLAIN_METHODS, *proving_methods())}
    assert rows == {name: list(identity.env_of_method.get(name, ())) for name in rows}
    assert set(rows) == methods
    (jwt,) = [option for option in CONNECTION_OPTIONS if option.name == "jwt"]
    found = re.search(r"^`jwt` is read from (.*?)\n\n", prose(GUIDE), re.DOTALL | re.MULTILINE)
    assert found
    assert [name for name in code(found.group(1)) if name.isupper()] == list(
        dict.fromkeys(name for names in jwt.env_of_method.values() for name in names)
    )


def test_variables_of_the_set_up_of_awx_are_those_of_its_playbook() -> None:
    head = (ROOT / "playbooks/awx_setup.yml").read_text().partition("\n- name")[0]
    rows = [code(name)[0] for name, _what in table(AWX.read_text(), "Variable")]
    assert rows == re.findall(r"^#   (awx_\w+) ", head, re.MULTILINE)


def test_the_role_hands_every_method_on() -> None:
    """The role takes every variable of its argument spec with such a name for an auth method, and no other one."""
    specs = yaml.safe_load((ROOT / "roles/onboard/meta/argument_specs.yml").read_text())
    named = {name for name in specs["argument_specs"]["main"]["options"] if re.match(r"onboard_\w+_auth$", name)}
    assert named == {f"onboard_{option_of(method)}" for method in AUTH_METHODS}


@pytest.mark.parametrize("path", [ROLE, ROTATION, AWX], ids=lambda path: path.name)
def test_what_one_sees_when_it_goes_wrong_is_said(path: Path) -> None:
    sources = [file for kind in SAYING for file in ROOT.glob(kind)]
    said = "".join(file.read_text() for file in sources)
    for row in table(path.read_text(), "What you see"):
        for quoted in code(row[0]):
            missing = [part for part in quoted.split("…") if part.strip() and part.strip() not in said]
            assert not missing or quoted in OF_ANSIBLE or quoted in ADVICE, missing


def test_variables_of_the_role_are_those_of_its_argument_spec() -> None:
    specs = yaml.safe_load((ROOT / "roles/onboard/meta/argument_specs.yml").read_text())
    options = specs["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((ROOT / "roles/onboard/defaults/main.yml").read_text())
    rows = {code(name)[0]: default.strip("`") for name, default, _what in table(ROLE.read_text(), "Variable")}
    assert set(rows) == set(options)
    for name, option in options.items():
        documented = "required" if option.get("required") else str(yaml.safe_load(rows[name]))
        expected = option.get("default")
        assert documented == ("required" if option.get("required") else str(expected)), name
        assert defaults.get(name) == expected, name
