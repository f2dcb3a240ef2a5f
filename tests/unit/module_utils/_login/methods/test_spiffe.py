# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SPIFFE logins with a JWT-SVID: given, from a file, and from an agent's Workload API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Site
from tests.emulator.services.agent import Agent

from .proving import NOBODY, logins, rejection, who

DOMAIN = "example.org"


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    """The agent on the machine of the workload."""
    with Agent(DOMAIN, "/web") as running:
        yield running


@pytest.fixture(scope="module")
def foreign_agent() -> Iterator[Agent]:
    """The agent of a domain that calls itself the same."""
    with Agent(DOMAIN, "/web") as running:
        yield running


def admitting(site: Site, agent: Agent) -> str:
    """Returns an identity that the workload may log in as."""
    identity_id = site.identity()
    site.attach(
        "spiffe-auth",
        identity_id,
        trustDomain=DOMAIN,
        allowedSpiffeIds=f"spiffe://{DOMAIN}/web",
        allowedAudiences="infisical",
        trustBundleDistribution={"profile": "static", "bundle": agent.bundle},
    )
    return identity_id


def test_a_workload_logs_in_and_strangers_do_not(
    current: Site, agent: Agent, foreign_agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity_id = admitting(current, agent)
    monkeypatch.setenv("INFISICAL_SPIFFE_AUTH_IDENTITY_ID", identity_id)
    monkeypatch.setenv("INFISICAL_SPIFFE_AUTH_JWT", f"{agent.svid('/web', 'infisical')}\n")
    assert who(current, "spiffe") == identity_id
    for stranger in (
        agent.svid("/db", "infisical"),
        agent.svid("/web", "vault"),
        agent.svid("/web", "infisical", expires_in=-1),
        foreign_agent.svid("/web", "infisical"),
    ):
        failure = rejection(current, "spiffe", jwt=stranger, secrets=(stranger,))
        assert "Access denied" in failure["msg"]
        assert "that it has one of the auth method's audiences" in failure["msg"]


def test_a_file(current: Site, agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    identity_id = admitting(current, agent)
    path = tmp_path / "jwt_svid.token"
    monkeypatch.setenv("INFISICAL_SPIFFE_AUTH_JWT_PATH", str(path))
    failure = rejection(current, "spiffe", auth_identity_id=identity_id)
    assert f"The JWT-SVID {path} cannot be read: No such file or directory." in failure["msg"]
    assert "set spiffe_jwt_path or jwt" in failure["msg"]
    path.write_text(agent.svid("/web", "infisical") + "\n")
    assert who(current, "spiffe", auth_identity_id=identity_id) == identity_id


def test_the_workload_api(current: Site, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    identity_id = admitting(current, agent)
    monkeypatch.setenv("SPIFFE_ENDPOINT_SOCKET", agent.socket)
    options: dict[str, Any] = {"auth_identity_id": identity_id}
    assert who(current, "spiffe", spiffe_audience="infisical", **options) == identity_id
    rejection(current, "spiffe", spiffe_audience="vault", **options)
    monkeypatch.setenv("INFISICAL_SPIFFE_AUTH_AUDIENCE", "infisical")
    assert who(current, "spiffe", **options) == identity_id


def test_a_workload_that_is_not_registered(current: Site) -> None:
    with Agent(DOMAIN) as agent:
        options: dict[str, Any] = {"spiffe_endpoint_socket": agent.socket, "spiffe_audience": "infisical"}
        failure = rejection(current, "spiffe", auth_identity_id=NOBODY, **options)
    assert f"The SPIFFE Workload API at {agent.socket} issued no JWT-SVID: " in failure["msg"]
    assert "no identity issued" in failure["msg"]
    assert "that this process has a registration entry" in failure["msg"]
    failure = rejection(current, "spiffe", auth_identity_id=NOBODY, **options)
    assert f"The SPIFFE Workload API at {agent.socket} issued no JWT-SVID: " in failure["msg"]
    assert logins(current) == 0


def test_what_is_needed_for_the_workload_api(current: Site) -> None:
    options: dict[str, Any] = {"spiffe_endpoint_socket": "unix:///agent.sock", "spiffe_audience": "infisical"}
    for missing in options:
        given = {name: value for name, value in options.items() if name != missing}
        failure = rejection(current, "spiffe", auth_identity_id=NOBODY, **given)
        assert f"auth_method spiffe_auth requires {missing}. Set" in failure["msg"]


@pytest.mark.parametrize(
    "socket", ["/agent.sock", "unix:agent.sock", "tcp://localhost:8081", "tcp://127.0.0.1", "https://127.0.0.1:8081"]
)
def test_addresses_that_no_workload_api_has(current: Site, socket: str) -> None:
    failure = current.failure(
        "login", auth_method="spiffe", auth_identity_id=NOBODY, spiffe_endpoint_socket=socket, spiffe_audience="x"
    )
    assert failure["kind"] == "validation"
    assert "spiffe_endpoint_socket must be an address such as unix:///run/spire/sockets/agent.sock" in failure["msg"]
    assert f"got '{socket}'" in failure["msg"]
