# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Allowlist entries that are valid but can never match: the warning, and the form that would match."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods import alicloud_auth
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.aws_auth import (
    ARN,
    account_error,
    arn_error,
    matching_arn,
    never_matching_arns,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.oci_auth import (
    tenancy_error,
    username_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.spiffe_auth import (
    ids_of_other_domains,
    spiffe_id_error,
    trust_domain_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.tls_cert_auth import (
    common_name_error,
)
from tests.conftest import Site
from tests.unit.generators import ACCOUNT, WORD, arns, certificate, public_key

A = "123456789012"
ROLE = f"arn:aws:iam::{A}:role"
USER = f"arn:aws:iam::{A}:user"
ASSUMED = f"arn:aws:sts::{A}:assumed-role"
NEVER = {
    # The server compares without path, without session and always in partition aws
    # (server-notes#matching-aws-principals).
    f"{ROLE}/team/app": f"{ROLE}/app",
    f"{ROLE}/a/b/app": f"{ROLE}/app",
    f"{USER}/team/bob": f"{USER}/bob",
    f"{ASSUMED}/app/i-123": f"{ROLE}/app",
    f"arn:aws-us-gov:iam::{A}:role/app": f"{ROLE}/app",
    f"arn:aws-us-gov:iam::{A}:user/bob": f"{USER}/bob",
    f"arn:aws-us-gov:iam::{A}:role/team/app": f"{ROLE}/app",
    f"arn:aws-us-gov:sts::{A}:assumed-role/app": f"{ASSUMED}/app",
    f"arn:aws-us-gov:iam::{A}:*": f"arn:aws:iam::{A}:*",
    # A lone * behind a path must not be widened to the whole account.
    f"{ROLE}/team/*": f"{ROLE}/NAME",
    f"{USER}/team/*": f"{USER}/NAME",
}
MATCHING = [
    f"{ROLE}/app", f"{USER}/bob", f"{ASSUMED}/app", f"arn:aws:iam::{A}:*", f"arn:aws:sts::{A}:*", f"{ROLE}/*",
    f"{ROLE}/app-*", f"{USER}/a.b@c+d_e",
]  # fmt: skip


@pytest.mark.parametrize(("arn", "form"), NEVER.items())
def test_an_arn_that_can_never_match_has_a_form_that_does(arn: str, form: str) -> None:
    assert arn_error(arn) is None, "the server accepts it"
    assert matching_arn(arn) == form
    (warning,) = never_matching_arns({"allowed_principal_arns": [MATCHING[0], arn]})
    assert warning.startswith(f"allowed_principal_arns[1] {arn} can never match") and f"Use {form}." in warning


@pytest.mark.parametrize("arn", MATCHING)
def test_an_arn_that_can_match_is_left_alone(arn: str) -> None:
    assert arn_error(arn) is None and matching_arn(arn) is None
    assert never_matching_arns({"allowed_principal_arns": [arn]}) == []


def test_no_list_no_warning() -> None:
    assert never_matching_arns({}) == never_matching_arns({"allowed_principal_arns": None}) == []


@given(arn=arns("current"))
def test_the_form_that_is_offered_matches_itself(arn: str) -> None:
    form = matching_arn(arn)
    if form is not None:
        assert arn_error(form) is None and matching_arn(form) is None
        assert ARN.match(form)["account"] == ARN.match(arn)["account"]  # type: ignore[index]


@given(account=ACCOUNT, path=WORD, name=WORD)
def test_the_form_never_admits_more_than_one_principal(account: str, path: str, name: str) -> None:
    for kind in ("role", "user"):
        assert matching_arn(f"arn:aws:iam::{account}:{kind}/{path}/{name}") == f"arn:aws:iam::{account}:{kind}/{name}"


@pytest.mark.parametrize(
    "arn",
    ["", "app", "*", f"arn:aws:iam::{A[:-1]}:role/app", f"arn:aws:iam::{A}:role/", f"arn:aws:iam::{A}:group/x",
     f"arn:aws:s3::{A}:role/app", f"arn:aws:iam:eu:{A}:role/app", f"{ROLE}/a b", f"arn:aws:iam::{A}:root",
     f"arn:azure:iam::{A}:role/app", f"{ROLE}/app\n",
     "arn:aws:iam::１２３456789012:role/app"],
)  # fmt: skip
def test_a_malformed_arn_is_rejected_with_the_right_forms(arn: str) -> None:
    error = arn_error(arn)
    assert error is not None
    for form in (":role/NAME", ":user/NAME", ":assumed-role/NAME", ":*"):
        assert form in error


NO_ACCOUNTS = ["", "12345678901", "1234567890123", "12345678901a", " 123456789012", "１２３456789012"]


@pytest.mark.parametrize("account", NO_ACCOUNTS)
def test_an_account_has_twelve_digits(account: str) -> None:
    assert account_error(account) is not None
    assert account_error(A) is None


@pytest.mark.parametrize(
    ("ocid", "valid"),
    [
        ("ocid1.tenancy.oc1..aaaa", True),
        ("ocid1.tenancy.oc1.", False),
        ("ocid1.tenancy.oc2..aaaa", False),
        ("ocid1.user.oc1..aaaa", False),
        ("tenancy", False),
        ("ocid1.tenancy.oc1..a b", False),
    ],
)
def test_a_tenancy_is_of_the_commercial_realm(ocid: str, valid: bool) -> None:
    assert (tenancy_error(ocid) is None) is valid


@given(name=st.text("abc._@-XYZ09", min_size=1))
def test_user_names(name: str) -> None:
    assert username_error(name) is None
    for wrong in (f"{name} ", f"a b{name}", f"{name}/x", f"{name}\n", ""):
        assert username_error(wrong) is not None


RAM = "acs:ram::1234567890123456"


@pytest.mark.parametrize(
    ("arn", "valid"),
    [
        (f"{RAM}:user/bob", True),
        (f"{RAM}:role/web.app", True),
        (f"{RAM}:user/", False),
        (f"{RAM}:user/a b", False),
        (f"{RAM}:group/x", False),
        (f"{RAM[:-1]}:user/bob", False),
        (f"{RAM}:root", False),
        (f"{RAM}:user/bob\n", False),
        ("arn:aws:iam::123456789012:user/bob", False),
        ("acs:ram::１２３4567890123456:user/bob", False),
    ],
)
def test_an_alibaba_cloud_arn_is_of_a_user_or_a_role(arn: str, valid: bool) -> None:
    assert (alicloud_auth.arn_error(arn) is None) is valid


def test_a_wildcard_of_alibaba_cloud_is_a_warning() -> None:
    """server-notes#alibaba-cloud-principals"""
    options = {"allowed_arns": [f"{RAM}:user/bob", f"{RAM}:user/*"]}
    (warning,) = alicloud_auth.never_matching_arns(options)
    assert warning.startswith(f"allowed_arns[1] {RAM}:user/* can never match")
    assert alicloud_auth.never_matching_arns({}) == []


@pytest.mark.parametrize(
    ("pattern", "valid"),
    [
        ("spiffe://example.org/ns/a", True),
        ("spiffe://example.org/ns/*/sa/{api}", True),
        ("spiffe://example.org/ns/{a,b}", False),
        ("spiffe://", False),
        ("https://example.org/ns/a", False),
        ("spiffe://example.org/a b", False),
        ("*", False),
    ],
)
def test_a_spiffe_id_is_one_without_commas(pattern: str, valid: bool) -> None:
    """At which the server would split it (server-notes#spiffe-required-lists)."""
    assert (spiffe_id_error(pattern) is None) is valid


def test_ids_of_another_trust_domain_are_a_warning() -> None:
    ids = ["spiffe://example.org/a", "spiffe://other.org/a", "spiffe://*/a", "spiffe://example.org.evil/a"]
    options = {"trust_domain": "example.org", "allowed_spiffe_ids": ids}
    assert [warning.split()[0] for warning in ids_of_other_domains(options)] == [
        "allowed_spiffe_ids[1]", "allowed_spiffe_ids[3]",
    ]  # fmt: skip
    assert ids_of_other_domains({"allowed_spiffe_ids": ids}) == [], "the trust domain is not known here"


@pytest.mark.parametrize(
    ("domain", "valid"),
    [
        ("example.org", True),
        ("A1", True),
        ("spiffe://example.org", False),
        ("-a", False),
        ("a.", False),
        ("a_b", False),
    ],
)
def test_a_trust_domain_has_no_scheme(domain: str, valid: bool) -> None:
    assert (trust_domain_error(domain) is None) is valid


def test_a_common_name_has_no_comma() -> None:
    assert common_name_error("Web 1") is None and common_name_error("{a,b}") is not None


def test_a_list_that_google_cloud_does_not_check_keeps_nobody_out(current: Site) -> None:
    """server-notes#gcp-types: in the module a warning, and an error where open methods are rejected."""
    identity_id = current.identity()
    options = {"type": "iam", "allowed_projects": ["shop"]}
    warnings = current.ok("identity_gcp_auth", identity_id=identity_id, **options)["warnings"]
    assert warnings[0].startswith("allowed_projects has no effect with type iam")
    assert warnings[1].startswith("allowed_service_accounts empty: every service account of Google Cloud can log in")
    desired = {"name": "other", "gcp_auth": options}
    current.clear_requests()
    failure = current.failure("identities", identities=[desired], allow_open_methods=False)
    assert failure["kind"] == "validation" and current.counts()["writes"] == 0
    applied = current.ok("identities", identities=[desired])
    assert any("gcp_auth.allowed_projects has no effect with type iam" in one for one in applied["warnings"])


def test_the_warning_reaches_the_user_in_check_mode_too_and_only_then_the_list_is_changed(current: Site) -> None:
    identity_id = current.identity()
    options = {"identity_id": identity_id, "allowed_principal_arns": [f"{ROLE}/team/app"]}
    checked = current.ok("identity_aws_auth", check=True, **options)
    done = current.ok("identity_aws_auth", **options)
    assert checked["warnings"] == done["warnings"] and "allowed_principal_arns[0]" in done["warnings"][0]
    assert current.method("aws-auth", identity_id)["allowedPrincipalArns"] == f"{ROLE}/team/app"


@pytest.mark.parametrize(
    ("module", "options", "who"),
    [
        ("identity_aws_auth", {}, "every principal of every AWS account"),
        ("identity_azure_auth", {"tenant_id": "t", "resource": "r"}, "every service principal of the tenant"),
        ("identity_oci_auth", {"tenancy_ocid": "ocid1.tenancy.oc1..a"}, "every user of the tenancy"),
        ("identity_gcp_auth", {"type": "gce"}, "every service account of Google Cloud"),
        (
            "identity_jwt_auth",
            {"configuration_type": "static", "public_keys": [public_key(1)], "bound_claims": {}, "bound_issuer": "i"},
            "every token that the keys verify",
        ),
        (
            "identity_tls_cert_auth",
            {"ca_certificate": certificate(1)},
            "every client with a certificate of the authority",
        ),
    ],
)
def test_whom_an_empty_allowlist_admits_is_said_when_it_comes_to_be(
    current: Site, module: str, options: dict[str, Any], who: str
) -> None:
    identity_id = current.identity()
    for check in (True, False):
        (warning,) = current.ok(module, check=check, identity_id=identity_id, **options)["warnings"]
        assert who in warning and identity_id in warning
    assert "warnings" not in current.ok(module, identity_id=identity_id, **options)
