# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and writes the YAML of playbooks, with the mark ``!unsafe`` for text that Ansible must not evaluate."""

from __future__ import annotations

from typing import Any

import yaml


class Unsafe(str):
    """A text with the mark."""


class Loader(yaml.SafeLoader):
    """Knows the mark."""


class Dumper(yaml.SafeDumper):
    """Writes the mark."""


def unsafe(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Unsafe:
    return Unsafe(loader.construct_scalar(node))


Loader.add_constructor("!unsafe", unsafe)
Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text), style='"'))


def loaded(text: str) -> Any:
    return yaml.load(text, Loader)  # noqa: S506, it is a SafeLoader


def dumped(value: Any) -> str:
    written: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, width=1000)
    return written
