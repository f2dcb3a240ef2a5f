# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates for --tls: a CA made on the spot, and a server certificate it has signed."""

from __future__ import annotations

import datetime
import ipaddress
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Certificates:
    """Paths of the files the server and its clients need; they vanish with `directory`."""

    directory: tempfile.TemporaryDirectory[str]
    ca: str
    certificate: str
    key: str


def make(host: str) -> Certificates:
    """Write a fresh CA and a certificate for the loopback names and the host listened on."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _each in range(2))
    ca = builder("Emulator CA", "Emulator CA", ca_key.public_key())
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    ca = ca.add_extension(usage, critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca_certificate = ca.add_extension(identifier, critical=False).sign(ca_key, SHA256())
    leaf = builder("localhost", "Emulator CA", key.public_key())
    leaf = leaf.add_extension(x509.SubjectAlternativeName(names(host)), critical=False)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    certificate = leaf.add_extension(authority, critical=False).sign(ca_key, SHA256())
    directory = tempfile.TemporaryDirectory(prefix="emulator-tls-")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Certificates(
        directory,
        write(directory.name, "ca.pem", ca_certificate.public_bytes(Encoding.PEM)),
        write(directory.name, "server.pem", certificate.public_bytes(Encoding.PEM)),
        write(directory.name, "server.key", private),
    )


def builder(subject: str, issuer: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    return (
        x509.CertificateBuilder()
        .subject_name(named[0])
        .issuer_name(named[1])
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 30 * DAY)
    )


def names(host: str) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = [x509.DNSName("localhost")]
    for address in dict.fromkeys(("127.0.0.1", "::1", host)):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(address)))
        except ValueError:
            found.append(x509.DNSName(address))
    return found


def write(directory: str, name: str, content: bytes) -> str:
    path = Path(directory, name)
    path.write_bytes(content)
    return str(path)
