# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The job template with the survey, run with ansible-runner as in AWX. Rejections need only its playbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..harness import Runner
from ..stage import Actor
from . import controller
from .conftest import Environment
from .jobs import Job, run

THIS_MACHINE = {
    "_meta": {
        "hostvars": {
            "localhost": {
                "ansible_connection": "local",
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            }
        }
    },
    "all": {"hosts": ["localhost"]},
}
SEEDED = ("emulator-admin", "foreign-identity")
ACCOUNT = "012345678901"
ARNS = [f"arn:aws:iam::{ACCOUNT}:role/web", f"arn:aws:sts::{ACCOUNT}:assumed-role/web/*"]
TENANT = "11111111-2222-3333-4444-555555555555"
PRINCIPALS = ["66666666-7777-8888-9999-000000000000", "66666666-7777-8888-9999-000000000001"]


class Template:
    """The job template of one server, which is launched with answers."""

    def __init__(self, server: Actor, environment: Environment, runner: Runner) -> None:
        self.server = server
        self.environment = environment
        self.runner = runner
        self.directory = runner.directory
        self.launched = 0

    def launch(self, *, check: bool = False, inputs: dict[str, Any] | None = None, **answers: Any) -> Job:
        self.launched += 1
        variables = controller.extra_vars(controller.answered({f"survey_{name}": one for name, one in answers.items()}))
        directory = self.directory / f"job-{self.launched}"
        controller.private_data(directory, inventory=THIS_MACHINE, variables=variables)
        self.server.emulator.clear_requests()
        job = run(directory, "onboard_survey.yml", self.environment(self.server, **(inputs or {})), check=check)
        return job.keeps_quiet(self.server.secrets)

    def rejection(self, **answers: Any) -> str:
        """Runs the playbook without ansible-runner. Returns the failure, which comes before anything is created."""
        given = controller.answered({f"survey_{name}": one for name, one in answers.items()})
        variables = self.directory / "answers.yml"
        variables.write_text(controller.extra_vars(given))
        credential = {
            name: value for name, value in self.environment(self.server).items() if name.startswith("INFISICAL_")
        }
        self.server.emulator.clear_requests()
        playbook = str(controller.PROJECT / "onboard_survey.yml")
        outcome = self.runner.playbook(playbook, {"localhost": {}}, "--extra-vars", f"@{variables}", **credential)
        assert outcome.code != 0 and not self.identities()
        return str([record.result for record in outcome.records if record.outcome == "failed"])

    def writes(self) -> int:
        return self.server.emulator.counts()["writes"]

    def method(self, slug: str, identity: str = "web") -> dict[str, Any]:
        found: dict[str, Any] = self.identities()[identity]["methods"][slug]
        return found

    def identities(self) -> dict[str, dict[str, Any]]:
        """Returns the identities that jobs have created."""
        return {one["name"]: one for one in self.server.emulator.state()["identities"] if one["name"] not in SEEDED}


@pytest.fixture
def template(server: Actor, environment: Environment, runner: Runner) -> Template:
    return Template(server, environment, runner)


def test_answers_onboard_a_workload(template: Template, tmp_path: Path) -> None:
    template.server.project("Storefront", "storefront")
    file = tmp_path / "kept" / "web.env"
    file.parent.mkdir()
    answers: dict[str, Any] = {
        "identity_name": " web ",
        "identity_role": "member",
        "aws_account_ids": f"{ACCOUNT}\n",
        "aws_principal_arns": f"{ARNS[0]}\n{ARNS[1]},",
        "azure_tenant_id": TENANT,
        "azure_object_ids": " ".join(PRINCIPALS),
        "oci_tenancy_ocid": "ocid1.tenancy.oc1..aaaaaaaaweb",
        "oci_usernames": "web@example.com, web-batch",
        "project_slug": "storefront",
        "project_roles": "viewer",
        "client_secret_description": "virtual machine",
        "client_secret_file": str(file),
        "client_secret_days": 30,
    }
    planned = template.launch(check=True, **answers).succeeded()
    assert template.writes() == 0 and not template.identities() and planned.stats()["changed"] == {"localhost": 1}
    first = template.launch(**answers).succeeded()
    assert first.stats()["changed"] == {"localhost": 1}
    assert template.identities()["web"]["role"] == "member"
    assert template.method("aws-auth")["allowedAccountIds"] == ACCOUNT
    assert template.method("aws-auth")["allowedPrincipalArns"].split(", ") == ARNS
    assert template.method("azure-auth")["resource"] == "https://management.azure.com/"
    assert template.method("azure-auth")["allowedServicePrincipalIds"].replace(" ", "") == ",".join(PRINCIPALS)
    assert template.method("oci-auth")["allowedUsernames"].replace(" ", "") == "web@example.com,web-batch"
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert lines["INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"] in template.server.secrets.values, "the search would find it"
    second = template.launch(**answers).succeeded()
    assert second.stats()["changed"] == {} and template.writes() == 0


def test_an_empty_answer_clears_nothing(template: Template) -> None:
    identity_id = template.server.identity("web", role="member")
    body = {"allowedPrincipalArns": ARNS[0], "accessTokenTTL": 600, "accessTokenMaxTTL": 900}
    template.server.api("POST", f"/api/v1/auth/aws-auth/identities/{identity_id}", body)
    template.launch(identity_name="web", aws_account_ids=ACCOUNT, aws_principal_arns=" ,\n").succeeded()
    method = template.method("aws-auth")
    assert (method["allowedPrincipalArns"], method["allowedAccountIds"]) == (ARNS[0], ACCOUNT)
    assert (method["accessTokenTTL"], method["accessTokenMaxTTL"]) == (600, 900)
    assert template.identities()["web"]["role"] == "member"
    assert list(template.identities()["web"]["methods"]) == ["aws-auth"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"client_secret_description": "lost"}, "Client secret and File of the client secret depend on each other"),
        ({"project_roles": "viewer"}, "Project and Project roles depend on each other"),
    ],
)
def test_half_an_answer_is_rejected_before_the_first_request(
    template: Template, answers: dict[str, Any], message: str
) -> None:
    assert message in template.rejection(identity_name="web", **answers)
    assert template.server.emulator.counts()["total"] == 0


def test_a_file_that_cannot_be_written_is_rejected(template: Template) -> None:
    answers: dict[str, Any] = {"client_secret_description": "lost", "client_secret_file": "/no/such/directory/web.env"}
    assert "its directory does not exist" in template.rejection(identity_name="web", **answers)


def test_nobody_to_trust_is_rejected(template: Template) -> None:
    assert "could log in as web" in template.rejection(identity_name="web", azure_tenant_id=TENANT)


def test_a_wrong_secret_is_not_displayed(template: Template) -> None:
    wrong = "0123456789abcdef" * 4
    template.server.secrets.values.add(wrong)
    job = template.launch(identity_name="web", inputs={"universal_auth_client_secret": wrong})
    assert job.status == "failed"
    assert "universal_auth_client_secret" in str(job.text())
    assert not template.identities()


def test_a_token_is_enough_and_what_is_typed_is_no_template(template: Template) -> None:
    inputs = {
        "auth_method": "",
        "universal_auth_client_id": "",
        "universal_auth_client_secret": "",
        "token": template.server.token(),
    }
    template.launch(identity_name="{{ 7 * 6 }}", inputs=inputs).succeeded()
    assert list(template.identities()) == ["{{ 7 * 6 }}"]
