# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of TLS certificate auth."""

from __future__ import annotations

from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import NameOID

from ..call import Call
from ..errors import bad_request, unauthorized
from ..login_table import Login, listed
from ..method_table import AuthMethod, refusals
from ..schema import Field, nullable, required, text
from ..world import Row

HEADER = "x-identity-tls-cert-auth-client-cert"


def prove(call: Call, row: Row, body: Row) -> None:
    sent = call.headers.get(HEADER)
    if not sent:
        raise bad_request("Missing TLS certificate in header")
    try:
        leaf = x509.load_pem_x509_certificates(unquote(sent).encode())[0]
        leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(row["caCertificate"].encode()))
    except (ValueError, TypeError, InvalidSignature):
        raise unauthorized("Access denied: Certificate not issued by the provided CA.") from None
    names = [str(name.value) for name in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    allowed = listed(row["allowedCommonNames"])
    if allowed and not set(names) & set(allowed):
        raise unauthorized("Access denied: TLS Certificate Auth common name not allowed.")


LOGIN = Login("TLS Certificate", prove, {})


NAME = "TLS Certificate"


def is_certificate(value: str) -> bool:
    try:
        load_pem_x509_certificate(value.encode())
    except ValueError:
        return False
    return True


def tight(value: str) -> str:
    """Joined without a blank, unlike the lists of the other methods (server-notes#tls-certificate-names)."""
    return ",".join(part.strip() for part in value.split(","))


TABLES = {
    "current": AuthMethod(
        slug="tls-cert-auth",
        envelope="identityTlsCertAuth",
        refusals=refusals(f"{NAME} Auth", f"{NAME} auth"),
        fields={
            "caCertificate": required(
                text(trim=True, minimum=1, maximum=10_240, check=(is_certificate, "Invalid CA certificate"))
            ),
            "allowedCommonNames": Field(nullable(text(trim=True, minimum=1, then=tight)), default=None),
        },
        only_on_get=("caCertificate",),
        max_ttl_minimum=1,
        ttl_falls_back_to="accessTokenTTL",
        login=LOGIN,
    )
}
