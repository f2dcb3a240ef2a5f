# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Generate files that follow from the modules and tables: `make generate`."""

from __future__ import annotations

import argparse
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.machineid.infisical.plugins.module_utils._identity import auth_methods
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import option_of
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from tests.gates import credential_type, words
from tests.gates.tree import ROOT

BEGIN = "# The auth methods, written by `make generate`."
END = "# The end of what `make generate` writes."
ACTION = '''# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The in-process execution path of {module}, written by `make generate`."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.modules.{module} import TASK
from ansible_collections.machineid.infisical.plugins.plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Runs {module} in the process that runs the play."""

    task = TASK
'''
"""A separate action plugin for each module. With a redirect to a shared one in meta/runtime.yml, ansible-lint would ask
every user of the module to write the name of the shared one (fqcn[canonical])."""

LICENSE = """# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""

Documentation = dict[str, Any]


def documentation(path: Path) -> Documentation:
    found = re.search(r'DOCUMENTATION = r"""(.*?)"""', path.read_text(), re.S)
    assert found, path
    loaded: Documentation = yaml.safe_load(found.group(1))
    return loaded


def modules() -> list[str]:
    return sorted(path.stem for path in ROOT.glob("plugins/modules/*.py"))


def runtime() -> str:
    """Returns the text of meta/runtime.yml, with every module in the action group."""
    lines = ["---", 'requires_ansible: ">=2.16.0"', "action_groups:", "  infisical:"]
    lines += [f"    - {name}" for name in modules()]
    return "\n".join(lines) + "\n"


def options_of_method(name: str) -> Documentation:
    """Returns a method's own options and those that all methods have, as its module documents them."""
    shared = documentation(ROOT / "plugins/doc_fragments/access_token.py")["options"]
    own = documentation(ROOT / f"plugins/modules/{name}.py")["options"]
    return {"state": shared["state"], **own, **{key: value for key, value in shared.items() if key != "state"}}


def described(option: Documentation) -> str:
    """Returns the first sentence of an option's description, without links to other options."""
    text = option["description"]
    first = re.split(r"(?<=\.)\s", text[0] if isinstance(text, list) else text)[0]
    return re.sub(r"[OV]\(([^)]*)\)", r"C(\1)", first)


def lines_of(name: str, option: Documentation, indent: int, keys: tuple[str, ...], suboptions: str) -> Iterator[str]:
    pad = " " * indent
    yield f"{pad}{name}:"
    yield f"{pad}  description: {described(option)}"
    yield f"{pad}  type: {option['type']}"
    for key in keys:
        if key in option:
            value = option[key]
            text = str(value).lower() if isinstance(value, bool) else value
            yield f"{pad}  {key}: {'[' + ', '.join(value) + ']' if isinstance(value, list) else text}"
    if "suboptions" in option:
        yield f"{pad}  {suboptions}:"
        for inner, documented in option["suboptions"].items():
            yield from lines_of(inner, documented, indent + 4, keys, suboptions)


def tables() -> dict[str, dict[str, Resource]]:
    """Returns the tables of each file of the auth methods, by their names in the file."""
    files = sorted(module.name for module in pkgutil.iter_modules(auth_methods.__path__))
    held = {file: vars(import_module(f"{auth_methods.__name__}.{file}")) for file in files}
    return {
        file: {name: one for name, one in names.items() if isinstance(one, Resource)} for file, names in held.items()
    }


def every_auth_method() -> str:
    """Returns the text of the file that imports every table.

    Ansible packs the imports that it finds in the text of a module, so a module cannot search for the tables itself.
    """
    lines = [LICENSE, '"""Every auth method that the collection manages, written by `make generate`."""', ""]
    lines += ["from __future__ import annotations", ""]
    names = []
    for file, found in tables().items():
        for name in found:
            lines.append(f"from {auth_methods.__name__}.{file} import (\n    {name},\n)")
            names.append(name)
    lines += ["", "AUTH_METHODS = (", *(f"    {name}," for name in names), ")"]
    return "\n".join(lines) + "\n"


def methods(indent: int, prefix: str, suboptions: str) -> Iterator[str]:
    """Yields each method as an option that contains the options of its module."""
    pad = " " * indent
    # The argument specs of roles do not support aliases.
    keys = ("elements", "required", "choices", "default") + (() if prefix else ("aliases",))
    for method in (one for found in tables().values() for one in found.values()):
        title = method.title[0].upper() + method.title[1:]
        yield f"{pad}{prefix}{option_of(method)}:"
        yield f"{pad}  description: {title}. It takes the options of M(machineid.infisical.{method.name})."
        yield f"{pad}  type: dict"
        yield f"{pad}  {suboptions}:"
        for name, option in options_of_method(method.name).items():
            yield from lines_of(name, option, indent + 4, keys, suboptions)


def with_section(path: Path, indent: int, prefix: str, suboptions: str) -> str:
    """Returns the text of ``path`` with the section between the two marks replaced."""
    before, rest = path.read_text().split(" " * indent + BEGIN + "\n")
    after = rest.split(" " * indent + END + "\n")[1]
    section = "\n".join(methods(indent, prefix, suboptions))
    return f"{before}{' ' * indent}{BEGIN}\n{section}\n{' ' * indent}{END}\n{after}"


def generated() -> dict[Path, str]:
    identities = ROOT / "plugins/modules/identities.py"
    role = ROOT / "roles/onboard/meta/argument_specs.yml"
    connection = documentation(ROOT / "plugins/doc_fragments/connection.py")["options"]
    return {
        ROOT / "meta/runtime.yml": runtime(),
        ROOT / "playbooks/files/awx/credential_type.yml": credential_type.text(connection),
        ROOT / "plugins/module_utils/_fleet/every_auth_method.py": every_auth_method(),
        ROOT / words.PAGE: words.with_glossary((ROOT / words.PAGE).read_text()),
        identities: with_section(identities, 6, "", "suboptions"),
        role: with_section(role, 6, "onboard_", "options"),
        **{ROOT / f"plugins/action/{name}.py": ACTION.format(module=name) for name in modules()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something would change")
    check = parser.parse_args().check
    stale = {path: text for path, text in generated().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        print(f"{path.relative_to(ROOT)} {'is stale: run `make generate`' if check else 'written'}")
        if not check:
            path.write_text(text)
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
