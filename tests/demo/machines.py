# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the workload and the stranger run: everything besides the clouds that a machine can prove its identity with.

A stranger is as real as the workload: a job of the same CI system, a pod of the same cluster, a person of the same
directory, a holder of a certificate of the same CA. Only what the auth methods demand distinguishes them. A token
cannot be another one's and still be valid, so the stranger's is forged.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import jwt

from tests.emulator import Emulator, issuer
from tests.emulator.services.agent import Agent
from tests.emulator.services.client_certificates import Authority
from tests.emulator.services.cluster import Cluster
from tests.emulator.services.directory import Directory, Person
from tests.emulator.services.front import Front
from tests.emulator.services.google_metadata import GoogleMetadata
from tests.emulator.services.issuer import Issuer

from .clouds import STRANGER, WORKLOAD, control, private_file

DOMAIN = "example.org"
NAMESPACE = "billing"
AUDIENCE = "infisical"
KINDS = {WORKLOAD: "service", STRANGER: "contractor"}
PASSWORDS = {WORKLOAD: "only-the-billing-api-knows", STRANGER: "only-somebody-else-knows"}
ALICLOUD = {WORKLOAD: "LTAI5tBilling", STRANGER: "LTAI5tElse"}
ARN = "acs:ram::1234567890123456:user"


class Machines:
    """Services on this machine, each with its own keys, for the workload and the stranger alike."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.emulator = emulator
        self.directory = directory
        self.secrets: list[str] = [*PASSWORDS.values()]
        self.ci = Issuer()
        self.cluster = Cluster(encrypted=True)
        self.people = Directory(*(Person(name, PASSWORDS[name], {"employeeType": KINDS[name]}) for name in KINDS))
        self.authority = Authority("machines")
        self.front = Front(emulator.url, [self.authority.pem])
        self.agent = Agent(DOMAIN)
        self.metadata = GoogleMetadata(lambda claims: issuer.sign(emulator.service.clock, claims), WORKLOAD)

    def methods(self) -> dict[str, dict[str, Any]]:
        """Returns what the auth methods of the workload demand, as options of ``identities``."""
        connection = self.people.connection
        return {
            "token_auth": {},
            "gcp_auth": {"type": "gce", "allowed_projects": [WORKLOAD]},
            "kubernetes_auth": {
                "kubernetes_host": self.cluster.url,
                "ca_certificate": self.cluster.ca,
                "token_reviewer_jwt": self.cluster.reviewer,
                "allowed_namespaces": [NAMESPACE],
                "allowed_names": [WORKLOAD],
                "allowed_audience": AUDIENCE,
            },
            "oidc_auth": {
                "oidc_discovery_url": self.ci.url,
                "bound_issuer": self.ci.url,
                "bound_audiences": [AUDIENCE],
                "bound_subject": f"repo:{WORKLOAD}:*",
                "bound_claims": {},
            },
            "jwt_auth": {
                "configuration_type": "jwks",
                "jwks_url": self.ci.jwks_url,
                "bound_issuer": self.ci.url,
                "bound_audiences": [AUDIENCE],
                "bound_claims": {"repository": [WORKLOAD]},
            },
            "ldap_auth": {
                "ldap_url": connection["url"],
                "bind_dn": connection["bindDN"],
                "bind_pass": connection["bindPass"],
                "search_base": connection["searchBase"],
                "allowed_fields": [{"key": "employeeType", "value": [KINDS[WORKLOAD]]}],
            },
            "tls_cert_auth": {"ca_certificate": self.authority.pem, "allowed_common_names": [WORKLOAD]},
            "alicloud_auth": {"allowed_arns": [f"{ARN}/{WORKLOAD}"]},
            "spiffe_auth": {
                "trust_domain": DOMAIN,
                "allowed_spiffe_ids": [f"spiffe://{DOMAIN}/{WORKLOAD}"],
                "allowed_audiences": [AUDIENCE],
                "trust_bundle_distribution": {"profile": "static", "bundle": self.agent.bundle},
            },
        }

    @property
    def slugs(self) -> set[str]:
        """The names of these methods on the server."""
        return {option.replace("_", "-") for option in self.methods()}

    def become(self, name: str) -> None:
        """Makes this the machine of ``name``, for services that go by who asks."""
        self.agent.workload = f"/{name}"
        self.metadata.project = name

    def environment(self, name: str, token: str) -> dict[str, str]:
        """Returns the environment of ``name``, which reaches the server through the proxy. ``token`` is that of the
        workload."""
        self.become(name)
        job = self.ci.token(sub=f"repo:{name}:ref:refs/heads/main", aud=AUDIENCE, repository=name)
        pod = self.cluster.token(NAMESPACE, name, audience=AUDIENCE)
        certificate, key = self.authority.issue(name, self.directory)
        key_id, secret = ALICLOUD[name], f"of-the-access-key-of-{name}"
        control(self.emulator, "alicloud-keys", access_key_id=key_id, access_key_secret=secret, arn=f"{ARN}/{name}")
        self.secrets += [token, job, pod, secret, Path(key).read_text().splitlines()[1]]
        return {
            "INFISICAL_URL": self.front.url,
            "INFISICAL_CA_PATH": self.front.ca_path,
            "INFISICAL_TOKEN": token if name == WORKLOAD else forged(token),
            "GCE_METADATA_HOST": self.metadata.host,
            "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH": str(private_file(self.directory / f"{name}.token", pod)),
            "INFISICAL_JWT": job,
            "INFISICAL_LDAP_USERNAME": name,
            "INFISICAL_LDAP_PASSWORD": PASSWORDS[name],
            "INFISICAL_TLS_CERT_AUTH_CERT_PATH": certificate,
            "INFISICAL_TLS_CERT_AUTH_KEY_PATH": key,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
            "SPIFFE_ENDPOINT_SOCKET": self.agent.socket,
            "INFISICAL_SPIFFE_AUTH_AUDIENCE": AUDIENCE,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for service in (self.front, self.ci, self.cluster, self.people, self.agent, self.metadata):
            service.stop()


def forged(token: str) -> str:
    """Returns a token with the same claims and the signature of somebody else."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, "a key that only the stranger knows", "HS256")
