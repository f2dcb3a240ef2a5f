# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clouds around the server: on each of them the trusted workload, and a stranger that is not trusted.

A stranger is as real as the workload: a role of the same AWS account, a managed identity of the same Azure tenant, a
user of the same OCI tenancy, each with its own valid credentials. Only the allowlists distinguish them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.emulator import Emulator

from .ledger import Broken

WORKLOAD = "billing-api"
STRANGER = "somebody-else"
# As in playbooks/onboard.yml.
AZURE_TENANT = "7c4f3b0e-2b1a-4e65-9f5d-0a1b2c3d4e5f"
AZURE_PRINCIPALS = {
    WORKLOAD: "0d6c1f0a-9f1e-4a7b-8c2d-3e4f5a6b7c8d",
    STRANGER: "5b1e7f60-3c2d-4d7e-a1b2-c3d4e5f60718",
}
OCI_TENANCY = "ocid1.tenancy.oc1..aaaaaaaabilling"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}


class Clouds:
    """Emulates AWS with moto, and Azure and OCI with the emulator's own issuer and registry."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.emulator = emulator
        self.directory = directory
        self.secrets: list[str] = []

    def environment(self, name: str, identity_id: str, client: tuple[str, str]) -> dict[str, str]:
        """Returns the environment of ``name``; ``client`` are its client id and secret."""
        self.become(name)
        return {
            "INFISICAL_URL": self.emulator.url,
            "INFISICAL_MACHINE_IDENTITY_ID": identity_id,
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID": client[0],
            "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET": client[1],
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": self.emulator.url,
            "OCI_CONFIG_FILE": str(self._oci_configuration(name)),
            **self._aws_session(name),
        }

    def become(self, name: str) -> None:
        """Makes this the machine of ``name``, for Azure's metadata service."""
        control(self.emulator, "managed-identity", tenant_id=AZURE_TENANT, object_id=AZURE_PRINCIPALS[name])

    def guess(self) -> str:
        """Returns a well-formed client secret that does not exist."""
        return secrets.token_hex(len(self.emulator.client_secret) // 2)

    def _aws_session(self, role: str) -> dict[str, str]:
        """Returns temporary credentials of a role, as on an EC2 instance or in a pod."""
        aws = self.emulator.aws_account
        if aws is None:
            raise Broken("The emulator was started without AWS.")
        made = aws.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
        session = aws.client("sts").assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="i-0123456789")
        keys = session["Credentials"]
        self.secrets += [keys["SecretAccessKey"], keys["SessionToken"]]
        return {
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def _oci_configuration(self, user: str) -> Path:
        """Returns a configuration file with the API signing key of a user of the tenancy."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        ocid, fingerprint = f"ocid1.user.oc1..aaaaaaaa{user}", fingerprint_of(key)
        control(
            self.emulator,
            "oci-users",
            user_ocid=ocid,
            user_name=user,
            tenancy_ocid=OCI_TENANCY,
            public_key_pem=public,
            fingerprint=fingerprint,
        )
        self.secrets.append(private.splitlines()[1])
        key_file = private_file(self.directory / f"{user}.pem", private)
        settings = {
            "user": ocid,
            "fingerprint": fingerprint,
            "tenancy": OCI_TENANCY,
            "region": "eu-frankfurt-1",
            "key_file": str(key_file),
        }
        lines = ["[DEFAULT]", *(f"{name}={value}" for name, value in settings.items()), ""]
        return private_file(self.directory / f"{user}.oci", "\n".join(lines))


def control(emulator: Emulator, name: str, **body: str) -> None:
    """Changes something in the world around the emulator."""
    with requests.Session() as session:
        session.trust_env = False
        session.post(f"{emulator.url}/_emulator/{name}", json=body, timeout=10).raise_for_status()


def fingerprint_of(key: Any) -> str:
    """Returns the fingerprint in the format of OCI's console."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.md5(der, usedforsecurity=False).digest().hex(":")


def private_file(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def values_in(file: Path) -> dict[str, str]:
    """Returns the values of an environment file."""
    pairs = (line.partition("=") for line in file.read_text().splitlines())
    return {name: value for name, _equals, value in pairs}


def client_of(handed_over: Path) -> tuple[str, str]:
    """Returns the client id and secret from the file that the role wrote."""
    found = values_in(handed_over)
    return found["INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"], found["INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"]


def token_of(file: Path) -> str:
    """Returns the token from the file that the task wrote."""
    return values_in(file)["INFISICAL_TOKEN"]
