# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Google Cloud logins: with a token of the metadata server, and with one signed with the key of an account."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.conftest import Site

from .conftest import Neighbour
from .proving import NOBODY, logins, new_key, private_pem, proof, public_pem, rejection, signed, who

GOOGLE = "https://accounts.google.com"
EMAIL = "web@project.iam.gserviceaccount.com"
TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/identity"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The key of a service account, in Google's format."""
    path = tmp_path / "key.json"
    key = {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key_id": "k1",
        "private_key": private_pem(new_key()),
    }
    path.write_text(json.dumps(key))
    return path


def instance(neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch, token: str) -> Neighbour:
    """A metadata server that has this token."""
    metadata = neighbour(lambda asked: (200, f"{token}\n"))
    monkeypatch.setenv("GCE_METADATA_HOST", metadata.host)
    return metadata


def test_an_instance_logs_in_and_a_stranger_does_not(
    either: Site, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity_id = either.identity()
    either.attach("gcp-auth", identity_id, type="gce", allowedProjects="project", allowedServiceAccounts=EMAIL)
    google = {"compute_engine": {"project_id": "project", "zone": "z"}}
    token = signed(either, iss=GOOGLE, aud=identity_id, email=EMAIL, google=google)
    metadata = instance(neighbour, monkeypatch, token)
    assert who(either, "gcp", auth_identity_id=identity_id) == identity_id
    (asked,) = metadata.asked
    assert (asked.method, asked.path, asked.headers["metadata-flavor"]) == ("GET", TOKEN_PATH, "Google")
    assert asked.query == {"audience": identity_id, "format": "full"}
    stranger = signed(
        either, iss=GOOGLE, aud=identity_id, email=EMAIL, google={"compute_engine": {"project_id": "other"}}
    )
    instance(neighbour, monkeypatch, stranger)
    failure = rejection(either, "gcp-id-token", auth_identity_id=identity_id, secrets=(stranger,))
    assert "that the service account is in its allowlists" in failure["msg"]


def test_a_key_signs_for_its_account(current: Site, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server looks the public keys of the account up at Google."""
    key, held = new_key(), json.loads(key_file.read_text())
    current.api("POST", "/_emulator/gcp-accounts", {"email": EMAIL, "key_id": "k1", "public_key_pem": public_pem(key)})
    held["private_key"] = private_pem(key)
    key_file.write_text(json.dumps(held))
    identity_id = current.identity()
    current.attach("gcp-auth", identity_id, type="iam", allowedServiceAccounts=EMAIL)
    monkeypatch.setenv("INFISICAL_GCP_IAM_SERVICE_ACCOUNT_KEY_FILE_PATH", str(key_file))
    monkeypatch.setenv("INFISICAL_GCP_AUTH_IDENTITY_ID", identity_id)
    assert who(current, "gcp-iam") == identity_id
    held["private_key"] = private_pem(new_key())
    key_file.write_text(json.dumps(held))
    rejection(current, "gcp-iam", secrets=(held["private_key"],))


def test_what_a_key_signs(current: Site, recorder: Neighbour, key_file: Path) -> None:
    key = new_key()
    key_file.write_text(json.dumps({**json.loads(key_file.read_text()), "private_key": private_pem(key)}))
    options: dict[str, Any] = {"auth_identity_id": NOBODY, "gcp_service_account_key_path": str(key_file)}
    body = proof(current, recorder, "gcp", **options)
    assert jwt.get_unverified_header(body["jwt"])["kid"] == "k1"
    claims = jwt.decode(body["jwt"], public_pem(key), algorithms=["RS256"], audience=NOBODY)
    assert claims["sub"] == EMAIL
    assert claims["exp"] - claims["iat"] == 900
    displayed = json.dumps(rejection(current, "gcp", url=recorder.direct_url, **options))
    assert json.loads(recorder.asked[-1].body)["jwt"] not in displayed


def test_the_spelling_chooses_between_key_and_instance(
    current: Site,
    recorder: Neighbour,
    key_file: Path,
    neighbour: Callable[..., Neighbour],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance(neighbour, monkeypatch, "of-the-instance")
    options: dict[str, Any] = {"auth_identity_id": NOBODY, "gcp_service_account_key_path": str(key_file)}
    assert proof(current, recorder, "gcp-id-token", **options)["jwt"] == "of-the-instance"
    assert proof(current, recorder, "gcp-iam", **options)["jwt"] != "of-the-instance"
    assert proof(current, recorder, "gcp-iam", auth_identity_id=NOBODY, jwt="given")["jwt"] == "given"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be used: No such file or directory."),
        ("secret but no JSON", "cannot be used: it is not the JSON key of a service account."),
        ('{"type": "external_account"}', "cannot be used: it is not the JSON key of a service account."),
        (json.dumps({"client_email": EMAIL, "private_key_id": "1", "private_key": "secret"}), "it is not the JSON key"),
        ('["secret"]', "it is not the JSON key"),
    ],
)
def test_a_key_file_that_is_none(current: Site, tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "none.json"
    if text is not None:
        path.write_text(text)
    failure = rejection(
        current, "gcp", auth_identity_id=NOBODY, gcp_service_account_key_path=str(path), secrets=("secret",)
    )
    assert said in failure["msg"]
    assert str(path) in failure["msg"]


def test_no_instance(current: Site, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch) -> None:
    failure = rejection(current, "gcp", auth_identity_id=NOBODY)
    assert f"The Google Cloud metadata server at http://127.0.0.1:9{TOKEN_PATH} did not answer: " in failure["msg"]
    metadata = neighbour(lambda asked: (404, "no service account"))
    monkeypatch.setenv("GCE_METADATA_HOST", metadata.host)
    assert "answered 404." in rejection(current, "gcp", auth_identity_id=NOBODY)["msg"]
    assert logins(current) == 0
