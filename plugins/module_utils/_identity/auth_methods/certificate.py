# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The field of the certificate authority that the server trusts when it sends requests for an auth method."""

from __future__ import annotations

import re

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

LONGEST_CERTIFICATE = 65536
"""Maximum length of a PEM bundle in characters. The server stores it encrypted, without a limit; it accepts bodies up
to 1 MiB (server-notes#unparsable-requests)."""


def certificate_error(pem: str) -> str | None:
    """Rejects a private key above all, without quoting it, as the server returns certificates in clear."""
    if "PRIVATE KEY-----" in pem:
        return "contains a private key; give the certificate only"
    if re.search(r"-----BEGIN CERTIFICATE-----.+-----END CERTIFICATE-----", pem, re.DOTALL):
        return None
    return "must be a certificate in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"


def ca_certificate_field(provided_by: str = "") -> Field:
    """Returns the field. Its option is not ``ca_cert``, the server's name in snake_case, because that is an alias of
    the connection option ``ca_path``."""
    pem = Text(maximum_length=LONGEST_CERTIFICATE, check=certificate_error, cleared_by="empty", several_lines=True)
    return Field("ca_certificate", "caCert", pem, default="", provided_by=provided_by)
