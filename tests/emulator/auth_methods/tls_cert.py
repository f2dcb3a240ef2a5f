# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of TLS certificate auth."""

from __future__ import annotations

from cryptography.x509 import load_pem_x509_certificate

from ..method_table import AuthMethod, refusals
from ..schema import Field, nullable, required, text

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
    )
}
