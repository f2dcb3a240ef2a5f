# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds every table and module of the collection by import, so that a new one is tested automatically."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import yaml

from ansible_collections.machineid.infisical.plugins import modules as modules_package
from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import PROJECT_IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_table import (
    PROJECT_IDENTITY_PRIVILEGE,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity import auth_methods
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._identity.template_table import IDENTITY_AUTH_TEMPLATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Task
from tests.conftest import PROFILES
from tests.emulator.auth_methods import METHODS
from tests.gates.tree import ROOT

LOOKUP_PACKAGE = "ansible_collections.machineid.infisical.plugins.lookup"
FRAGMENTS = "ansible_collections.machineid.infisical.plugins.doc_fragments"


def resources() -> dict[str, Resource]:
    """Every Resource that is, or belongs to, an identity, by name; those of ``_rotation`` have their own tests, as what
    they keep is no part of an identity, and making one has a price at AWS."""
    found = {one.name: one for one in (IDENTITY, IDENTITY_AUTH_TEMPLATE, PROJECT_IDENTITY, PROJECT_IDENTITY_PRIVILEGE)}
    for module in pkgutil.iter_modules(auth_methods.__path__):
        held = vars(import_module(f"{auth_methods.__name__}.{module.name}")).values()
        found.update({one.name: one for one in held if isinstance(one, Resource)})
    return found


RESOURCES = resources()
MODULES = sorted(module.name for module in pkgutil.iter_modules(modules_package.__path__))
AUTH_METHODS = [name for name, resource in sorted(RESOURCES.items()) if resource.slug]


def served(resource: Resource, profile: str) -> bool:
    """Returns whether a release supports this resource."""
    if resource in (PROJECT_IDENTITY_PRIVILEGE, IDENTITY_AUTH_TEMPLATE):
        return profile == "current"
    return not resource.slug or resource.slug in METHODS[profile]


def known_fields(resource: Resource, profile: str) -> list[Field]:
    """Returns the fields that a release supports."""
    return [field for field in resource.fields if profile == "current" or not field.newer]


METHODS_AND_PROFILES = [
    (name, profile) for name in AUTH_METHODS for profile in PROFILES if served(RESOURCES[name], profile)
]


def plugin_file(plugin: str) -> Any:
    """Returns the imported file of a module or lookup plugin."""
    return import_module(f"{LOOKUP_PACKAGE if plugin in LOOKUPS else modules_package.__name__}.{plugin}")


def lookups() -> dict[str, Task]:
    """Returns the task of every lookup plugin, by name."""
    found = {}
    for path in sorted((ROOT / "plugins" / "lookup").glob("*.py")):
        held = vars(import_module(f"{LOOKUP_PACKAGE}.{path.stem}")).values()
        (found[path.stem],) = (one for one in held if isinstance(one, Task))
    return found


LOOKUPS = lookups()


def documentation(plugin: str) -> dict[str, Any]:
    """Returns a plugin's DOCUMENTATION merged with the options of its fragments, as in ansible-doc."""
    doc: dict[str, Any] = yaml.safe_load(plugin_file(plugin).DOCUMENTATION)
    options: dict[str, Any] = {}
    for fragment in doc["extends_documentation_fragment"]:
        _namespace, _collection, name, *section = fragment.split(".")
        holder = import_module(f"{FRAGMENTS}.{name}").ModuleDocFragment
        text = getattr(holder, section[0].upper() if section else "DOCUMENTATION")
        options.update(yaml.safe_load(text).get("options") or {})
    doc["options"] = {**options, **(doc.get("options") or {})}
    return doc


def returned(plugin: str) -> dict[str, Any]:
    """Returns a plugin's RETURN."""
    answer: dict[str, Any] = yaml.safe_load(plugin_file(plugin).RETURN)
    return answer


def text_of(option: dict[str, Any]) -> str:
    """Returns an option's description as one text."""
    description = option["description"]
    return description if isinstance(description, str) else " ".join(description)
