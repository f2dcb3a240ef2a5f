# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options and fixtures that say which server the tables are held against."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

import pytest

from tests.conformance.server import KINDS, NEEDS, Emulated, Server
from tests.conformance.table import Case
from tests.emulator import Emulator

OPTIONS = {
    "--server": "base URL of a server to hold the tables against, instead of the emulator",
    "--client-id": "client id of a machine identity that administrates the organization there",
    "--client-secret": "its client secret",
    "--organization-id": "the organization's id",
}
ServerFor = Callable[[str, Case], Server]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance", "each option may also be an environment variable such as CONFORMANCE_SERVER")
    for name, text in OPTIONS.items():
        group.addoption(name, default=None, help=text)


def option(config: pytest.Config, name: str) -> str | None:
    variable = "CONFORMANCE_" + name.lstrip("-").replace("-", "_").upper()
    value = config.getoption(name, default=None)
    return str(value) if value else os.environ.get(variable)


@pytest.fixture(scope="session")
def server_for(request: pytest.FixtureRequest) -> Iterator[ServerFor]:
    """Gives the server a case is to be played against, or skips it with the reason."""
    given = [value for value in (option(request.config, name) for name in OPTIONS) if value]
    if given:
        if len(given) < len(OPTIONS):
            pytest.fail(f"to use another server give all of {', '.join(OPTIONS)}")
        url, client_id, client_secret, organization_id = given
        remote = Server(url, client_id, client_secret, organization_id)
        yield lambda profile, case: suited(remote, case)
        return
    with contextlib.ExitStack() as stack:
        running: dict[tuple[str, str], Emulated] = {}

        def emulated(profile: str, case: Case) -> Server:
            key = (profile, case.server)
            if key not in running:
                emulator = stack.enter_context(Emulator(profile=profile, **KINDS[case.server]))
                running[key] = Emulated.of(emulator, case.server)
            if "fresh" in case.needs:
                running[key].reset()
            return running[key]

        yield emulated


def suited(server: Server, case: Case) -> Server:
    """Skips what only a server of our own can be asked."""
    if case.server != "plain":
        pytest.skip(f"needs a server of the kind {case.server!r}")
    if any("advance" in step.words for step in case.steps):
        pytest.skip("needs a clock that can be moved")
    for need in case.needs:
        pytest.skip(NEEDS[need])
    return server
