# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Traverses the argument specs of all modules with their suboptions, and creates arguments that they accept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import argument_rules
from tests.conftest import task_of
from tests.unit.strategies import smallest
from tests.unit.tables import AUTH_METHODS, MODULES

Spec = dict[str, Any]
Path = tuple[str, ...]

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
SAMPLES: dict[str, Any] = {"str": "x", "int": 1, "bool": True, "path": "/tmp", "raw": "x"}
REASONABLE: dict[str, Any] = {
    "identity_id": ID,
    "project_id": ID,
    "connection_id": ID,
    "rotation_id": ID,
    "group_id": ID,
    "template_id": ID,
    "action": ["read"],
    "retries": 0,
}


def options_of(module: str) -> dict[str, Spec]:
    spec: dict[str, Spec] = argument_rules(task_of(module))["argument_spec"]
    return spec


def walked(options: dict[str, Spec], at: Path = ()) -> Iterator[tuple[Path, Spec]]:
    """Yields every option and suboption with its path."""
    for name, spec in options.items():
        yield (*at, name), spec
        yield from walked(spec.get("options") or {}, (*at, name))


EVERY_OPTION = [(module, path, spec) for module in MODULES for path, spec in walked(options_of(module))]
SECRET_OPTIONS = [(module, path) for module, path, spec in EVERY_OPTION if spec.get("no_log")]


def needed(options: dict[str, Spec], rules: Spec) -> list[str]:
    """Returns the required options, and the first option of each required_one_of group."""
    names = [name for name, spec in options.items() if spec.get("required")]
    return names + [group[0] for group in rules.get("required_one_of", [])]


def sample(name: str, spec: Spec) -> Any:
    """Returns a value that the spec of one option accepts."""
    if "choices" in spec:
        return spec["choices"][0]
    if spec.get("options"):
        inner = {key: sample(key, spec["options"][key]) for key in needed(spec["options"], spec)}
        return [inner] if spec["type"] == "list" else inner
    if spec.get("type") == "list":
        return REASONABLE.get(name, [])
    if spec.get("type") == "dict":
        return {}
    return REASONABLE.get(name, SAMPLES[spec.get("type", "str")])


def accepted(module: str) -> dict[str, Any]:
    """Returns the arguments that core's validator requires."""
    rules = argument_rules(task_of(module))
    options = rules["argument_spec"]
    arguments = {name: sample(name, options[name]) for name in needed(options, rules) if name != "login_data"}
    if module in AUTH_METHODS:
        arguments.update(smallest(module))
    return arguments


def with_value(arguments: dict[str, Any], options: dict[str, Spec], path: Path, value: Any) -> dict[str, Any]:
    """Returns arguments with ``value`` at a path, and everything that the options on the path require."""
    name, *rest = path
    if not rest:
        return {**arguments, name: value}
    spec = options[name]
    held = arguments.get(name) or sample(name, spec)
    if spec["type"] == "list":
        element = held[0] if held else {}
        for group in spec.get("mutually_exclusive", []):
            if rest[0] in group:
                element = {option: one for option, one in element.items() if option not in group}
        return {**arguments, name: [with_value(element, spec["options"], tuple(rest), value)]}
    return {**arguments, name: with_value(held, spec["options"], tuple(rest), value)}
