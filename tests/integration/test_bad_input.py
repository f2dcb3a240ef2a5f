# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Invalid options are rejected before the first request, with messages that name the option, the element and the
value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.emulator import Emulator

from .harness import GROUP, Outcome, Runner, play, task
from .stage import Actor

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
ARN = "arn:aws:iam::123456789012:role/web"


@dataclass(frozen=True)
class Case:
    """Invalid options of a module, and the expected parts of the message."""

    title: str
    module: str
    options: dict[str, Any]
    says: tuple[str, ...]
    named: dict[str, Any] = field(default_factory=lambda: {"identity_id": ID})

    @property
    def task(self) -> dict[str, Any]:
        return task(self.module, {**self.named, **self.options}, self.title, ignore_errors=True)


def aws(title: str, *says: str, **options: Any) -> Case:
    return Case(title, "identity_aws_auth", options, says)


CASES = [
    aws("a negative TTL", "access_token_ttl must be 0 to 315360000 seconds, got -1", access_token_ttl=-1),
    aws("a TTL of eleven years", "access_token_ttl must be 0 to", "315360001", access_token_ttl=315360001),
    aws("a maximum TTL of eleven years", "access_token_max_ttl must be 0 to", access_token_max_ttl=315360001),
    aws(
        "a TTL above its maximum",
        "access_token_ttl 7200 must not be above access_token_max_ttl 3600",
        access_token_ttl=7200,
        access_token_max_ttl=3600,
    ),
    aws("a negative limit of uses", "access_token_num_uses_limit must be 0 to", access_token_num_uses_limit=-1),
    aws(
        "no trusted address",
        "access_token_trusted_ips must not be empty",
        "['0.0.0.0/0', '::/0']",
        access_token_trusted_ips=[],
    ),
    aws(
        "a prefix of 33",
        "access_token_trusted_ips[0] must be",
        "'10.0.0.0/33'",
        access_token_trusted_ips=["10.0.0.0/33"],
    ),
    aws(
        "a host name", "access_token_trusted_ips[1]", "host names", access_token_trusted_ips=["10.0.0.1", "db.example"]
    ),
    aws("a leading zero", "access_token_trusted_ips[0]", "'010.0.0.1'", access_token_trusted_ips=["010.0.0.1"]),
    aws(
        "a prefix with a tail",
        "access_token_trusted_ips[0]",
        "'10.0.0.0/8abc'",
        access_token_trusted_ips="10.0.0.0/8abc",
    ),
    aws("an IPv6 prefix of 129", "access_token_trusted_ips[0]", access_token_trusted_ips=["2001:db8::/129"]),
    aws(
        "an account of eleven digits",
        "allowed_account_ids[0]",
        "12 digits",
        "'12345678901'",
        allowed_account_ids="12345678901",
    ),
    aws("an account id with a letter", "allowed_account_ids[1]", allowed_account_ids=["123456789012", "12345678901O"]),
    aws(
        "an ARN of another service",
        "allowed_principal_arns[0]",
        "ARN such as",
        allowed_principal_arns=["arn:aws:s3:::bucket"],
    ),
    aws("an ARN without account", "allowed_principal_arns[1]", allowed_principal_arns=[ARN, "arn:aws:iam:::role/web"]),
    aws("a role name", "allowed_principal_arns[0]", "'web'", allowed_principal_arns="web"),
    aws(
        "an allowlist of blanks",
        "allowed_principal_arns contains only blank elements",
        "[]",
        allowed_principal_arns=[" ", ""],
    ),
    aws(
        "4097 characters",
        "allowed_account_ids must be at most 4096 characters",
        allowed_account_ids=[str(10**11 + n) for n in range(400)],
    ),
    Case(
        "an identity id that is none",
        "identity_aws_auth",
        {},
        ("identity_id must be a UUID", "'web'"),
        named={"identity_id": "web"},
    ),
    Case("an empty name", "identity_aws_auth", {}, ("identity_name must not be empty",), named={"identity_name": " "}),
    Case(
        "a tenancy of another realm",
        "identity_oci_auth",
        {"tenancy_ocid": "ocid1.tenancy.oc2..aaaa"},
        ("tenancy_ocid must be the OCID of a tenancy of the commercial realm", "'ocid1.tenancy.oc2..aaaa'"),
    ),
    Case(
        "an OCID of a user",
        "identity_oci_auth",
        {"tenancy_ocid": "ocid1.user.oc1..aaaa"},
        ("tenancy_ocid must be the OCID of a tenancy", "'ocid1.user.oc1..aaaa'"),
    ),
    Case(
        "a user name with a blank",
        "identity_oci_auth",
        {"allowed_usernames": ["web", "John Doe"]},
        ("allowed_usernames[1]", "'John Doe'"),
    ),
    Case(
        "501 characters",
        "identity_oci_auth",
        {"allowed_usernames": ["u" * 501]},
        ("allowed_usernames must be at most 500",),
    ),
    Case("an empty tenant", "identity_azure_auth", {"tenant_id": ""}, ("tenant_id must not be empty",)),
    Case(
        "31 failed logins",
        "identity_universal_auth",
        {"lockout_threshold": 31},
        ("lockout_threshold must be 1 to 30", "31"),
    ),
    Case(
        "a name of 256 characters", "identity", {"name": "n" * 256}, ("name must be at most 255 characters, got 256",)
    ),
    Case("a role that stands for another", "identity", {"role": "custom"}, ("role must be the slug of a role",)),
    Case("metadata without a value", "identity", {"metadata": {"team": ""}}, ("metadata.team must not be empty",)),
    aws("an unknown login method", "auth_method must be one of universal_auth", "'kerberos'", auth_method="kerberos"),
    aws(
        "an address without scheme", "url must be an address such as https://", "'localhost:8080'", url="localhost:8080"
    ),
    aws("a file that is not there", "ca_path must be an existing file", "'/no/such/file'", ca_path="/no/such/file"),
    aws("no time at all", "timeout must be 1 to 3600 seconds, got 0", timeout=0),
    aws("fewer than no retries", "retries must be 0 to 100, got -1", retries=-1),
    aws(
        "five errors at once",
        "5 invalid options",
        "access_token_ttl must be",
        "access_token_trusted_ips[0]",
        "access_token_trusted_ips[2]",
        "allowed_account_ids[0]",
        "timeout must be",
        access_token_ttl=-1,
        access_token_trusted_ips=["300.0.0.1", "10.0.0.1", "x"],
        allowed_account_ids=["1"],
        timeout=0,
    ),
    Case(
        "both names of an identity",
        "identity_aws_auth",
        {"identity_name": "web"},
        ("parameters are mutually exclusive: identity_id|identity_name",),
    ),
    Case(
        "no name of an identity",
        "identity_aws_auth",
        {},
        ("one of the following is required: identity_id, identity_name",),
        {},
    ),
    Case("neither id nor name", "identity", {}, ("one of the following is required: identity_id, name",), {}),
    Case(
        "an unknown option",
        "identity_aws_auth",
        {"access_token_tl": 1},
        ("Unsupported parameters", "access_token_tl"),
    ),
    Case(
        "an unknown state",
        "identity_aws_auth",
        {"state": "gone"},
        ("state must be one of present, absent, got 'gone'",),
    ),
    aws("a word for a number", "access_token_ttl must be a whole number, got 'an hour'", access_token_ttl="an hour"),
    Case("a key without certificate", "identity", {"client_key": "/dev/null"}, ("client_key", "client_cert")),
]
AS_MODULE = {"a TTL above its maximum", "a prefix of 33", "five errors at once", "both names of an identity"}


@pytest.fixture(scope="module")
def rejections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Runs every case in process, and a few as modules, with credentials, so that a login would be counted."""
    runner = Runner(tmp_path_factory.mktemp("bad-input"))
    defaults = {
        GROUP: {
            "url": "{{ infisical_url }}",
            "universal_auth_client_id": "{{ infisical_client_id }}",
            "universal_auth_client_secret": "{{ infisical_client_secret }}",
        }
    }
    outcomes = {}
    with Emulator() as emulator:
        for execution_path in ("in_process", "module"):
            emulator.reset()
            tasks = [case.task for case in CASES if execution_path == "in_process" or case.title in AS_MODULE]
            hosts = {"infisical": Actor(emulator, "current", execution_path).variables()}
            outcomes[execution_path] = runner.playbook([play(tasks, module_defaults=defaults)], hosts)
    return outcomes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_rejected_before_the_first_request(case: Case, rejections: dict[str, Outcome]) -> None:
    record = rejections["in_process"].labelled(case.title)
    assert record.outcome == "failed"
    assert [text for text in case.says if text not in record.msg] == [], record.msg
    assert record.failure.get("kind") == "validation"
    assert record.requests["total"] == 0


@pytest.mark.parametrize("title", sorted(AS_MODULE))
def test_rejected_alike_as_a_module(title: str, rejections: dict[str, Outcome]) -> None:
    as_module = rejections["module"].labelled(title)
    assert as_module.outcome == "failed"
    assert as_module.result == rejections["in_process"].labelled(title).result
    assert as_module.requests["total"] == 0
