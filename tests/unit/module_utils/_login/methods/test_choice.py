# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The choice of the login method, and validation before any request."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.machineid.infisical.plugins.module_utils._login.choice import (
    PLAIN_METHODS,
    login_class,
    proving_methods,
)
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from tests.conftest import Site

from .conftest import Neighbour
from .proving import NOBODY, logins, proof, rejection

ENCRYPTED = "https://127.0.0.1:9"
METHODS = (*PLAIN_METHODS, *proving_methods())
SPELLINGS = {
    # Terraform's, the CLI's, infisical.vault's (server-notes#variables-of-other-clients).
    "universal_auth": ["universal", "universal-auth", "Universal_Auth "],
    "token_auth": ["token", "token-auth", "access_token"],
    "aws_auth": ["aws_iam", "aws-iam", "aws", "AWS-auth", "aws_iam_auth"],
    "azure_auth": ["azure", "azure-auth"],
    "gcp_auth": ["gcp", "gcp-auth", "gcp-iam", "gcp-id-token", "gcp_id_token_auth"],
    "kubernetes_auth": ["kubernetes", "kubernetes-auth"],
    "oidc_auth": ["oidc", "oidc-auth"],
    "jwt_auth": ["jwt", "jwt-auth"],
    "oci_auth": ["oci", "oci-auth"],
    "ldap_auth": ["ldap", "ldap-auth"],
    "tls_cert_auth": ["tls-cert", "tls-cert-auth", "tls_cert"],
    "alicloud_auth": ["alicloud", "alicloud-auth", "aliyun", "alibaba-cloud", "alibabacloud"],
    "spiffe_auth": ["spiffe", "spiffe-auth"],
}


def test_every_method_has_its_spellings() -> None:
    assert {method.name for method in METHODS} == set(SPELLINGS)
    for name, spellings in SPELLINGS.items():
        for spelling in (name, *spellings):
            assert login_class({"auth_method": spelling}).name == name, spelling


def test_an_unknown_method_is_rejected_with_all_that_there_are(current: Site) -> None:
    failure = current.failure("login", auth_method="saml")
    assert failure["kind"] == "validation"
    assert "auth_method must be one of universal_auth, token_auth, aws_auth," in failure["msg"]
    assert "got 'saml'" in failure["msg"]


@pytest.mark.parametrize("method", [method.name for method in METHODS if "auth_identity_id" in method.credentials])
def test_an_identity_is_needed_and_is_a_uuid(current: Site, method: str) -> None:
    assert "auth_identity_id" in rejection(current, method, url=ENCRYPTED)["msg"]
    failure = current.failure("login", auth_method=method, auth_identity_id="web", url=ENCRYPTED)
    assert (failure["kind"], "auth_identity_id must be the id of an identity" in failure["msg"]) == ("validation", True)
    assert logins(current) == 0


def test_all_errors_come_in_one_message(current: Site) -> None:
    failure = current.failure("login", auth_method="aws", auth_identity_id="web", aws_region="nowhere!", timeout=0)
    for option in ("auth_identity_id", "aws_region", "timeout"):
        assert f"{option} must be" in failure["msg"]


@pytest.mark.parametrize(
    ("method", "needed"),
    [
        ("oidc", "auth_identity_id and jwt"),
        ("jwt", "auth_identity_id and jwt"),
        ("ldap", "auth_identity_id, ldap_username and ldap_password"),
        ("tls-cert", "auth_identity_id and tls_cert_path"),
        ("alicloud", "auth_identity_id"),
        ("spiffe", "auth_identity_id and one of jwt, spiffe_jwt_path and spiffe_endpoint_socket"),
        ("gcp-iam", "auth_identity_id and gcp_service_account_key_path"),
        ("gcp-id-token", "auth_identity_id"),
        ("aws", "auth_identity_id"),
    ],
)
def test_what_is_missing_is_named(current: Site, method: str, needed: str) -> None:
    assert f"requires {needed}. Set them" in rejection(current, method, url=ENCRYPTED)["msg"]


def test_the_variable_of_the_method_comes_before_the_general_one(
    current: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFISICAL_MACHINE_IDENTITY_ID", "general")
    monkeypatch.setenv("INFISICAL_LDAP_AUTH_IDENTITY_ID", "of-ldap")
    monkeypatch.setenv("INFISICAL_AUTH_METHOD", "ldap-auth")
    assert "got 'of-ldap'" in current.failure("login", ldap_username="u", token=None)["msg"]
    assert "got 'general'" in current.failure("login", auth_method="jwt")["msg"]
    assert "got 'option'" in current.failure("login", auth_method="ldap", auth_identity_id="option")["msg"]


def test_the_token_variables_of_one_method_are_not_those_of_another(
    current: Site, recorder: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFISICAL_JWT", "of-ci")
    assert "service account token" in rejection(current, "kubernetes", auth_identity_id=NOBODY)["msg"]
    monkeypatch.setenv("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", "of-pod")
    for method, jwt in (("kubernetes", "of-pod"), ("oidc", "of-ci"), ("jwt", "of-ci")):
        body = proof(current, recorder, method, auth_identity_id=NOBODY, secrets=(jwt,))
        assert body == {"identityId": NOBODY, "jwt": jwt}


def test_the_sub_organisation_is_sent_when_it_is_given(current: Site, recorder: Neighbour) -> None:
    options: dict[str, Any] = {"auth_identity_id": NOBODY, "jwt": "a.b.c"}
    assert "organizationSlug" not in proof(current, recorder, "jwt", **options)
    assert proof(current, recorder, "jwt", organization_slug="sub", **options)["organizationSlug"] == "sub"


def test_every_option_and_variable_is_documented() -> None:
    options = re.split(r"^  (?=\w+:$)", ModuleDocFragment.DOCUMENTATION.partition("options:\n")[2], flags=re.MULTILINE)
    documented = {text.partition(":")[0]: text for text in options}
    for option in CONNECTION_OPTIONS:
        of_methods = [variable for variables in option.env_of_method.values() for variable in variables]
        for variable in (*option.env, *of_methods):
            assert f"E({variable})" in documented[option.name], variable


def test_most_tasks_import_no_login_of_a_machine() -> None:
    """Proving methods are not imported by tasks that do not use them."""
    code = (
        "import sys\n"
        "from ansible_collections.machineid.infisical.plugins.module_utils._runner import run as _run\n"
        "from ansible_collections.machineid.infisical.plugins.module_utils._login.choice import login_class\n"
        "login_class({}), login_class({'token': 'x'}), login_class({'auth_method': 'universal'})\n"
        "assert not [name for name in sys.modules if '_login.methods' in name]\n"
        "login_class({'auth_method': 'aws'})\n"
        "assert not [name for name in sys.modules if 'oci_auth' in name or name.split('.')[0] in ('botocore', 'oci')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("library", "method", "options"),
    [
        ("botocore", "aws", {}),
        ("oci", "oci", {}),
        ("azure.identity", "azure", {}),
        ("google.auth", "gcp", {"gcp_service_account_key_path": "/dev/null"}),
        ("alibabacloud_credentials", "alicloud", {}),
        ("spiffe", "spiffe", {"spiffe_endpoint_socket": "unix:///agent.sock", "spiffe_audience": "infisical"}),
    ],
)
def test_a_library_that_is_not_installed(
    current: Site, uninstall: Callable[[str], None], library: str, method: str, options: dict[str, Any]
) -> None:
    uninstall(library)
    failure = rejection(current, method, auth_identity_id=NOBODY, **options)
    package = library.replace(".", "-").replace("_", "-")
    assert f"Failed to import the required Python library ({package})" in failure["msg"]
    assert f"This is required to log in by {method}_auth" in failure["msg"]
    assert f"`{sys.executable} -m pip install {package}`" in failure["msg"]
    assert logins(current) == 0
