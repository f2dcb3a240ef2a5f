# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An LDAP directory: Debian's slapd where it is installed, and elsewhere ldaptor, a package of Python."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

BASE = "dc=example,dc=org"
READER = f"cn=reader,{BASE}"
READER_PASSWORD = "of-the-reader"
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")
LONGEST_START = 30.0
ATTEMPTS = 3


@dataclass(frozen=True)
class Person:
    """A user of the directory. The attributes are those of an inetOrgPerson."""

    uid: str
    password: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@cache
def slapd() -> str:
    """Returns the path of slapd if it is installed as on Debian, and may use a temporary directory, which AppArmor can
    forbid. Otherwise, returns an empty text."""
    found = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not found or not SCHEMAS.is_dir() or not MODULES.is_dir():
        return ""
    with tempfile.TemporaryDirectory(prefix="slapd-") as directory:
        return found if load(found, Path(directory), ldif_of(())) else ""


def kinds() -> list[str]:
    """Returns the servers that this machine can run."""
    return ["ldaptor", "slapd"] if slapd() else ["ldaptor"]


class Directory:
    """A directory of these people, where only the reader may search."""

    def __init__(self, *people: Person, kind: str = "") -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="directory-"))
        start = start_slapd if (kind or kinds()[-1]) == "slapd" else start_ldaptor
        self.process, self.port = start(self.directory, ldif_of(people))

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def connection(self) -> dict[str, str]:
        """How an auth method reaches it, with the names of the API."""
        return {"url": self.url, "bindDN": READER, "bindPass": READER_PASSWORD, "searchBase": BASE}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        shutil.rmtree(self.directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def ldif_of(people: tuple[Person, ...]) -> str:
    entries: list[Mapping[str, str | list[str]]] = [
        {"dn": BASE, "objectClass": ["dcObject", "organization"], "dc": "example", "o": "Example"},
        {
            "dn": READER,
            "objectClass": ["organizationalRole", "simpleSecurityObject"],
            "cn": "reader",
            "userPassword": READER_PASSWORD,
        },
        {"dn": f"ou=people,{BASE}", "objectClass": "organizationalUnit", "ou": "people"},
    ]
    for one in people:
        entries.append(
            {
                "dn": f"uid={one.uid},ou=people,{BASE}",
                "objectClass": "inetOrgPerson",
                "uid": one.uid,
                "cn": one.uid,
                "sn": one.uid,
                "userPassword": one.password,
                **one.attributes,
            }
        )
    # ldaptor takes an entry for truncated unless a blank line follows.
    return "".join(f"{entry_of(entry)}\n" for entry in entries)


def entry_of(entry: Mapping[str, str | list[str]]) -> str:
    lines = []
    for name, values in entry.items():
        lines += [f"{name}: {value}\n" for value in ([values] if isinstance(values, str) else values)]
    return "".join(lines)


def load(program: str, directory: Path, ldif: str) -> bool:
    """Writes the configuration and the database of slapd. Returns whether it could read the one and write the other."""
    (directory / "data").mkdir()
    (directory / "people.ldif").write_text(ldif)
    lines = [
        *(f"include {SCHEMAS}/{name}.schema" for name in ("core", "cosine", "inetorgperson")),
        f"modulepath {MODULES}",
        "moduleload back_mdb",
        "database mdb",
        f'suffix "{BASE}"',
        f"directory {directory}/data",
        "access to attrs=userPassword by anonymous auth by * none",
        f'access to * by dn.exact="{READER}" read by * none',
    ]
    (directory / "slapd.conf").write_text("\n".join(lines) + "\n")
    add = [program, "-T", "add", "-f", f"{directory}/slapd.conf", "-l", f"{directory}/people.ldif"]
    return subprocess.run(add, check=False, capture_output=True).returncode == 0


def start_slapd(directory: Path, ldif: str) -> tuple[subprocess.Popen[str], int]:
    if not load(slapd(), directory, ldif):
        raise RuntimeError("slapd did not load its entries")
    for _attempt in range(ATTEMPTS):
        # slapd cannot report a port that it has chosen, so it gets one that was free a moment ago.
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        serve = [slapd(), "-d", "0", "-f", f"{directory}/slapd.conf", "-h", f"ldap://127.0.0.1:{port}"]
        process = subprocess.Popen(serve, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if answers(process, port):
            return process, port
        process.kill()
        process.wait()
    raise RuntimeError("slapd did not start")


def answers(process: subprocess.Popen[str], port: int) -> bool:
    """Waits for the server. One that lost its port to another process has ended soon after."""
    deadline = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            time.sleep(0.05)
            return process.poll() is None
    return False


def start_ldaptor(directory: Path, ldif: str) -> tuple[subprocess.Popen[str], int]:
    path = directory / "people.ldif"
    path.write_text(ldif)
    serve = [sys.executable, str(Path(__file__).with_name("ldaptor_server.py")), str(path)]
    process = subprocess.Popen(serve, text=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("ldaptor did not start")
    return process, int(line)
