# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Auth templates: who uses one, secrets, duplicates, and what a change of one method's connection means."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Site, run_twice
from tests.faults.test_races import at_once

MODULE = "identity_auth_template"
LDAP: dict[str, Any] = {
    "name": "directory",
    "template_type": "ldap",
    "ldap_url": "ldaps://one.example.com",
    "bind_dn": "cn=reader",
    "bind_pass": "hidden-first-password",
    "search_base": "dc=example",
}
KUBERNETES: dict[str, Any] = {
    "name": "cluster",
    "template_type": "kubernetes",
    "kubernetes_host": "https://10.0.0.1:6443",
    "token_reviewer_jwt": "hidden-reviewer-token",
}
GATEWAY = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
POOL = "3c90c3cc-0d44-4b50-8888-8dd25736052b"


@pytest.fixture(autouse=True)
def gateways(current: Site) -> None:
    current.service.world.any_gateway = True


def stored(site: Site, template_id: str) -> dict[str, Any]:
    found: dict[str, Any] = site.api("GET", f"/api/v1/identity-templates/{template_id}")["templateFields"]
    return found


@pytest.mark.parametrize("desired", [LDAP, KUBERNETES], ids=["ldap", "kubernetes"])
def test_a_template_is_made_changed_and_deleted(current: Site, desired: dict[str, Any]) -> None:
    made = run_twice(current, MODULE, **desired)
    other = next(one for one in (LDAP, KUBERNETES) if one is not desired)
    assert not made[MODULE].keys() & (other.keys() - {"name", "template_type"}), "it has the options of its type only"
    assert "hidden" not in json.dumps(made)
    renamed = run_twice(current, MODULE, template_id=made["template_id"], name="renamed")
    assert renamed[MODULE]["name"] == "renamed" and renamed["usages"] == []
    assert run_twice(current, MODULE, name="renamed", state="absent")["usages"] == []


def test_a_changed_secret_is_a_change_and_is_not_displayed(current: Site) -> None:
    made = current.ok(MODULE, **LDAP)
    changed = run_twice(current, MODULE, name="directory", bind_pass="hidden-second-password")
    assert stored(current, made["template_id"])["bindPass"] == "hidden-second-password"
    assert list(changed["diff"]["after"]) == ["bind_pass"] and "hidden" not in json.dumps(changed)
    current.inject(
        method="PATCH",
        path="/identity-templates",
        status=400,
        body={"message": "hidden-second-password is old", "error": "BadRequest"},
    )
    failed = current.run(MODULE, name="directory", search_base="dc=other")
    assert failed["failed"] and "hidden-second-password" not in json.dumps(failed), "what the server holds is masked"


@pytest.mark.parametrize("check", [True, False])
def test_who_uses_it_is_reported_and_keeps_it(current: Site, check: bool) -> None:
    template_id = current.ok(MODULE, **LDAP)["template_id"]
    identity_id = current.identity("web")
    current.ok("identity_ldap_auth", identity_id=identity_id, template_id=template_id)
    uses = [{"identity_id": identity_id, "name": "web"}]
    assert current.ok(MODULE, check=True, name="directory", search_base="dc=other")["usages"] == uses
    failure = current.failure(MODULE, check=check, name="directory", state="absent")
    assert (
        failure["kind"] == "conflict" and f"web ({identity_id})" in failure["msg"] and "delete_used" in failure["msg"]
    )
    gone = current.ok(MODULE, check=check, name="directory", state="absent", delete_used=True)
    assert gone["changed"] and gone["usages"] == uses
    assert current.method("ldap-auth", identity_id)["url"] == LDAP["ldap_url"]


def test_verification_follows_the_certificate(current: Site) -> None:
    """Otherwise a certificate would be stored and not used."""
    pem = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----"
    template_id = current.ok(MODULE, **KUBERNETES)["template_id"]
    with_certificate = current.run(MODULE, template_id=template_id, ca_certificate=pem)
    if with_certificate.get("failed"):
        assert with_certificate["failure"]["kind"] == "validation"
        return
    assert stored(current, template_id)["verifyTlsCertificate"] is True


def test_a_gateway_takes_the_place_of_a_pool(current: Site) -> None:
    options = {**KUBERNETES, "token_review_mode": "gateway", "gateway_pool_id": POOL}
    template_id = current.ok(MODULE, **options)["template_id"]
    assert run_twice(current, MODULE, template_id=template_id, gateway_id=GATEWAY)["changed"]
    held = stored(current, template_id)
    assert held["gatewayId"] == GATEWAY and not held.get("gatewayPoolId")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({**LDAP, "kubernetes_host": "https://10.0.0.1"}, "kubernetes_host must not be given with template_type ldap"),
        ({**KUBERNETES, "bind_dn": "cn=x"}, "bind_dn must not be given with template_type kubernetes"),
        ({**KUBERNETES, "gateway_id": GATEWAY, "gateway_pool_id": POOL}, "gateway_pool_id"),
        ({**LDAP, "name": "x" * 65}, "name must be at most 64 characters"),
    ],
)
def test_options_that_do_not_go_together(current: Site, options: dict[str, Any], words: str) -> None:
    current.clear_requests()
    failure = current.failure(MODULE, **options)
    assert failure["kind"] == "validation" and words in failure["msg"]
    assert current.counts()["writes"] == 0


def test_the_type_cannot_be_changed(current: Site) -> None:
    current.ok(MODULE, **LDAP)
    failure = current.failure(MODULE, **{**KUBERNETES, "name": "directory"})
    assert failure["kind"] == "validation" and "Create another template" in failure["msg"]


def test_several_of_one_name_are_listed_and_none_is_guessed(current: Site) -> None:
    body = {"name": "directory", "authMethod": "ldap"}
    fields = {"url": "ldaps://x", "bindDN": "cn=x", "bindPass": "hidden", "searchBase": "dc=x"}
    for _turn in range(2):
        current.api("POST", "/api/v1/identity-templates", {**body, "templateFields": fields})
    failure = current.failure(MODULE, **LDAP)
    assert failure["kind"] == "conflict" and "2 auth templates are named 'directory'" in failure["msg"]


def test_many_runs_at_once_leave_one_template(current: Site) -> None:
    results = at_once(current, *[(MODULE, LDAP)] * 3)
    assert any(not one.get("failed") for one in results)
    listed = current.api("GET", "/api/v1/identity-templates/search?limit=100")
    assert [one["name"] for one in listed["templates"]] == ["directory"]
    assert not current.ok(MODULE, **LDAP)["changed"]


def test_one_whose_answer_is_lost_is_not_made_twice(current: Site, waits: Any) -> None:
    current.inject(method="POST", path="/identity-templates$", drop="after")
    assert current.ok(MODULE, **LDAP)["changed"]
    assert len(current.api("GET", "/api/v1/identity-templates/search?limit=100")["templates"]) == 1


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_server_of_2024_has_none(old: Site, state: str) -> None:
    assert old.failure(MODULE, **LDAP, state=state)["kind"] == "unsupported_by_server"


def test_a_plan_without_them_says_so(sites: Any) -> None:
    free = sites(profile="current", plan="free")
    assert free.failure(MODULE, **LDAP)["kind"] == "plan"
