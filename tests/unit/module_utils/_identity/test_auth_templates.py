# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Connections that a method takes from an auth template, gateways in between, and the secrets of both."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import MASKED, MASKED_CHANGE
from tests.conftest import Result, Site
from tests.unit.generators import certificate

JWT, OTHER_JWT = "swordfish-5c1f70e2-first", "marlin-88e0b4d1-second"
PASSWORD = "trout-3d9a0c77-bind"
HOST = "https://10.0.0.1:6443"
FIELDS = {
    "kubernetes": {"kubernetesHost": "https://shared:6443", "tokenReviewerJwt": JWT, "allowedAudience": "shared"},
    "ldap": {
        "url": "ldaps://shared.example.com",
        "bindDN": "cn=shared",
        "bindPass": PASSWORD,
        "searchBase": "dc=shared",
        "ldapCaCertificate": "a shared certificate",
    },
}
OWN = {
    "kubernetes": {"kubernetes_host": HOST, "token_reviewer_jwt": OTHER_JWT},
    "ldap": {
        "ldap_url": "ldap://own.example.com",
        "bind_dn": "cn=own",
        "bind_pass": "carp-2f6a91b0-bind",
        "search_base": "dc=own",
    },
}
PROVIDED = {
    "kubernetes": {"kubernetes_host": "https://shared:6443", "allowed_audience": "shared"},
    "ldap": {
        "ldap_url": "ldaps://shared.example.com",
        "bind_dn": "cn=shared",
        "search_base": "dc=shared",
        "ldap_ca_certificate": "a shared certificate",
    },
}
"""What of a template a result returns."""

every_method = pytest.mark.parametrize("method", sorted(FIELDS))


def template(site: Site, method: str, **fields: Any) -> str:
    body = {"name": "shared", "authMethod": method, "templateFields": {**FIELDS[method], **fields}}
    return str(site.api("POST", "/api/v1/identity-templates", body)["id"])


def stored(site: Site, method: str, identity_id: str) -> Any:
    return site.method(f"{method}-auth", identity_id)


def converge(site: Site, method: str, **options: Any) -> Result:
    """The result of one task: check mode, which must not write and must predict it, came before, and a second run,
    which must change nothing and return the same, after."""
    module = f"identity_{method}_auth"
    site.clear_requests()
    checked = site.ok(module, check=True, **options)
    assert site.counts()["writes"] == 0
    done = site.ok(module, **options)
    assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
    assert site.counts()["writes"] == int(done["changed"])
    assert checked[module].items() <= done[module].items()
    site.clear_requests()
    again = site.ok(module, **options)
    assert not again["changed"] and site.counts()["writes"] == 0
    assert again[module] == done[module]
    for result in (checked, done, again):
        displayed = json.dumps({key: value for key, value in result.items() if key != "invocation"})
        assert not any(secret in displayed for secret in (JWT, OTHER_JWT, PASSWORD, "carp"))
    return done


def last_update(site: Site, method: str, **options: Any) -> Any:
    """The body of the one PATCH that a task makes."""
    site.clear_requests()
    assert site.ok(f"identity_{method}_auth", **options)["changed"]
    (update,) = [one["body"] for one in site.requests() if one["method"] == "PATCH"]
    return update


@every_method
def test_attached_by_a_template_a_method_returns_what_it_provides(current: Site, method: str) -> None:
    identity_id, template_id = current.identity(), template(current, method)
    done = converge(current, method, identity_id=identity_id, template_id=template_id.upper())
    returned = done[f"identity_{method}_auth"]
    assert PROVIDED[method].items() <= {**returned, "template_id": template_id}.items()
    assert returned["template_id"] == template_id
    assert not PROVIDED[method].keys() & done["diff"]["after"].keys(), "not known before the server has copied it"
    assert stored(current, method, identity_id)["templateId"] == template_id


@every_method
def test_a_method_is_linked_and_unlinked_and_keeps_what_was_copied(current: Site, method: str) -> None:
    identity_id, template_id = current.identity(), template(current, method)
    converge(current, method, identity_id=identity_id, **OWN[method])
    linked = converge(current, method, identity_id=identity_id, template_id=template_id)
    assert linked["diff"] == {"before": {"template_id": ""}, "after": {"template_id": template_id}}
    assert PROVIDED[method].items() <= linked[f"identity_{method}_auth"].items()
    unlinked = converge(current, method, identity_id=identity_id, template_id="")
    assert unlinked["diff"] == {"before": {"template_id": template_id}, "after": {"template_id": ""}}
    assert PROVIDED[method].items() <= unlinked[f"identity_{method}_auth"].items()
    assert stored(current, method, identity_id)["templateId"] is None
    own = converge(current, method, identity_id=identity_id, **OWN[method])
    assert (
        own["changed"]
        and own[f"identity_{method}_auth"].items()
        >= {
            name: value for name, value in OWN[method].items() if name not in ("token_reviewer_jwt", "bind_pass")
        }.items()
    )


@every_method
def test_another_change_of_a_linked_method_leaves_its_link_and_its_connection_alone(current: Site, method: str) -> None:
    identity_id, template_id = current.identity(), template(current, method)
    current.ok(f"identity_{method}_auth", identity_id=identity_id, template_id=template_id)
    before = stored(current, method, identity_id)
    body = last_update(current, method, identity_id=identity_id, access_token_ttl=100)
    assert not FIELDS[method].keys() & body.keys()
    # Every PATCH without it drops the link of LDAP auth (server-notes#ldap-template-link).
    assert body["templateId"] == template_id
    after = stored(current, method, identity_id)
    copied = FIELDS[method].keys() | {"templateId"}
    assert {name: after.get(name) for name in copied} == {name: before.get(name) for name in copied}


@every_method
def test_a_connection_beside_a_template_is_rejected_before_any_write(current: Site, method: str) -> None:
    identity_id, template_id = current.identity(), template(current, method)
    option, value = next(iter(OWN[method].items()))
    own: dict[str, Any] = {option: value}
    error = f"{option} must not be set with template_id, which provides it"

    def rejected(check: bool = False, **options: Any) -> None:
        current.clear_requests()
        failure = current.failure(f"identity_{method}_auth", identity_id=identity_id, check=check, **options)
        assert failure["kind"] == "validation" and error in failure["msg"]
        assert current.counts()["writes"] == 0

    rejected(template_id=template_id, **own)
    current.ok(f"identity_{method}_auth", identity_id=identity_id, **OWN[method])
    rejected(template_id=template_id, **own)
    current.ok(f"identity_{method}_auth", identity_id=identity_id, template_id=template_id)
    rejected(**own)
    rejected(check=True, **own)
    declared = {"name": "web", f"{method}_auth": own}
    result = current.run("identities", identities=[declared])
    assert result["failed"] and error in result["msg"] and current.counts()["writes"] == 0


@every_method
def test_the_export_of_a_linked_method_makes_it_again(current: Site, method: str) -> None:
    template_id = template(current, method)
    declared = {"name": "web", f"{method}_auth": {"template_id": template_id}}
    current.ok("identities", identities=[declared])
    exported = current.ok("identities_info", names=["web"])["identities"]
    assert exported[0][f"{method}_auth"]["template_id"] == template_id
    assert not current.ok("identities", identities=exported)["changed"]
    current.ok("identities", identities=[{"name": "web", "state": "absent"}])
    current.ok("identities", identities=exported)
    assert current.ok("identities_info", names=["web"])["identities"] == exported


def test_an_ldap_template_that_does_not_exist_is_not_taken_for_linked(current: Site) -> None:
    """The server takes it for none (server-notes#ldap-template-link)."""
    identity_id = current.identity()
    current.ok("identity_ldap_auth", identity_id=identity_id, **OWN["ldap"])
    failure = current.failure(
        "identity_ldap_auth", identity_id=identity_id, template_id="3c90c3cc-0d44-4b50-8888-8dd25736052a"
    )
    assert "accepted template_id '3c90c3cc-0d44-4b50-8888-8dd25736052a', but stored '' instead" in failure["msg"]


# Gateways


def gateway(site: Site, pool: bool = False) -> str:
    answer = requests.post(f"{site.url}/_emulator/gateways", json={"pool": pool}, timeout=10)
    return str(answer.json()["id"])


@pytest.mark.parametrize("first_is_pool", [False, True])
def test_gateways_and_pools_displace_one_another(current: Site, first_is_pool: bool) -> None:
    ids = {"gateway_id": gateway(current), "gateway_pool_id": gateway(current, pool=True)}
    one, other = sorted(ids, reverse=first_is_pool)
    identity_id = current.identity()
    task = {"identity_id": identity_id}
    converge(current, "kubernetes", **task, kubernetes_host=HOST, **{one: ids[one]})
    done = converge(current, "kubernetes", **task, **{other: ids[other]})
    assert done["diff"] == {"before": {one: ids[one], other: ""}, "after": {one: "", other: ids[other]}}
    converge(current, "kubernetes", **task, access_token_ttl=100)
    returned = current.ok("identity_kubernetes_auth", **task)["identity_kubernetes_auth"]
    assert (returned[one], returned[other]) == ("", ids[other]), "another change leaves them alone"
    done = converge(current, "kubernetes", **task, **{other: ""})
    assert done["diff"] == {"before": {other: ids[other]}, "after": {other: ""}}


def test_a_gateway_beside_a_pool_is_rejected_before_any_request(current: Site) -> None:
    ids = {"gateway_id": gateway(current), "gateway_pool_id": gateway(current, pool=True)}
    identity_id = current.identity()
    current.clear_requests()
    failure = current.failure("identity_kubernetes_auth", identity_id=identity_id, kubernetes_host=HOST, **ids)
    assert "gateway_id and gateway_pool_id must not be given together" in failure["msg"]
    failure = current.failure("identities", identities=[{"name": "web", "kubernetes_auth": ids}])
    assert "identities[0].kubernetes_auth.gateway_id and gateway_pool_id must not" in failure["msg"]
    assert current.requests() == []


def test_review_by_a_gateway_needs_one(current: Site) -> None:
    identity_id = current.identity()
    failure = current.failure("identity_kubernetes_auth", identity_id=identity_id, token_review_mode="gateway")
    assert "token_review_mode gateway requires gateway_id or gateway_pool_id" in failure["msg"]
    converge(current, "kubernetes", identity_id=identity_id, token_review_mode="gateway", gateway_id=gateway(current))
    body = last_update(current, "kubernetes", identity_id=identity_id, access_token_ttl=100)
    assert body["gatewayId"] and body["tokenReviewMode"] == "gateway", "the server wants both in one body"


# The certificate


def test_verification_follows_the_certificate(current: Site) -> None:
    task = {"identity_id": current.identity()}

    def verifies(**options: Any) -> bool:
        return bool(
            converge(current, "kubernetes", **task, **options)["identity_kubernetes_auth"]["verify_tls_certificate"]
        )

    assert not verifies(kubernetes_host=HOST)
    assert verifies(ca_certificate=certificate(1))
    assert verifies(ca_certificate=certificate(2))
    assert not verifies(ca_certificate="")
    assert verifies(ca_certificate=certificate(1), verify_tls_certificate=True)
    current.clear_requests()
    failure = current.failure("identity_kubernetes_auth", **task, verify_tls_certificate=False)
    assert "verify_tls_certificate must be true with a ca_certificate" in failure["msg"]
    assert current.counts()["writes"] == 0


# Secrets that the server returns in clear


@every_method
def test_secrets_of_a_method_are_in_no_result(current: Site, method: str) -> None:
    """Neither where they are given, nor where only the server holds them, in no result, diff or export."""
    secret = {"kubernetes": OTHER_JWT, "ldap": "carp-2f6a91b0-bind"}[method]
    option = {"kubernetes": "token_reviewer_jwt", "ldap": "bind_pass"}[method]
    element = {"name": "web", f"{method}_auth": OWN[method]}
    results = [
        current.ok("identities", identities=[element], check=True),
        current.ok("identities", identities=[element]),
        current.ok(
            "identities", identities=[{"name": "web", f"{method}_auth": {option: "roach-77b1d20e"}}], check=True
        ),
        current.ok("identities_info", names=["web"]),
        current.ok("identity_info", identity_name="web"),
        current.ok(f"identity_{method}_auth", identity_name="web", access_token_ttl=100),
        current.ok(f"identity_{method}_auth", identity_name="web", **{option: "roach-77b1d20e"}),
        current.ok(f"identity_{method}_auth", identity_name="web", state="absent"),
    ]
    (before,), (after,) = ([one[side][f"{method}_auth"] for one in results[2]["diff"]] for side in ("before", "after"))
    assert (before, after) == ({option: MASKED}, {option: MASKED_CHANGE})
    assert option not in results[3]["identities"][0][f"{method}_auth"]
    assert option not in results[4]["identity"][f"{method}_auth"]
    assert secret not in json.dumps(results) and "roach-77b1d20e" not in json.dumps(results)


def test_what_a_method_needs_by_its_state_is_needed_inside_identities(current: Site) -> None:
    current.clear_requests()
    failure = current.failure("identities", identities=[{"name": "web", "kubernetes_auth": {"allowed_names": ["x"]}}])
    assert "kubernetes_host is required with token_review_mode api" in failure["msg"]
    assert current.counts()["writes"] == 0
