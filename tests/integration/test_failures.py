# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every failure has the right kind and a helpful message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.effort import EFFORT
from tests.emulator import Emulator

from .harness import EXECUTION_PATHS, Outcome, Runner, play, task
from .stage import Actor
from .steps import plain

UNKNOWN = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
PAGE = "3c90c3cc-0d44-4b50-8888-000000000200"
ERROR_PAGE = "3c90c3cc-0d44-4b50-8888-000000000502"
MONTHS = 90 * 86400

EXPECTED: dict[str, tuple[str, list[str]]] = {
    "no credentials": (
        "authentication",
        [
            "credentials are missing",
            "universal_auth_client_id and universal_auth_client_secret",
            "environment variables",
        ],
    ),
    "half the credentials": ("authentication", ["requires universal_auth_client_secret"]),
    "a wrong secret": ("authentication", ["login by universal_auth was rejected", "Check universal_auth_client_id"]),
    "an unknown client id": (
        "authentication",
        ["login by universal_auth was rejected", "Check universal_auth_client_id"],
    ),
    "an expired token": ("authentication", ["access tokens expire: log in again"]),
    "a token that is none": ("authentication", ["log in again"]),
    "no permission": ("permission", ["not allowed to read on identity", "a role that allows this"]),
    "an unknown identity": ("not_found", [f"Identity {UNKNOWN} does not exist"]),
    "an unknown name": ("not_found", ["No identity is named 'duplicat'", "There is 'duplicate'"]),
    "a name of two": ("conflict", ["2 identities are named 'duplicate'", "Set identity_id instead"]),
    "the name of two": ("conflict", ["2 identities are named 'duplicate'"]),
    "nobody there": ("network", ["http://127.0.0.1:1", "refused", "Check `url`"]),
    "an untrusted certificate": ("tls", ["TLS connection", "certificate", "`ca_path`"]),
    "another server's page": ("server", ["text/html instead of JSON", "Check that `url`"]),
    "a page with an error": ("server", ["502 with text/html"]),
}


AS_MODULE = {
    "no credentials",
    "a wrong secret",
    "no permission",
    "an unknown identity",
    "a name of two",
    "an untrusted certificate",
    "a page with an error",
}
"""Failures that every effort also tests as a module: one of each kind."""


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    with Emulator(seed="failures") as emulator:
        yield emulator


@pytest.fixture(scope="module")
def failures(server: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """Runs all failing tasks in one play, once for each execution path."""
    outcomes = {}
    with Emulator(tls=True) as untrusted:
        for execution_path in ("in_process", "module"):
            server.reset()
            actor = Actor(server, "current", execution_path)
            tasks = [
                task
                for task in failing_tasks(actor, untrusted.url)
                if execution_path == "in_process" or EFFORT.everywhere or task["name"] in AS_MODULE
            ]
            runner = Runner(tmp_path_factory.mktemp("failures"))
            outcomes[execution_path] = runner.playbook([play(tasks)], {"infisical": actor.variables()})
        yield outcomes


def failing_tasks(actor: Actor, untrusted: str) -> list[dict[str, Any]]:
    expired = actor.emulator.admin_token()
    actor.emulator.advance_clock(MONTHS)
    token = actor.emulator.admin_token()
    for _turn in range(2):
        actor.identity("duplicate")
    stranger = actor.token_of(actor.identity("stranger"))
    actor.emulator.inject(path=f"/api/v1/identities/{PAGE}", html=True)
    actor.emulator.inject(path=f"/api/v1/identities/{ERROR_PAGE}", html=True, status=502)
    client = {"universal_auth_client_id": actor.emulator.client_id}
    secret = {"universal_auth_client_secret": actor.emulator.client_secret}
    create = {"name": "web"}
    auth = {"allowed_account_ids": ["123456789012"]}

    def case(label: str, options: dict[str, Any], module: str = "identity") -> dict[str, Any]:
        return task(module, {"url": "{{ infisical_url }}", "retries": 0, **options}, label, ignore_errors=True)

    return [
        case("no credentials", create),
        case("half the credentials", create | client),
        case("a wrong secret", create | client | {"universal_auth_client_secret": "f" * 64}),
        case("an unknown client id", create | secret | {"universal_auth_client_id": UNKNOWN}),
        case("an expired token", create | {"token": expired}),
        case("a token that is none", create | {"token": "none"}),
        case("no permission", create | {"token": stranger, "organization_id": actor.emulator.organization_id}),
        case("an unknown identity", auth | {"token": token, "identity_id": UNKNOWN}, "identity_aws_auth"),
        case("an unknown name", auth | {"token": token, "identity_name": "duplicat"}, "identity_aws_auth"),
        case("a name of two", auth | {"token": token, "identity_name": "duplicate"}, "identity_aws_auth"),
        case("the name of two", {"token": token, "name": "duplicate", "state": "absent"}),
        case("nobody there", create | {"token": token, "url": "http://127.0.0.1:1"}),
        case("an untrusted certificate", create | {"token": token, "url": untrusted}),
        case("another server's page", create | {"token": token, "identity_id": PAGE}),
        case("a page with an error", create | {"token": token, "identity_id": ERROR_PAGE}),
    ]


@pytest.mark.extent
@pytest.mark.parametrize("label", EXPECTED)
def test_kind_and_sentence(label: str, failures: dict[str, Outcome]) -> None:
    kind, texts = EXPECTED[label]
    record = failures["in_process"].labelled(label)
    assert record.outcome == "failed"
    assert record.failure["kind"] == kind, record.msg
    assert [text for text in texts if text not in record.msg] == [], record.msg
    assert record.requests["writes"] == 0


@pytest.mark.parametrize(
    "label", [label if label in AS_MODULE else pytest.param(label, marks=pytest.mark.thorough) for label in EXPECTED]
)
def test_alike_as_a_module(label: str, failures: dict[str, Outcome]) -> None:
    in_process, module = (failures[execution_path].labelled(label) for execution_path in EXECUTION_PATHS)
    assert plain(module.result) == plain(in_process.result)
    assert module.requests == in_process.requests


def test_both_ids_of_a_name_are_listed(server: Emulator, failures: dict[str, Outcome]) -> None:
    """Only the emulator of the second execution path can still be inspected."""
    duplicates = [identity["id"] for identity in server.state()["identities"] if identity["name"] == "duplicate"]
    record = failures["module"].labelled("a name of two")
    assert len(duplicates) == 2
    assert [duplicate for duplicate in duplicates if duplicate not in record.msg] == [], record.msg
