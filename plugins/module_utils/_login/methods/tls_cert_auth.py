# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login with a TLS client certificate, which a proxy in front of the server verifies and passes on."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted

CERTIFICATE, KEY = "tls_cert_path", "tls_key_path"


class TlsCertAuth(LoginMethod):
    """Uses a certificate and its key on the connection of the login request, and on no other unless the certificate is
    ``client_cert``, which is for every request.

    The header with the certificate is set by the proxy that terminates TLS, never here
    (server-notes#tls-certificate-login).
    """

    name = "tls_cert_auth"
    credentials = ("auth_identity_id",)
    suspects = (
        CERTIFICATE,
        "that the certificate is issued by the auth method's CA and has one of its common names",
        "that the proxy in front of the server asks for a client certificate and passes it on",
    )

    def errors(self) -> list[str]:
        return [*super().errors(), *self._connection_errors(), *self._file_errors()]

    def missing(self) -> list[str]:
        certificate = self.params.get(CERTIFICATE) or self.params.get("client_cert")
        return super().missing() + ([] if certificate else [CERTIFICATE])

    def login_client(self, client: Client) -> Client:
        """Returns a separate client, because a connection that the certificate has opened would be kept for other
        requests."""
        if not self.params.get(CERTIFICATE):
            return client
        cert = (self.params[CERTIFICATE], self.params.get(KEY))
        return Client(replace(client.server, cert=cert), clock=client.clock, sleep=client.sleep)

    def proof(self, client: Client) -> dict[str, Any]:
        return {"identityId": self.identity_id}

    def _connection_errors(self) -> Iterator[str]:
        url = self.params.get("url") or ""
        if "@" not in url and url.strip().lower().startswith("http://"):
            yield f"url must begin with https:// for auth_method {self.name}, got {quoted(url)}"

    def _file_errors(self) -> Iterator[str]:
        certificate, key = self.params.get(CERTIFICATE), self.params.get(KEY)
        if not certificate:
            return
        errors = [
            *missing_part(CERTIFICATE, certificate, "CERTIFICATE"),
            *missing_part(KEY if key else CERTIFICATE, key or certificate, "PRIVATE KEY"),
        ]
        yield from errors or unusable_pair(certificate, key)

    def _rejected(self, error: InfisicalError) -> InfisicalError:
        if error.kind == "tls":
            error.advice = f"Check ca_path, and whether the proxy in front of the server accepts {CERTIFICATE}."
        elif error.kind == "network":
            # With TLS 1.3, the request is sent before the proxy has checked the certificate, and its alert can be lost.
            error.advice = f"{error.advice} A proxy that does not accept {CERTIFICATE} may also break the connection."
        return super()._rejected(error)


def missing_part(option: str, path: str, what: str) -> Iterator[str]:
    """Yields what is wrong with the file, without quoting it, unless it has a PEM block of this kind."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        yield f"{option} {quoted(path)} cannot be read: {error.strerror}"
    else:
        if f"{what}-----".encode() not in text:
            also = f", or {KEY} the path of the key" if (option, what) == (CERTIFICATE, "PRIVATE KEY") else ""
            yield f"{option} must be the path of a PEM file with a {what.lower()}{also}, got {quoted(path)}"


def unusable_pair(certificate: str, key: str | None) -> Iterator[str]:
    """Yields why a TLS connection cannot use these files together."""
    asked: list[bool] = []

    def password() -> str:
        # Without this function, OpenSSL would ask for the password on the terminal.
        asked.append(True)
        return ""

    where = KEY if key else CERTIFICATE
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            yield f"{where} must contain the key of {CERTIFICATE}, but its key belongs to another certificate"
        elif asked:
            yield f"{where} must contain a key without a password, but its key is encrypted"
        else:
            yield f"{CERTIFICATE} and its key must be valid PEM files, but cannot be loaded: {error.reason or error}"
    except (OSError, ValueError) as error:
        yield f"{CERTIFICATE} and its key must be valid PEM files, but cannot be loaded: {error}"
