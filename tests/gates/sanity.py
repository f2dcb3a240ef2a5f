# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run `ansible-test sanity` without docker and without ignore files: every test of it on what users get, with the
ansible-core of .venv and the oldest Python of a target; or everywhere."""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

from tests.gates import pythons
from tests.gates.tree import ROOT, VENV, staged

# The cores that are used for certification or maintained, each with the Python versions of its controller, best first.
CORES: dict[str, tuple[pythons.Version, ...]] = {
    "2.16": ((3, 12), (3, 11), (3, 10)),
    "2.18": ((3, 13), (3, 12), (3, 11)),
    "2.19": ((3, 11), (3, 12), (3, 13)),
    "2.20": ((3, 12), (3, 13), (3, 14)),
    "2.21": ((3, 13), (3, 14), (3, 12)),
}

SUPPORTED = (3, 9)
"""The oldest Python of a target. Its syntax and library are the smallest; the tests run on the newest."""
TESTS = "tests/"
NEEDED = "tests/config.yml"
"""The configuration of ansible-test."""

# ansible-test downloads get-pip.py from one host, without support for proxies and mirrors. It uses its cache first, so
# the cache contains this instead: the pip that comes with Python, upgraded to the release that ansible-test requests.
GET_PIP = """\
import ensurepip, os, subprocess, sys
ensurepip.bootstrap(upgrade=True, default_pip=True)
os.environ.pop("PIP_CONFIG_FILE", None)  # ensurepip points it at the null device, which hides the user's settings
options = [option for option in sys.argv[1:] if option not in ("--no-setuptools", "--no-wheel")]
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "pip=={version}", *options])
"""


def install(core: str, python: str) -> Path:
    """Creates a separate environment for one ansible-core once."""
    venv = VENV / "cores" / core
    if not (venv / "ready").exists():
        subprocess.run([python, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin/python", "-m", "pip", "install", "--quiet", f"ansible-core~={core}.0"], check=True)
        (venv / "ready").touch()
    return venv


def write_home(home: Path, venv: Path) -> None:
    """Creates a home directory with the settings that ansible-test removes from the environment: those of pip."""
    pip = [str(venv / "bin/python"), "-m", "pip"]
    listing = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=True).stdout
    settings = {"quiet": "1"}
    for key, value in re.findall(r"^.*\.(\S+?)='(.*)'$", listing, re.MULTILINE):
        settings[key] = value
    settings.pop("config-file", None)
    for setting, variables in {"proxy": ("HTTPS_PROXY", "https_proxy"), "cert": ("REQUESTS_CA_BUNDLE",)}.items():
        for value in filter(None, map(os.environ.get, variables)):
            settings.setdefault(setting, value)
    cache = subprocess.run([*pip, "cache", "dir"], capture_output=True, text=True, check=False).stdout.strip()
    if cache:
        settings.setdefault("cache-dir", cache)
    configuration = home / ".config/pip/pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.touch(mode=0o600)  # an index URL may contain a password
    configuration.write_text("[global]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))

    source = next(venv.glob("lib/python*/site-packages/ansible_test/_internal/python_requirements.py")).read_text()
    cached = home / ".ansible/test/cache"
    cached.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", source):
        (cached / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP.format(version=version))


def is_of_tests(path: str) -> bool:
    """Returns whether a path is only for development. ruff, mypy and ansible-lint check these paths."""
    return path.startswith(TESTS) and path != NEEDED


def oldest_target(found: dict[pythons.Version, str]) -> list[str]:
    """Returns the options that limit the tests to the oldest Python of a target that this machine has."""
    versions = [version for version in found if version >= SUPPORTED]
    return ["--target-python", ".".join(map(str, min(versions)))] if versions else []


def sanity(core: str, venv: Path, found: dict[pythons.Version, str], arguments: list[str], everywhere: bool) -> bool:
    """Runs the sanity tests with this core. Prints the output as a whole, and returns whether they passed."""
    started = time.monotonic()
    home = VENV / "sanity" / core
    home.mkdir(parents=True, exist_ok=True)
    # ansible-test fails with the shims of version managers, so the interpreters themselves come first.
    path = [str(venv / "bin"), *(os.path.dirname(python) for python in found.values()), os.environ["PATH"]]
    environment = os.environ | {"HOME": str(home), "PATH": os.pathsep.join(path)}
    environment.pop("ANSIBLE_COLLECTIONS_PATH", None)
    leave = {} if everywhere else {"leave": is_of_tests}
    targets = [] if everywhere else oldest_target(found)
    with staged(**leave) as tree, open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ansible-test must not create its environments concurrently
        write_home(home, venv)
        command = [str(venv / "bin/ansible-test"), "sanity", "--color", "no", *targets, *arguments]
        ran = subprocess.run(
            command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    outcome = "failed" if ran.returncode else "clean"
    print(ran.stdout)
    print(f"ansible-core {core}: {outcome} in {time.monotonic() - started:.0f} s", flush=True)
    return not ran.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="Other arguments go to ansible-test sanity.")
    parser.add_argument(
        "--everywhere", action="store_true", help="with every supported ansible-core and Python, and on the tests too"
    )
    options, arguments = parser.parse_known_args()
    if ignores := sorted(map(str, ROOT.glob("tests/sanity/ignore-*.txt"))):
        print("nothing is ignored here; remove " + ", ".join(ignores))
        return 1
    found = pythons.find()
    own = ".".join(metadata.version("ansible-core").split(".")[:2])
    venvs = {own: VENV}
    for core, suitable in CORES.items() if options.everywhere else ():
        python = next((found[version] for version in suitable if version in found), None)
        if core != own and python:
            venvs[core] = install(core, python)
        elif core != own:
            print(f"ansible-core {core}: skipped, no suitable Python on this machine", flush=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        clean = list(pool.map(lambda core: sanity(core, venvs[core], found, arguments, options.everywhere), venvs))
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main())
