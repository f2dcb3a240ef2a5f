# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Logins with a token of the user, a pod or a CI job: OIDC, JWT and Kubernetes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from ansible_collections import machineid

from tests.conftest import Site

from .conftest import Asked, Neighbour
from .proving import NOBODY, logins, new_key, proof, public_pem, rejection, signed, who

ISSUER = "https://issuer.example"
POD = {"namespace": "default", "serviceaccount": {"name": "web"}}
OIDC: dict[str, Any] = {
    "oidcDiscoveryUrl": ISSUER,
    "boundIssuer": ISSUER,
    "boundClaims": {},
    "boundSubject": "repo:a/*",
}
KUBERNETES = {
    "kubernetesHost": "https://kubernetes.example",
    "tokenReviewerJwt": "reviewer",
    "allowedNamespaces": "default",
    "allowedNames": "web",
    "allowedAudience": "",
}


def oidc_identity(site: Site) -> str:
    identity_id = site.identity()
    site.attach("oidc-auth", identity_id, **OIDC)
    return identity_id


def test_a_job_logs_in_and_a_stranger_does_not(either: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    identity_id = oidc_identity(either)
    monkeypatch.setenv("INFISICAL_OIDC_AUTH_JWT", signed(either, iss=ISSUER, sub="repo:a/b"))
    assert who(either, "oidc", auth_identity_id=identity_id) == identity_id
    stranger = signed(either, iss="https://elsewhere.example", sub="repo:a/b")
    failure = rejection(either, "oidc", auth_identity_id=identity_id, jwt=stranger, secrets=(stranger,))
    assert "Check auth_identity_id, jwt, that it has not expired and that it has" in failure["msg"]


def test_a_subject_that_is_not_let_in_is_a_lack_of_permission(current: Site) -> None:
    """The server answers 403, as for an address that is not trusted (server-notes#rejections-of-claims)."""
    token = signed(current, iss=ISSUER, sub="user:a")
    identity_id = oidc_identity(current)
    failure = current.failure("login", auth_method="oidc", auth_identity_id=identity_id, jwt=token)
    assert (failure["kind"], failure["status"]) == ("permission", 403)
    assert "The login by oidc_auth was rejected" in failure["msg"]
    assert "which subject" in failure["msg"]


def test_github_gives_a_token_to_a_job(
    current: Site, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tokens = {"https://infisical.example": "repo:a/b", None: "user:a"}

    def endpoint(asked: Asked) -> tuple[int, str]:
        subject = tokens[asked.query.get("audience")]
        return 200, f'{{"value": "{signed(current, iss=ISSUER, sub=subject)}"}}'

    github = neighbour(endpoint)
    (tmp_path / ".netrc").write_text("machine localhost login someone password else\n")
    monkeypatch.delenv("http_proxy")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{github.url}/token?api-version=2.0")
    assert "requires jwt" in rejection(current, "oidc", auth_identity_id=NOBODY)["msg"]
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")
    identity_id = oidc_identity(current)
    options: dict[str, Any] = {"auth_identity_id": identity_id, "oidc_audience": "https://infisical.example"}
    assert who(current, "oidc", **options) == identity_id
    (asked,) = github.asked
    assert (asked.method, asked.path, asked.headers["authorization"]) == ("GET", "/token", "Bearer of-the-job")
    assert asked.query == {"api-version": "2.0", "audience": "https://infisical.example"}
    assert current.failure("login", auth_method="oidc", auth_identity_id=identity_id)["kind"] == "permission"
    assert github.asked[-1].query == {"api-version": "2.0"}


def test_github_is_asked_by_the_proxy(
    current: Site, recorder: Neighbour, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = neighbour(lambda asked: (200, '{"value": "by-proxy"}'))
    monkeypatch.setenv("http_proxy", proxy.direct_url)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "http://token.actions.example/?a=b")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")
    body = proof(current, recorder, "oidc", auth_identity_id=NOBODY, secrets=("by-proxy", "of-the-job"))
    assert body["jwt"] == "by-proxy"
    assert proxy.asked[0].headers["host"] == "token.actions.example"


def test_github_rejects(current: Site, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch) -> None:
    github = neighbour(lambda asked: (403, f"no {asked.headers['authorization']}"))
    monkeypatch.delenv("http_proxy")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{github.url}/?secret=of-the-address")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")
    failure = rejection(current, "oidc", auth_identity_id=NOBODY, secrets=("of-the-job", "of-the-address"))
    assert f"The token endpoint of GitHub Actions at {github.url}/ answered 403." in failure["msg"]
    assert logins(current) == 0


def test_any_signed_token_logs_in_and_a_forged_one_does_not(current: Site) -> None:
    key = new_key()
    identity_id = current.identity()
    configuration = {"configurationType": "static", "publicKeys": [public_pem(key)], "boundClaims": {"team": "web"}}
    current.attach("jwt-auth", identity_id, **configuration)
    good, forged, other = (
        jwt.encode(claims, signer, "RS256")
        for claims, signer in (({"team": "web"}, key), ({"team": "web"}, new_key()), ({"team": "db"}, key))
    )
    assert who(current, "jwt", auth_identity_id=identity_id, jwt=f" {good}\n") == identity_id
    for stranger in (forged, other):
        rejection(current, "jwt", auth_identity_id=identity_id, jwt=stranger, secrets=(stranger,))


def test_a_pod_logs_in_and_a_stranger_does_not(either: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    identity_id = either.identity()
    either.attach("kubernetes-auth", identity_id, **KUBERNETES)
    path = tmp_path / "token"
    path.write_text(signed(either, **{"kubernetes.io": POD}) + "\n")
    monkeypatch.setenv("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH", str(path))
    monkeypatch.setenv("INFISICAL_KUBERNETES_IDENTITY_ID", identity_id)
    assert who(either, "kubernetes") == identity_id
    stranger = signed(either, **{"kubernetes.io": {**POD, "namespace": "other"}})
    path.write_text(stranger)
    failure = rejection(either, "kubernetes", secrets=(stranger,))
    assert "that its namespace and name are in the allowlists" in failure["msg"]


def test_no_pod(current: Site, tmp_path: Path) -> None:
    failure = rejection(current, "kubernetes", auth_identity_id=NOBODY)
    path = "/var/run/secrets/kubernetes.io/serviceaccount/token"
    assert f"The service account token {path} cannot be read: No such file or directory." in failure["msg"]
    binary = tmp_path / "token"
    binary.write_bytes(b"\xff\xfe")
    failure = rejection(current, "kubernetes", auth_identity_id=NOBODY, kubernetes_token_path=str(binary))
    assert "cannot be read: it is not text." in failure["msg"]
    assert logins(current) == 0


def test_a_pod_logs_in_by_the_module_as_well(current: Site, tmp_path: Path) -> None:
    """A module that runs on another machine contains every login method."""
    path = tmp_path / "token"
    path.write_text("forged.token.ofpod")
    options: dict[str, Any] = {
        "url": current.url,
        "auth_method": "kubernetes",
        "auth_identity_id": current.identity(),
        "kubernetes_token_path": str(path),
        "retries": 0,
    }
    current.attach("kubernetes-auth", options["auth_identity_id"], **KUBERNETES)
    by_module = subprocess.run(
        [
            *(sys.executable, "-m", "ansible", "adhoc", "localhost", "-m", "machineid.infisical.login"),
            *("-a", json.dumps(options), "-e", "infisical_in_process=false", "-vvv"),
        ],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(Path(machineid.__path__[0]).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    in_process = rejection(current, **options)
    assert in_process["msg"].partition(" (request id")[0] in by_module.stdout
    assert "AnsiballZ_login.py" in by_module.stdout
    assert "forged.token" not in by_module.stdout + by_module.stderr
