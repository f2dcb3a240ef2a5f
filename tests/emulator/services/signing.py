# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys that tokens are signed with, and the forms that their public halves are published in."""

from __future__ import annotations

import datetime
import time
import uuid
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

HOUR = 3600
DAY = datetime.timedelta(days=1)


class SigningKey:
    """An RSA key, or with ``curve`` one on P-256, as the agents of SPIFFE have by default."""

    def __init__(self, key_id: str = "", *, curve: bool = False) -> None:
        self.id = key_id or uuid.uuid4().hex
        self.algorithm = "ES256" if curve else "RS256"
        self.private: Any = (
            ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, key_size=2048)
        )

    def sign(self, claims: dict[str, Any], expires_in: float = HOUR) -> str:
        now = int(time.time())
        payload = {"iat": now, "nbf": now, "exp": int(now + expires_in), **claims}
        return jwt.encode(payload, self.private, self.algorithm, headers={"kid": self.id})

    def jwk(self, use: str = "sig") -> dict[str, Any]:
        kind = ECAlgorithm if self.algorithm == "ES256" else RSAAlgorithm
        return {**kind.to_jwk(self.private.public_key(), as_dict=True), "kid": self.id, "use": use}

    def public_pem(self) -> str:
        return pem_of(self.private.public_key())


def pem_of(public: Any) -> str:
    text: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return text.decode()


def x509_of(public: Any, name: str) -> str:
    """Returns a certificate of a public key, which is the form in which Google publishes the keys of an account."""
    authority = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(named, named, public, x509.random_serial_number(), now - DAY, now + DAY)
    return builder.sign(authority, SHA256()).public_bytes(Encoding.PEM).decode()
