# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TLS certificate logins, through a proxy that terminates TLS and passes the certificate of the connection on."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Site
from tests.emulator.services.client_certificates import Authority
from tests.emulator.services.front import HEADER, Front
from tests.emulator.services.signing import SigningKey

from .proving import logins, private_pem, rejection, who


class Guarded:
    """A server behind the proxy, and an identity that certificates of one CA with the name `web` may log in as."""

    def __init__(self, site: Site, directory: Path) -> None:
        self.site = site
        self.directory = directory
        self.trusted, self.foreign = Authority("trusted"), Authority("foreign")
        self.front = Front(site.url, [self.trusted.pem, self.foreign.pem])
        self.identity_id = site.identity()
        site.attach("tls-cert-auth", self.identity_id, caCertificate=self.trusted.pem, allowedCommonNames="web,standby")

    def options(self, authority: Authority | None = None, common_name: str = "web") -> dict[str, Any]:
        certificate, key = (authority or self.trusted).issue(common_name, self.directory)
        connection = {"url": self.front.url, "ca_path": self.front.ca_path, "auth_identity_id": self.identity_id}
        return {**connection, "tls_cert_path": certificate, "tls_key_path": key}


@pytest.fixture
def guarded(current: Site, tmp_path: Path) -> Iterator[Guarded]:
    made = Guarded(current, tmp_path)
    yield made
    made.front.stop()


def test_a_certificate_logs_in_and_strangers_do_not(guarded: Guarded) -> None:
    site = guarded.site
    assert who(site, "tls-cert", **guarded.options()) == guarded.identity_id
    for stranger, text in (
        (guarded.options(common_name="db"), "Access denied: TLS Certificate Auth common name not allowed."),
        (guarded.options(guarded.foreign), "Access denied: Certificate not issued by the provided CA."),
    ):
        failure = rejection(site, "tls-cert", **stranger)
        assert text in failure["msg"]
        assert "Check auth_identity_id, tls_cert_path, that the certificate is issued by" in failure["msg"]


def test_the_certificate_is_on_no_other_connection(guarded: Guarded) -> None:
    result = guarded.site.ok("caller_info", auth_method="tls-cert", **guarded.options())
    assert result["identity_id"] == guarded.identity_id
    passed = guarded.front.passed
    assert [one.certified for one in passed] == [one.path.endswith("/login") for one in passed]
    assert [one.certified for one in passed].count(True) == 1
    assert len(passed) > 1


def test_a_certificate_for_every_request_logs_in_as_well(guarded: Guarded) -> None:
    options = guarded.options()
    options["client_cert"], options["client_key"] = options.pop("tls_cert_path"), options.pop("tls_key_path")
    assert guarded.site.ok("caller_info", auth_method="tls-cert", **options)["identity_id"] == guarded.identity_id
    assert {one.certified for one in guarded.front.passed} == {True}


def test_a_file_with_certificate_and_key(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    options = guarded.options()
    both = guarded.directory / "both.pem"
    both.write_text(Path(options.pop("tls_key_path")).read_text() + Path(options.pop("tls_cert_path")).read_text())
    monkeypatch.setenv("INFISICAL_TLS_CERT_AUTH_CERT_PATH", str(both))
    monkeypatch.setenv("INFISICAL_TLS_CERT_AUTH_IDENTITY_ID", options.pop("auth_identity_id"))
    assert who(guarded.site, "tls-cert", **options) == guarded.identity_id


def test_nobody_sets_the_header_but_the_proxy(guarded: Guarded) -> None:
    """The proxy drops the header of a client, and the login sends none."""
    leaf = Path(guarded.options()["tls_cert_path"]).read_text().replace("\n", "%0A")
    answer = guarded.site.http.post(
        f"{guarded.front.url}/api/v1/auth/tls-cert-auth/login",
        json={"identityId": guarded.identity_id},
        headers={HEADER: leaf},
        verify=guarded.front.ca_path,
    )
    assert (answer.status_code, answer.json()["message"]) == (400, "Missing TLS certificate in header")


def test_a_proxy_that_does_not_pass_it_on(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.emulator.services.front.HEADER", "x-another-header")
    failure = rejection(guarded.site, "tls-cert", **guarded.options())
    assert "Missing TLS certificate in header" in failure["msg"]
    assert "that the proxy in front of the server asks for a client certificate and passes it on" in failure["msg"]


def test_a_proxy_that_refuses_the_certificate(guarded: Guarded) -> None:
    # With 1.3, the client has sent its request by then, and may see a broken connection instead of the alert.
    guarded.front.context.maximum_version = ssl.TLSVersion.TLSv1_2
    options = guarded.options(Authority("unknown"))
    failure = guarded.site.failure("login", auth_method="tls-cert", **options)
    assert failure["kind"] == "tls"
    assert "unknown ca" in failure["msg"].lower().replace("_", " ")
    assert "whether the proxy in front of the server accepts tls_cert_path." in failure["msg"]


def test_a_proxy_that_breaks_the_connection(guarded: Guarded) -> None:
    options = {**guarded.options(), "url": "https://127.0.0.1:9", "retries": 0}
    failure = guarded.site.failure("login", auth_method="tls-cert", **options)
    assert failure["kind"] == "network"
    assert "A proxy that does not accept tls_cert_path may also break the connection." in failure["msg"]


def spoil(text: str) -> Callable[[Guarded, dict[str, Any]], None]:
    """Writes this into the file of the certificate."""

    def write(guarded: Guarded, options: dict[str, Any]) -> None:
        Path(options["tls_cert_path"]).write_text(text)

    return write


def of_another(guarded: Guarded, options: dict[str, Any]) -> None:
    options["tls_key_path"] = guarded.options(common_name="standby")["tls_key_path"]


def encrypt(guarded: Guarded, options: dict[str, Any]) -> None:
    Path(options["tls_key_path"]).write_text(private_pem(SigningKey().private, "password"))


def lose(guarded: Guarded, options: dict[str, Any]) -> None:
    Path(options["tls_key_path"]).unlink()


def without_key(guarded: Guarded, options: dict[str, Any]) -> None:
    del options["tls_key_path"]


def unencrypted(guarded: Guarded, options: dict[str, Any]) -> None:
    options["url"] = guarded.site.url


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lose, "tls_key_path '{tls_key_path}' cannot be read: No such file or directory"),
        (of_another, "tls_key_path must contain the key of tls_cert_path, but its key belongs to another certificate"),
        (encrypt, "tls_key_path must contain a key without a password, but its key is encrypted"),
        (
            without_key,
            "tls_cert_path must be the path of a PEM file with a private key, or tls_key_path the path of the key, got"
            " '{tls_cert_path}'",
        ),
        (
            spoil("secret"),
            "tls_cert_path must be the path of a PEM file with a certificate, got '{tls_cert_path}'",
        ),
        (
            spoil("-----BEGIN CERTIFICATE-----\nsecret\n-----END CERTIFICATE-----\n"),
            "tls_cert_path and its key must be valid PEM files, but cannot be loaded: ",
        ),
        (unencrypted, "url must begin with https:// for auth_method tls_cert_auth, got 'http://"),
    ],
)
def test_what_is_wrong_is_found_before_any_request(
    guarded: Guarded, change: Callable[[Guarded, dict[str, Any]], None], said: str
) -> None:
    options = guarded.options()
    change(guarded, options)
    failure = guarded.site.failure("login", auth_method="tls-cert", **options)
    assert failure["kind"] == "validation"
    assert said.format(**options) in failure["msg"]
    assert "secret" not in failure["msg"]
    assert (guarded.front.passed, logins(guarded.site)) == ([], 0)
