# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A throw-away CA that issues client certificates."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from ..tls import builder


class Authority:
    """Issues certificates with a common name. ``pem`` is its own certificate."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        made = builder(name, name, self.key.public_key())
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        certificate = made.add_extension(identifier, critical=False).sign(self.key, SHA256())
        self.pem = certificate.public_bytes(Encoding.PEM).decode()

    def issue(self, common_name: str, directory: Path) -> tuple[str, str]:
        """Writes a certificate and its key, and returns the paths of both."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = builder(common_name, self.name, key.public_key())
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        made = made.add_extension(authority, critical=False)
        certificate = directory / f"{common_name}-of-{self.name}.pem"
        certificate.write_bytes(made.sign(self.key, SHA256()).public_bytes(Encoding.PEM))
        key_path = certificate.with_suffix(".key")
        key_path.touch(mode=0o600)
        key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return str(certificate), str(key_path)
