# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The inventory of declared identities: each is a host, so that whatever spreads hosts spreads identities."""

from __future__ import annotations

DOCUMENTATION = r"""
name: declared
short_description: Declared machine identities as hosts
version_added: 1.0.0
description:
  - Reads identities from YAML files, in the form that O(machineid.infisical.identities#module:identities) takes, and
    creates a host with a local connection for each. Forks, AWX job slices and execution nodes can then share the work.
  - Each host has the variables of the role P(machineid.infisical.onboard#role), and C(infisical_declaration) with the
    complete declaration of the identity.
  - The files are validated with the same rules as module options, and all errors of all files are reported together.
  - The values are data. Unlike in most inventories, their strings are never templated, because they may be names or
    metadata that other people wrote on the server before the export. In the output of C(ansible-inventory), a string
    that looks like a template is a dictionary with the key C(__ansible_unsafe). AWX stores it in this form, and in the
    play it is a string again.
  - An identity whose name looks like a template is invalid, because the host takes its name.
author:
  - machineid.infisical contributors (@machineid)
extends_documentation_fragment:
  - constructed
options:
  plugin:
    description: The name of this plugin.
    required: true
    choices: [machineid.infisical.declared]
  paths:
    description:
      - Paths of the files, with V(*) and V(**) as in a shell, relative to the directory of the inventory file unless
        absolute. Each file contains a list of identities, or a dictionary with C(identities).
    type: list
    elements: str
    required: true
  group:
    description: The group that contains every identity.
    type: str
    default: infisical_identities
"""

EXAMPLES = r"""
# identities.declared.yml
plugin: machineid.infisical.declared
paths:
  - identities/*.yml
keyed_groups:
  - key: infisical_declaration.metadata.team | default('none')
    prefix: team
"""

import glob
import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import (
    DECLARATION_RULES,
    declaration_spec,
    parse_declarations,
)
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import option_of
from ansible_collections.machineid.infisical.plugins.module_utils._runner.given_options import read_options
from ansible_collections.machineid.infisical.plugins.plugin_utils._data import as_data, is_template, trusted

IDENTITY_OPTIONS = ("name", "identity_id", "role", "metadata", "delete_protection")
ROLE_OPTIONS = (*(option_of(method) for method in AUTH_METHODS), "client_secrets", "projects", "state")

Element = dict[str, Any]


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]
    """Creates a host for each declared identity."""

    NAME = "machineid.infisical.declared"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith((".yml", ".yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        elements = {file: self._elements(file) for file in self._files(path)}
        validate_elements(elements)
        group = self.inventory.add_group(self.get_option("group"))
        for element in [element for listed in elements.values() for element in listed]:
            self._add(element, group)

    def _files(self, path: str) -> list[str]:
        directory = os.path.dirname(os.path.abspath(path))
        found: list[str] = []
        for pattern in self.get_option("paths"):
            found_here = glob.glob(os.path.join(directory, pattern), recursive=True)
            matching = sorted(path for path in found_here if os.path.isfile(path))
            if not matching:
                raise AnsibleParserError(f"{path}: no file matches {pattern}.")
            found += [file for file in matching if file not in found]
        return found

    def _elements(self, file: str) -> list[Element]:
        content = self.loader.load_from_file(file, cache="none")
        listed = content.get("identities") if isinstance(content, dict) else content
        if not isinstance(listed, list) or not all(isinstance(element, dict) for element in listed):
            raise AnsibleParserError(f"{file}: must contain a list of identities, or a dictionary with identities.")
        elements: list[Element] = as_data(canonical(listed, declaration_spec()))
        return elements

    def _add(self, element: Element, group: str) -> None:
        host = host_of(element)
        self.inventory.add_host(host, group)
        variables = {
            "ansible_connection": trusted("local"),
            # The interpreter of the play, because AWX may read the inventory on another node with another environment.
            "ansible_python_interpreter": trusted("{{ ansible_playbook_python }}"),
            "infisical_declaration": element,
            "onboard_identity": {name: element[name] for name in IDENTITY_OPTIONS if name in element},
            **{f"onboard_{name}": element[name] for name in ROLE_OPTIONS if name in element},
        }
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        strict = self.get_option("strict")
        compose = self.get_option("compose")
        self._set_composite_vars(compose, variables, host, strict=strict)
        composed = self.inventory.get_host(host).get_vars()
        for name in compose or {}:
            if name in composed:
                self.inventory.set_variable(host, name, as_data(composed[name]))
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)


def validate_elements(elements: dict[str, list[Element]]) -> None:
    """Validates the elements of each file as ``identities`` does, and requires that each name is declared only once.

    Raises AnsibleParserError with all errors of all files.
    """
    spec = {"identities": {"type": "list", "elements": "dict", "options": declaration_spec(), **DECLARATION_RULES}}
    errors: list[str] = []
    files: dict[str, list[str]] = {}
    for file, listed in elements.items():
        given, found = read_options(spec, {"identities": listed})
        if not found:
            validated = ArgumentSpecValidator(spec).validate(given)
            found = list(validated.error_messages)
        if not found:
            parse_declarations(validated.validated_parameters["identities"], found, [])
        errors += [f"{file}: {error}" for error in found]
        for element in listed:
            if is_template(host_of(element)):
                errors.append(f"{file}: the name {host_of(element)!r} looks like a template, so it cannot be a host's")
            if host_of(element):
                files.setdefault(host_of(element), []).append(file)
    for host, places in files.items():
        if len(places) > 1:
            errors.append(f"'{host}' is declared in {' and in '.join(places)}")
    if errors:
        raise AnsibleParserError("The declared identities are invalid: " + "; ".join(errors) + ".")


def canonical(given: Any, options: Mapping[str, Any]) -> Any:
    """Returns ``given`` with aliases replaced by option names, because a role's argument spec has no aliases."""
    if isinstance(given, list):
        return [canonical(one, options) for one in given]
    if not isinstance(given, dict):
        return given
    names = {alias: name for name, spec in options.items() for alias in spec.get("aliases", ())}
    named: dict[str, Any] = {names[key] if key in names else key: one for key, one in given.items()}
    return {name: canonical(value, options.get(name, {}).get("options", {})) for name, value in named.items()}


def host_of(element: Element) -> str:
    return str(element.get("name") or element.get("identity_id") or "")
