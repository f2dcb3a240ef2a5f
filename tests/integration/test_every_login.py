# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Thirteen ways to log in, and thirteen strangers: real proofs, on both execution paths, and no secret displayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.conftest import task_of
from tests.demo.clouds import AZURE_PRINCIPALS, AZURE_TENANT, OCI_TENANCY, STRANGER, WORKLOAD, Clouds
from tests.demo.machines import Machines
from tests.demo.run import FOREIGN_CLOUDS, PLAYBOOKS
from tests.emulator import Emulator

from .harness import EXECUTION_PATHS, Outcome, Runner
from .stage import Actor

Environment = dict[str, str]

OF_CLOUDS: dict[str, dict[str, Any]] = {
    "universal-auth": {},
    "aws-auth": {"allowedPrincipalArns": f"arn:aws:iam::123456789012:role/{WORKLOAD}"},
    "azure-auth": {
        "tenantId": AZURE_TENANT,
        "resource": "https://management.azure.com/",
        "allowedServicePrincipalIds": AZURE_PRINCIPALS[WORKLOAD],
    },
    "oci-auth": {"tenancyOcid": OCI_TENANCY, "allowedUsernames": WORKLOAD},
}

REJECTIONS = {
    "universal_auth": "Invalid credentials",
    "token_auth": "invalid signature",
    "aws_auth": "Access denied: AWS principal ARN not allowed.",
    "azure_auth": f"Service principal '{AZURE_PRINCIPALS[STRANGER]}' not allowed",
    "gcp_auth": "Access denied: GCP project not allowed.",
    "oci_auth": "Access denied: OCI account username not allowed.",
    "alicloud_auth": "Access denied: Alibaba Cloud account ARN not allowed.",
    "kubernetes_auth": "Access denied: K8s name not allowed.",
    "oidc_auth": "Access denied: OIDC subject not allowed.",
    "jwt_auth": "Access denied: JWT claim not allowed.",
    "ldap_auth": "Invalid credentials",
    "tls_cert_auth": "Access denied: TLS Certificate Auth common name not allowed.",
    "spiffe_auth": "Access denied",
}
"""What the server answers the stranger. The subject of an OIDC token is the only 403
(server-notes#rejections-of-claims)."""


@dataclass(frozen=True)
class Site:
    """One identity that the workload may log in as in every way, and the environments of both."""

    actor: Actor
    identity_id: str
    clouds: Clouds
    machines: Machines
    environments: dict[str, Environment]
    runner: Runner

    def run(self, name: str, execution_path: str) -> Outcome:
        self.clouds.become(name)
        self.machines.become(name)
        variables = {**dict.fromkeys(FOREIGN_CLOUDS, ""), **self.environments[name]}
        hosts = {"localhost": {"infisical_in_process": EXECUTION_PATHS[execution_path]}}
        return self.runner.playbook(str(PLAYBOOKS / "log_in.yml"), hosts, "-vvv", **variables)

    def secrets(self) -> list[str]:
        return [*self.clouds.secrets, *self.machines.secrets]


def attach(actor: Actor, declared: dict[str, Any]) -> None:
    """Attaches auth methods by the collection."""
    options = {"url": actor.emulator.url, "token": actor.token(), "identities": [declared]}
    done = run_in_process(task_of("identities"), options, {}, check_mode=False, diff=False)
    assert done is not None and not done.get("failed"), done


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("logins")
    with Emulator(aws=True) as emulator, Machines(emulator, directory) as machines:
        actor, clouds = Actor(emulator, "current", "in_process"), Clouds(emulator, directory)
        identity_id = actor.identity(WORKLOAD)
        for slug, body in OF_CLOUDS.items():
            actor.api("POST", f"/api/v1/auth/{slug}/identities/{identity_id}", body)
        attach(actor, {"identity_id": identity_id, **machines.methods()})
        token = actor.api("POST", f"/api/v1/auth/token-auth/identities/{identity_id}/tokens", {})["accessToken"]
        path = f"/api/v1/auth/universal-auth/identities/{identity_id}"
        client_id = actor.api("GET", path)["identityUniversalAuth"]["clientId"]
        issued = actor.api("POST", f"{path}/client-secrets", {})["clientSecret"]
        client_secrets = {WORKLOAD: issued, STRANGER: clouds.guess()}
        clouds.secrets += client_secrets.values()
        environments = {
            name: {
                **clouds.environment(name, identity_id, (client_id, client_secret)),
                **machines.environment(name, token),
            }
            for name, client_secret in client_secrets.items()
        }
        yield Site(actor, identity_id, clouds, machines, environments, Runner(directory))


@pytest.fixture(scope="module", params=["in_process", pytest.param("module", marks=pytest.mark.thorough)])
def outcomes(request: pytest.FixtureRequest, site: Site) -> dict[str, Outcome]:
    """One run as the workload and one as the stranger, for all tests of an execution path."""
    return {name: site.run(name, request.param) for name in (WORKLOAD, STRANGER)}


def item_of(outcome: Outcome, method: str) -> dict[str, Any]:
    (record,) = [one for one in outcome.records if "results" in one.result]
    (item,) = [one for one in record.result["results"] if one["item"] == method]
    found: dict[str, Any] = item
    return found


@pytest.mark.parametrize("method", REJECTIONS)
def test_the_workload_logs_in_and_the_stranger_does_not(site: Site, outcomes: dict[str, Outcome], method: str) -> None:
    item = item_of(outcomes[WORKLOAD], method)
    assert item.get("identity_id") == site.identity_id, item
    failure = item_of(outcomes[STRANGER], method)["failure"]
    assert failure["kind"] == ("permission" if method == "oidc_auth" else "authentication"), failure
    assert REJECTIONS[method] in failure["message"]


def test_no_secret_is_displayed(site: Site, outcomes: dict[str, Outcome]) -> None:
    for outcome in outcomes.values():
        assert site.actor.secrets.leaks_of(outcome) == []
        assert [secret for secret in site.secrets() if secret in outcome.output] == []
