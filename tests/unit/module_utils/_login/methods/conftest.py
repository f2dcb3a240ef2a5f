# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A machine without any cloud identity, and services that a test adds to it."""

from __future__ import annotations

import importlib.abc
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

CLOUDS = (
    "ALIBABA_",
    "ALICLOUD_",
    "AWS_",
    "AZURE_",
    "OCI_",
    "GCE_",
    "GOOGLE_",
    "ACTIONS_",
    "IDENTITY_",
    "MSI_",
    "SPIFFE_",
)
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Asked:
    """A request to such a service. Header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


Reply = tuple[int, str]


class Neighbour:
    """A small server that answers with ``reply`` and records requests."""

    def __init__(self, reply: Callable[[Asked], Reply]) -> None:
        self.asked: list[Asked] = []
        neighbour = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                address = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, address.path, dict(parse_qsl(address.query)), headers, body)
                neighbour.asked.append(asked)
                status, text = reply(asked)
                self.send_response(status)
                self.send_header("content-type", "application/json" if text.startswith("{") else "text/plain")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_PUT = do_POST = answer

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"localhost:{self.server.server_port}"
        self.url = f"http://{self.host}"
        # The only address that needs no proxy.
        self.direct_url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def neighbour() -> Iterator[Callable[[Callable[[Asked], Reply]], Neighbour]]:
    """Adds a service to the machine."""
    moved_in: list[Neighbour] = []

    def move_in(reply: Callable[[Asked], Reply]) -> Neighbour:
        moved_in.append(Neighbour(reply))
        return moved_in[-1]

    yield move_in
    for one in moved_in:
        one.stop()


@pytest.fixture
def recorder(neighbour: Callable[..., Neighbour]) -> Neighbour:
    """An Infisical server that rejects every login and quotes it completely."""

    def quote(asked: Asked) -> Reply:
        return 401, json.dumps({"statusCode": 401, "error": "UnauthorizedError", "message": f"no: {asked.body}"})

    return neighbour(quote)


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Removes variables of clouds, configuration in the home directory, and metadata services."""
    for name in os.environ:
        if name.startswith(CLOUDS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", NOWHERE)
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", NOWHERE)
    monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:9")
    # Infisical is reachable directly. A request to a service through the proxy would fail.
    monkeypatch.setenv("http_proxy", NOWHERE)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class NotInstalled(importlib.abc.MetaPathFinder):
    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name == self.package or name.startswith(self.package + "."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.fixture
def uninstall(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the import of a package fail."""

    def forget(package: str) -> None:
        for name in list(sys.modules):
            if name == package or name.startswith(package + "."):
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(sys, "meta_path", [NotInstalled(package), *sys.meta_path])

    return forget
