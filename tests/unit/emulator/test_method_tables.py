# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every table of an auth method, and what no conformance case can see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.auth_methods import METHODS, secret_fields
from tests.emulator.auth_methods.ldap import is_filter
from tests.emulator.method_table import AuthMethod
from tests.emulator.schema import Field, required, shape, text, union, variant

from .conftest import Client

TABLES = [(profile, method) for profile, methods in METHODS.items() for method in methods.values()]
every_table = pytest.mark.parametrize(("profile", "method"), TABLES, ids=lambda value: getattr(value, "slug", value))
TEMPLATE = {
    "name": "shared",
    "authMethod": "kubernetes",
    "templateFields": {"kubernetesHost": "https://k", "tokenReviewerJwt": "reviewer of the template"},
}
LISTS = {"allowedNamespaces": "", "allowedNames": ""}
KUBERNETES = {**LISTS, "kubernetesHost": "https://k", "allowedAudience": ""}


@every_table
def test_a_table_speaks_of_fields_it_has(profile: str, method: AuthMethod) -> None:
    known = {name for name, _field in method.every_field()} | set(method.fixed) | set(method.generated)
    named = {
        *method.required_on_update,
        *method.not_on_update,
        *method.reset_on_update,
        *method.kept_by_empty,
        *method.null_stores,
        *method.displaces,
        *method.displaces.values(),
        *method.derived,
        *method.references,
        *method.only_on_get,
        *method.omitted_on_revoke,
        *method.echoed_by_attach,
        *(rule.at for rule in (*method.body_rules, *method.body_rules_of_update)),
        *(method.template.fields if method.template else ()),
    }
    assert named <= known


def test_what_is_called_secret_is_hidden_from_whoever_looks(current: Client) -> None:
    """In the record of requests, and in the stored state; a certificate is no secret."""
    assert {"bindPass", "tokenReviewerJwt", "jwt", "password", "iamRequestBody"} <= secret_fields()
    current.post(current.method("kubernetes-auth", current.identity()), json={**KUBERNETES, "tokenReviewerJwt": "hush"})
    body = {
        "url": "ldap://l",
        "bindDN": "cn=x",
        "bindPass": "hush",
        "searchBase": "dc=x",
        "ldapCaCertificate": "a certificate",
    }
    current.post(current.method("ldap-auth", current.identity()), json=body)
    current.post("/api/v1/identity-templates", json={"name": "n", "authMethod": "ldap", "templateFields": body})
    for seen in (current.emulator.requests(), current.emulator.state()):
        assert "hush" not in json.dumps(seen)
        assert "a certificate" in json.dumps(seen)


def test_a_copied_reviewer_token_stays_masked_until_it_is_replaced(current: Client) -> None:
    template = current.post("/api/v1/identity-templates", json=TEMPLATE).json()
    path = current.method("kubernetes-auth", current.identity())
    current.post(path, json={**LISTS, "templateId": template["id"]})

    def reviewer(**body: Any) -> str:
        answer = current.patch(path, json=body).json()["identityKubernetesAuth"]["tokenReviewerJwt"]
        assert answer == current.get(path).json()["identityKubernetesAuth"]["tokenReviewerJwt"]
        return str(answer)

    assert reviewer(allowedNames="one") == ""
    assert reviewer(templateId=None) == ""
    assert reviewer(tokenReviewerJwt="") == ""
    assert reviewer(tokenReviewerJwt="mine") == "mine"


def test_a_gateway_has_the_id_that_a_test_gives_it_or_any(current: Client) -> None:
    gateway_id = "0A1B2C3D-0000-4000-8000-000000000000"
    assert current.post("/_emulator/gateways", json={"id": gateway_id}).json()["id"] == gateway_id.lower()
    path = current.method("kubernetes-auth", current.identity())
    answer = current.post(path, json={**KUBERNETES, "gatewayId": gateway_id})
    assert answer.json()["identityKubernetesAuth"]["gatewayId"] == gateway_id.lower()
    another = {"gatewayPoolId": "ffffffff-0000-4000-8000-000000000000"}
    assert current.patch(path, json=another).status_code == 404
    current.post("/_emulator/gateways", json={"any": True})
    assert current.patch(path, json=another).ok


@pytest.mark.parametrize("value", ["(uid={{username}})", "uid=x", "(&)", "(&(a=b)(|(c>=1)(!(d=*))))", "(cn:dn:2.4:=x)"])
def test_a_filter(value: str) -> None:
    assert is_filter(value)


@pytest.mark.parametrize("value", ["", "x", "(uid=x", "(uid=x))", "(!(a=b)(c=d))", "(&a=b)", "(a=(b))"])
def test_no_filter(value: str) -> None:
    assert not is_filter(value)


A, B = {"a": required(text(minimum=2))}, {"b": required(text()), "c": Field(text(), default="default")}


@pytest.mark.parametrize(
    ("value", "stored", "paths"),
    [
        ({"a": "aa", "b": "b"}, {"a": "aa"}, []),
        ({"b": "b"}, {"b": "b", "c": "default"}, []),
        # A check that fails is reported as it is; what is of no form at all under one issue.
        ({"a": "a"}, None, [["a"]]),
        ({}, None, [[]]),
        ([], None, [[]]),
    ],
)
def test_a_body_of_the_first_form_that_fits(value: Any, stored: Any, paths: list[Any]) -> None:
    issues: list[dict[str, Any]] = []
    found = union(shape(A), shape(B))(value, (), issues)
    assert [issue["path"] for issue in issues] == paths
    assert paths or found == stored


@pytest.mark.parametrize(
    ("value", "stored", "paths"),
    [
        ({"kind": "b", "b": "x", "a": "dropped"}, {"kind": "b", "b": "x", "c": "default"}, []),
        ({"kind": "b"}, None, [["b"]]),
        ({"kind": "other"}, None, [["kind"]]),
        ({"b": "x"}, None, [["kind"]]),
        ("text", None, [[]]),
    ],
)
def test_a_body_of_the_form_that_it_names(value: Any, stored: Any, paths: list[Any]) -> None:
    issues: list[dict[str, Any]] = []
    found = variant("kind", {"a": A, "b": B})(value, (), issues)
    assert [issue["path"] for issue in issues] == paths
    assert paths or found == stored
