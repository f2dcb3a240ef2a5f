# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""OCI logins, signed by Oracle's own library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.conftest import Site

from .conftest import Neighbour
from .proving import NOBODY, logins, new_key, private_pem, proof, public_pem, rejection, who

TENANCY = "ocid1.tenancy.oc1..tenancy"
USER = "ocid1.user.oc1..web"
FINGERPRINT = ":".join(["ab"] * 16)


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


Configure = Callable[..., None]


@pytest.fixture
def configured(tmp_path: Path, key: RSAPrivateKey) -> Configure:
    """Writes ~/.oci/config with one profile. Entries that are None are omitted."""

    def write(profile: str = "DEFAULT", pem: str = "", **changes: str | None) -> None:
        (tmp_path / ".oci").mkdir(exist_ok=True)
        (tmp_path / "key.pem").write_text(pem or private_pem(key))
        entries = {
            "user": USER,
            "tenancy": TENANCY,
            "fingerprint": FINGERPRINT,
            "region": "us-ashburn-1",
            "key_file": "~/key.pem",
            **changes,
        }
        lines = [f"{name}={value}" for name, value in entries.items() if value is not None]
        (tmp_path / ".oci" / "config").write_text("\n".join([f"[{profile}]", *lines, ""]))

    return write


def admitting(site: Site, key: RSAPrivateKey) -> str:
    """Returns an identity that the user with this key may log in as."""
    user = {"user_ocid": USER, "user_name": "web@x", "tenancy_ocid": TENANCY, "fingerprint": FINGERPRINT}
    site.api("POST", "/_emulator/oci-users", {**user, "public_key_pem": public_pem(key)})
    identity_id = site.identity()
    site.attach("oci-auth", identity_id, tenancyOcid=TENANCY, allowedUsernames="web@x")
    return identity_id


def test_a_user_logs_in_and_a_stranger_does_not(current: Site, key: RSAPrivateKey, configured: Configure) -> None:
    identity_id = admitting(current, key)
    configured()
    assert who(current, "oci", auth_identity_id=identity_id) == identity_id
    configured(pem=private_pem(new_key()))
    failure = rejection(current, "oci", auth_identity_id=identity_id)
    assert "that oci_profile's key is one of the user's API keys" in failure["msg"]
    configured(user="ocid1.user.oc1..stranger")
    rejection(current, "oci", auth_identity_id=identity_id)


def test_what_oracle_rejects_may_come_out_as_a_failure_of_the_server(
    current: Site, key: RSAPrivateKey, configured: Configure
) -> None:
    """Servers do not evaluate Oracle's answer, as with AWS (server-notes#oci-login)."""
    configured()
    answer = {"statusCode": 500, "error": "InternalServerError", "message": "Something went wrong"}
    current.inject(method="POST", path="oci-auth/login", status=500, body=answer)
    failure = rejection(current, "oci", auth_identity_id=NOBODY)
    assert "Servers answer this when the cloud rejects the signature. Check auth_identity_id, " in failure["msg"]
    assert failure["status"] == 500


def test_a_server_without_the_method(old: Site, configured: Configure) -> None:
    configured()
    failure = old.failure("login", auth_method="oci", auth_identity_id=NOBODY)
    assert failure["kind"] == "unsupported_by_server"


def test_profile_file_password_and_short_region(
    current: Site, key: RSAPrivateKey, configured: Configure, tmp_path: Path
) -> None:
    identity_id = admitting(current, key)
    configured(profile="WEB", pem=private_pem(key, "password-of-key"), pass_phrase="password-of-key", region="iad")
    moved = (tmp_path / ".oci" / "config").rename(tmp_path / "elsewhere")
    options: dict[str, Any] = {"oci_config_file": str(moved), "oci_profile": "WEB", "auth_identity_id": identity_id}
    assert who(current, "oci", **options) == identity_id


def test_what_is_sent(current: Site, recorder: Neighbour, configured: Configure) -> None:
    """Names in lower case, and no other headers (server-notes#oci-login)."""
    configured(region="eu-frankfurt-1")
    body = proof(current, recorder, "oci", auth_identity_id=NOBODY)
    assert (body["identityId"], body["userOcid"]) == (NOBODY, USER)
    assert set(body["headers"]) == {"authorization", "date", "host"}
    assert body["headers"]["host"] == "identity.eu-frankfurt-1.oraclecloud.com"
    assert body["headers"]["authorization"].startswith("Signature ")
    displayed = json.dumps(rejection(current, "oci", auth_identity_id=NOBODY, url=recorder.direct_url))
    signature = json.loads(recorder.asked[-1].body)["headers"]["authorization"].partition('signature="')[2][:40]
    assert signature
    assert signature not in displayed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"user": None, "fingerprint": "x"}, "fingerprint is malformed and user is missing."),
        ({"key_file": "/nowhere.pem"}, "/nowhere.pem"),
        ({"pem": "secret"}, "private key"),
        ({"region": "somewhere"}, "Infisical does not support the region 'somewhere'"),
    ],
)
def test_a_configuration_that_cannot_be_used(
    current: Site, configured: Configure, changes: dict[str, str | None], said: str
) -> None:
    configured(**changes)
    failure = rejection(current, "oci", auth_identity_id=NOBODY, secrets=("secret",))
    assert "The OCI configuration cannot be used: " in failure["msg"]
    assert said in failure["msg"]
    assert failure["msg"].endswith("Check oci_config_file and oci_profile.")
    assert logins(current) == 0


def test_no_configuration(current: Site, configured: Configure) -> None:
    assert "Could not find config file at" in rejection(current, "oci", auth_identity_id=NOBODY)["msg"]
    configured()
    failure = rejection(current, "oci", auth_identity_id=NOBODY, oci_profile="WEB")
    assert "Profile 'WEB' not found" in failure["msg"]


def test_a_key_with_a_password_that_is_not_given(current: Site, key: RSAPrivateKey, configured: Configure) -> None:
    configured(pem=private_pem(key, "password-of-key"))
    assert "passphrase" in rejection(current, "oci", auth_identity_id=NOBODY)["msg"]
