# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Azure logins: the emulator's managed identity, and other identities with azure-identity."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Site

from .conftest import Asked, Neighbour
from .proving import NOBODY, logins, proof, rejection, who

RESOURCE = "https://management.azure.com/"
TOKEN_PATH = "/metadata/identity/oauth2/token"


def admitting(site: Site, *object_ids: str, resource: str = RESOURCE) -> str:
    """Returns an identity that principals of the emulator's tenant may log in as."""
    identity_id = site.identity()
    tenant = site.api("POST", "/_emulator/managed-identity", {})["tenant_id"]
    allowed = ",".join(object_ids)
    site.attach("azure-auth", identity_id, tenantId=tenant, resource=resource, allowedServicePrincipalIds=allowed)
    return identity_id


def test_a_managed_identity_logs_in_and_a_stranger_does_not(either: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", either.url)
    identity_id = admitting(either, "vm")
    either.api("POST", "/_emulator/managed-identity", {"object_id": "vm"})
    assert who(either, "azure", auth_identity_id=identity_id) == identity_id
    either.api("POST", "/_emulator/managed-identity", {"object_id": "stranger"})
    failure = rejection(either, "azure", auth_identity_id=identity_id)
    assert "azure_resource is the resource of the auth method" in failure["msg"]


def test_the_resource_must_be_the_one_of_the_method(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", current.url)
    identity_id = admitting(current, resource="api://app")
    rejection(current, "azure", auth_identity_id=identity_id)
    assert who(current, "azure", auth_identity_id=identity_id, azure_resource="api://app") == identity_id


def test_a_token_that_was_obtained_otherwise(current: Site) -> None:
    identity_id = admitting(current, "laptop")
    token = current.api("POST", "/_emulator/azure-token", {"resource": RESOURCE, "object_id": "laptop"})
    jwt = token["access_token"]
    assert who(current, "azure", auth_identity_id=identity_id, jwt=f"{jwt}\n") == identity_id
    forged = jwt[:-8] + "AAAAAAAA"
    rejection(current, "azure", auth_identity_id=identity_id, jwt=forged, secrets=(forged,))


def test_what_is_asked(
    current: Site,
    recorder: Neighbour,
    neighbour: Callable[..., Neighbour],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metadata = neighbour(lambda asked: (200, '{"access_token": "of-the-machine"}'))
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.url)
    body = proof(current, recorder, "azure", auth_identity_id=NOBODY, secrets=("of-the-machine",))
    assert body == {"identityId": NOBODY, "jwt": "of-the-machine"}
    proof(current, recorder, "azure", auth_identity_id=NOBODY, azure_client_id="second")
    first, second = metadata.asked
    assert (first.method, first.path, first.headers["metadata"]) == ("GET", TOKEN_PATH, "true")
    assert first.query == {"api-version": "2018-02-01", "resource": RESOURCE}
    assert second.query == {**first.query, "client_id": "second"}


def test_a_busy_metadata_service_is_asked_again(
    current: Site, recorder: Neighbour, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [(429, "{}"), (503, ""), (200, '{"access_token": "late"}')]
    metadata = neighbour(lambda asked: answers.pop(0))
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.url)
    assert proof(current, recorder, "azure", auth_identity_id=NOBODY)["jwt"] == "late"
    assert len(metadata.asked) == 3


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (400, '{"error": "invalid_request", "error_description": "Identity\\nnot found"}', "400: Identity not found."),
        (404, "no such page", "404."),
        (200, "<html>", "without `access_token`."),
        (200, "{}", "without `access_token`."),
        (302, "", "302."),
    ],
)
def test_nothing_vouches_for_the_machine(
    current: Site,
    neighbour: Callable[..., Neighbour],
    uninstall: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    text: str,
    said: str,
) -> None:
    """All attempts are reported, in order."""
    metadata = neighbour(lambda asked: (status, text))
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.url)
    uninstall("azure")
    failure = rejection(current, "azure", auth_identity_id=NOBODY)
    assert f"The Azure metadata service at {metadata.url}{TOKEN_PATH} answered {said}" in failure["msg"]
    assert "(azure-identity)" in failure["msg"]
    assert logins(current) == 0


def test_the_library_finds_nothing_either(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # Otherwise, the library would call every command-line tool of Azure.
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    failure = rejection(current, "azure", auth_identity_id=NOBODY)
    assert "The Azure metadata service at http://127.0.0.1:9" in failure["msg"]
    assert "azure-identity found no Azure credentials either: " in failure["msg"]
    assert "\n" not in failure["msg"]


def test_where_another_identity_is_configured_the_library_finds_it(
    current: Site, neighbour: Callable[..., Neighbour], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In App Service, whose endpoint azure-identity supports. The metadata service of the machine is not called."""
    issued = current.api("POST", "/_emulator/azure-token", {"resource": RESOURCE, "object_id": "app"})

    def endpoint(asked: Asked) -> tuple[int, str]:
        assert asked.headers["x-identity-header"] == "secret-of-the-app"
        assert asked.query["resource"] == RESOURCE.rstrip("/")
        answer = {"access_token": issued["access_token"], "expires_on": "4102444800", "resource": RESOURCE}
        return 200, json.dumps(answer)

    monkeypatch.delenv("http_proxy")
    metadata = neighbour(lambda asked: (500, ""))
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.url)
    monkeypatch.setenv("IDENTITY_ENDPOINT", neighbour(endpoint).url)
    monkeypatch.setenv("IDENTITY_HEADER", "secret-of-the-app")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    identity_id = admitting(current, "app")
    assert who(current, "azure", auth_identity_id=identity_id) == identity_id
    assert metadata.asked == []
