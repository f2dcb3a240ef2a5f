# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make quick METHOD=…` runs the tests of one module, and no others."""

from __future__ import annotations

import pytest

from tests.conftest import concerns
from tests.integration.harness import ROOT
from tests.unit.tables import AUTH_METHODS

UNIT = "tests/unit/module_utils"


@pytest.mark.parametrize(
    ("test", "modules"),
    [
        (f"{UNIT}/_model/test_properties.py::test_x[identity_aws_auth-2024-10]", {"identity_aws_auth"}),
        (f"{UNIT}/_model/test_properties.py::test_x[identity-current]", {"identity"}),
        (f"{UNIT}/_model/test_properties.py::test_x[project_identity-current]", {"project_identity"}),
        (
            f"{UNIT}/_runner/test_odd_options.py::test_x[identities-identities.aws_auth.sts_endpoint]",
            {"identity_aws_auth"},
        ),
        (f"{UNIT}/_login/methods/test_aws.py::test_a_user_logs_in", {"identity_aws_auth"}),
        ("tests/unit/emulator/test_auth_methods.py::test_x[aws-auth]", {"identity_aws_auth"}),
        ("tests/conformance/test_current.py::test_x[ttl:attach:aws]", {"identity_aws_auth"}),
        ("tests/conformance/test_current.py::test_x[aws:login]", {"identity_aws_auth"}),
        ("tests/integration/test_targets.py::test_target[identity_aws_auth]", {"identity_aws_auth"}),
        ("tests/integration/test_examples.py::test_block_of_a_document[docs/user-guide.md:1]", set()),
        ("tests/faults/test_fleets.py::test_x[aws]", set()),
        ("tests/unit/docs/test_documents.py::test_x", {"identity_aws_auth", "identity", "project_identity"}),
    ],
)
def test_a_test_concerns_the_module_that_it_names(test: str, modules: set[str]) -> None:
    assert {one for one in ("identity_aws_auth", "identity", "project_identity") if concerns(test, one)} == modules


@pytest.mark.parametrize("module", AUTH_METHODS)
def test_every_method_has_a_target_of_its_name(module: str) -> None:
    assert (ROOT / "tests" / "integration" / "targets" / f"{module}.yml").exists()
