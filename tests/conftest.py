# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What all suites share: running emulators, a clock that need not be waited for, and tasks run in this process."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._login import connection
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Task
from tests import effort
from tests.emulator import Emulator

MODULES = "ansible_collections.machineid.infisical.plugins.modules"
PROFILES = ("current", "2024-10")
LOGIN_OPTIONS = {"token", "login_data", "universal_auth_client_id", "universal_auth_client_secret", "auth_method"}
FOREIGN_VARIABLES = (
    "INFISICAL_",
    "UNIVERSAL_AUTH_",
    "ALIBABA_CLOUD_",
    "ALICLOUD_",
    "SPIFFE_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "REQUESTS_CA_BUNDLE",
)

Result = dict[str, Any]

hypothesis.settings.load_profile(effort.NAME)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--concerning", metavar="MODULE", help="only the tests of one module, such as identity_aws_auth")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselects `thorough` tests with less effort, and with `--concerning` the tests of other modules."""
    module = config.getoption("concerning")
    left = {
        item
        for item in items
        if (item.get_closest_marker("thorough") and not effort.EFFORT.everywhere)
        or (module and not concerns(item.nodeid, module))
    }
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=list(left))


def concerns(test: str, module: str) -> bool:
    """Returns whether the id of a test contains a module: in its file name, or in a parameter as the name of the
    module, of the option of ``identities``, of the API, or of the conformance cases. Tests of documents concern all
    modules."""
    option = module.removeprefix("identity_")
    method = option.removesuffix("_auth")
    path, _colons, case = test.partition("::")
    names = f"{module}|{option}|{method}-auth" + (f"|{method}" if "/conformance/" in path else "")
    return (
        "/docs/" in path
        or Path(path).stem == f"test_{method}"
        or bool(re.search(rf"(?<![a-z_-])({names})(?![a-z_])", case))
    )


def task_of(module: str) -> Task:
    """The task behind a module's name."""
    task: Task = import_module(f"{MODULES}.{module}").TASK
    return task


class Time:
    """A clock that jumps instead of waiting, and keeps what was slept."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []
        self.meanwhile: Callable[[float], None] = lambda seconds: None

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept.append(seconds)
        self.meanwhile(seconds)


class Site(Emulator):
    """An emulator, and what a test does to it: as administrator by the API, and as a playbook by tasks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.clients: dict[Hashable, Client] = {}
        self.http = requests.Session()
        self.http.trust_env = False
        self._token: str | None = None

    def start(self) -> Site:
        super().start()
        return self

    def reset(self) -> None:
        super().reset()
        self.clients.clear()
        self._token = None

    @property
    def token(self) -> str:
        if self._token is None:
            self._token = self.admin_token()
        return self._token

    def api(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """What the API answers the administrator; anything but a 200 fails the test."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        answer = self.http.request(method, self.url + path, json=body, headers=headers)
        assert answer.status_code == 200, f"{method} {path} {body}: {answer.status_code} {answer.text}"
        return answer.json()

    def identity(self, name: str = "web", **wire: Any) -> str:
        """Makes an identity by the API; answers its id."""
        body = {"name": name, "organizationId": self.organization_id, **wire}
        return str(self.api("POST", "/api/v1/identities", body)["identity"]["id"])

    def attach(self, slug: str, identity_id: str, **wire: Any) -> Any:
        """Attaches an auth method by the API; answers what is stored."""
        return single(self.api("POST", method_path(slug, identity_id), wire))

    def method(self, slug: str, identity_id: str) -> Any:
        """What the server holds of an auth method, None when it is not attached."""
        answer = self.http.get(
            self.url + method_path(slug, identity_id), headers={"Authorization": f"Bearer {self.token}"}
        )
        return single(answer.json()) if answer.status_code == 200 else None

    def caller(self, role: str, **wire: Any) -> str:
        """An access token of a new identity with this role."""
        identity_id = self.identity(f"as-{role}", role=role)
        client_id = self.attach("universal-auth", identity_id, **wire)["clientId"]
        path = method_path("universal-auth", identity_id)
        secret = self.api("POST", f"{path}/client-secrets", {})["clientSecret"]
        login = {"clientId": client_id, "clientSecret": secret}
        return str(self.api("POST", "/api/v1/auth/universal-auth/login", login)["accessToken"])

    def arguments(self, options: dict[str, Any]) -> dict[str, Any]:
        """A task's arguments: this server and the administrator's token unless the options say otherwise."""
        login = {} if LOGIN_OPTIONS & options.keys() else {"token": self.token}
        return {"url": self.url, **login, **options}

    def run(
        self, module: str, *, check: bool = False, diff: bool = True, registered: bool = True, **options: Any
    ) -> Result:
        """The result of one task, as a user would write it."""
        result = run_in_process(
            task_of(module),
            self.arguments(options),
            self.clients,
            check_mode=check,
            diff=diff,
            result_is_read=registered,
        )
        assert result is not None, f"core's validator rejects {options}"
        return result

    def ok(self, module: str, **options: Any) -> Result:
        """The result of one task that must not fail."""
        result = self.run(module, **options)
        assert not result.get("failed"), result["msg"]
        return result

    def failure(self, module: str, **options: Any) -> Result:
        """The ``failure`` of one task that must fail, with its ``msg`` added."""
        result = self.run(module, **options)
        assert result.get("failed"), f"{module} did not fail: {result}"
        return {"msg": result["msg"], **result["failure"]}


def run_twice(site: Site, module: str, **options: Any) -> Result:
    """Checks, runs, checks and runs a task: check mode predicts the run, and the second run changes nothing."""
    checked = site.ok(module, check=True, **options)
    result = site.ok(module, **options)
    assert (checked["changed"], checked["diff"]) == (result["changed"], result["diff"])
    site.clear_requests()
    for check in (True, False):
        assert not site.ok(module, check=check, **options)["changed"]
    assert site.counts()["writes"] == 0
    return result


def method_path(slug: str, identity_id: str) -> str:
    return f"/api/v1/auth/{slug}/identities/{identity_id}"


def single(answer: dict[str, Any]) -> Any:
    """What stands in an answer's one envelope."""
    (inner,) = answer.values()
    return inner


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the developer's shell decides what a task does."""
    for name in os.environ:
        if name.upper().startswith(FOREIGN_VARIABLES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def started_sites() -> Iterator[Callable[..., Site]]:
    """Starts each kind of emulator once and keeps it running."""
    running: dict[tuple[tuple[str, Any], ...], Site] = {}

    def start(**options: Any) -> Site:
        key = tuple(sorted(options.items()))
        if key not in running:
            running[key] = Site(**options).start()
        return running[key]

    yield start
    for site in running.values():
        site.stop()


@pytest.fixture
def sites(started_sites: Callable[..., Site]) -> Callable[..., Site]:
    """An emulator with the options asked for, as fresh as on its first day."""

    def fresh(**options: Any) -> Site:
        site = started_sites(**options)
        site.reset()
        return site

    return fresh


@pytest.fixture
def current(sites: Callable[..., Site]) -> Site:
    """Today's server."""
    return sites(profile="current")


@pytest.fixture
def old(sites: Callable[..., Site]) -> Site:
    """The server of 2024-10."""
    return sites(profile="2024-10")


@pytest.fixture
def free(sites: Callable[..., Site]) -> Site:
    """Today's server, whose plan has none of the gated features."""
    return sites(profile="current", plan="free")


@pytest.fixture(params=PROFILES)
def either(request: pytest.FixtureRequest, sites: Callable[..., Site]) -> Site:
    """Each release in turn."""
    return sites(profile=request.param)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock that every client of a task goes by from now on."""
    time = Time()
    monkeypatch.setattr(connection, "Client", partial(Client, clock=time.now, sleep=time.sleep))
    return time
