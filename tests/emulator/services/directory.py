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
from pathlib import Path
from types import TracebackType
from typing import Self

BASE = "dc=example,dc=org"
READER = f"cn=reader,{BASE}"
READER_PASSWORD = "of-the-reader"
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")
LONGEST_START = 30.0


@dataclass(frozen=True)
class Person:
    """A user of the directory. The attributes are those of an inetOrgPerson."""

    uid: str
    password: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def slapd() -> str | None:
    """Returns the path of slapd if it is installed as on Debian."""
    found = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    return found if found and SCHEMAS.is_dir() and MODULES.is_dir() else None


KINDS = ("ldaptor", *(("slapd",) if slapd() else ()))
"""The servers that this machine can run."""


class Directory:
    """A directory of these people, where only the reader may search."""

    def __init__(self, *people: Person, kind: str = KINDS[-1]) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="directory-"))
        ldif = self.directory / "people.ldif"
        ldif.write_text(ldif_of(people))
        start = start_slapd if kind == "slapd" else start_ldaptor
        self.process, self.port = start(self.directory, ldif)

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


def start_slapd(directory: Path, ldif: Path) -> tuple[subprocess.Popen[str], int]:
    """Starts slapd on a port that was free a moment ago; it cannot report one that it has chosen."""
    program = slapd()
    assert program is not None
    (directory / "data").mkdir()
    configuration = directory / "slapd.conf"
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
    configuration.write_text("\n".join(lines) + "\n")
    add = [program, "-T", "add", "-f", str(configuration), "-l", str(ldif)]
    subprocess.run(add, check=True, capture_output=True, text=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    serve = [program, "-d", "0", "-f", str(configuration), "-h", f"ldap://127.0.0.1:{port}"]
    process = subprocess.Popen(serve, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, port
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("slapd did not start")


def start_ldaptor(directory: Path, ldif: Path) -> tuple[subprocess.Popen[str], int]:
    serve = [sys.executable, str(Path(__file__).with_name("ldaptor_server.py")), str(ldif)]
    process = subprocess.Popen(serve, text=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("ldaptor did not start")
    return process, int(line)
