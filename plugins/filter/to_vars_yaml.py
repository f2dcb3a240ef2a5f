# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A filter that writes YAML which Ansible can read again without evaluating templates in it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: to_vars_yaml
short_description: Convert data to a variables file without templates
version_added: 1.0.0
description:
  - Converts a value to YAML, as P(ansible.builtin.to_nice_yaml#filter) does, and marks each string that Ansible would
    treat as a template with C(!unsafe), including the keys of dictionaries.
  - Without the mark, anybody who may name an identity or set its metadata could run a template on the machine that
    reads an export with C(vars_files), P(ansible.builtin.include_vars#module) or
    P(machineid.infisical.declared#inventory).
  - YAML parsers that do not know C(!unsafe), such as P(ansible.builtin.from_yaml#filter) before ansible-core 2.19,
    reject a file that contains the mark.
author:
  - machineid.infisical contributors (@machineid)
options:
  _input:
    description: The value.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Read the identities
  machineid.infisical.identities_info:
  register: estate

- name: Write them to a file that vars_files can read
  ansible.builtin.copy:
    content: "{{ {'identities': estate.identities} | machineid.infisical.to_vars_yaml }}"
    dest: identities.yml
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The YAML document.
  type: str
"""

from collections.abc import Callable
from typing import Any

import yaml

from ansible_collections.machineid.infisical.plugins.plugin_utils._data import is_template, strings_of


class Unsafe(str):
    """A string that the dumper marks with ``!unsafe``."""


class Dumper(yaml.SafeDumper):
    """Indents lists and writes no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def represented(dumper: Dumper, text: Unsafe) -> yaml.ScalarNode:
    return dumper.represent_scalar("!unsafe", str(text), style='"')


Dumper.add_representer(Unsafe, represented)


def to_vars_yaml(value: Any) -> str:
    marked = strings_of(value, lambda text: Unsafe(text) if is_template(text) else str.__str__(text))
    written: str = yaml.dump(
        marked, Dumper=Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, explicit_start=True
    )
    return written


class FilterModule:
    """Registers ``to_vars_yaml``."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"to_vars_yaml": to_vars_yaml}
