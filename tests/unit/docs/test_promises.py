# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Promises of the documents that no other suite covers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Site

from .documents import ROOT

OPEN: dict[str, dict[str, Any]] = {
    "aws_auth": {"access_token_ttl": 60},
    "azure_auth": {"tenant_id": "7c4f3b0e-2b1a-4e65-9f5d-0a1b2c3d4e5f", "resource": "https://management.azure.com/"},
    "oci_auth": {"tenancy_ocid": "ocid1.tenancy.oc1..aaaaaaaaexample"},
}


@pytest.mark.parametrize("method", OPEN)
def test_what_would_be_open_to_everybody_is_rejected_before_a_write(method: str, current: Site) -> None:
    current.clear_requests()
    declared = [{"name": "billing-api", method: OPEN[method]}]
    rejected = current.failure("identities", identities=declared, allow_open_methods=False)
    assert rejected["kind"] == "validation"
    assert "could log in as billing-api" in rejected["msg"]
    assert current.counts()["writes"] == 0


def test_the_role_rejects_it_unless_allowed() -> None:
    defaults = yaml.safe_load((ROOT / "roles/onboard/defaults/main.yml").read_text())
    present = (ROOT / "roles/onboard/tasks/present.yml").read_text()
    assert defaults["onboard_allow_open_methods"] is False
    assert 'allow_open_methods: "{{ onboard_allow_open_methods }}"' in present


@pytest.mark.parametrize("method", OPEN)
def test_a_module_warns_of_it(method: str, sites: Callable[..., Site]) -> None:
    site = sites()
    result = site.ok(f"identity_{method}", identity_id=site.identity(), **OPEN[method])
    assert any("can log in as identity" in warning for warning in result["warnings"])


def test_the_execution_environment_is_understood(tmp_path: Path) -> None:
    definition = ROOT / "docs/awx/execution-environment.yml"
    builder = Path(sys.executable).parent / "ansible-builder"
    command: list[str | Path] = [builder, "create", "-f", definition, "-c", tmp_path / "context"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "machineid.infisical" in (tmp_path / "context/_build/requirements.yml").read_text()


def test_drift_is_reported_without_a_write(current: Site) -> None:
    current.ok(
        "identities", identities=[{"name": "billing-api", "aws_auth": {"allowed_account_ids": ["123456789012"]}}]
    )
    estate = current.ok("identities_info")["identities"]
    identity_id = current.ok("identities_info")["identity_ids"]["billing-api"]
    current.api("PATCH", f"/api/v1/auth/aws-auth/identities/{identity_id}", {"accessTokenTTL": 60})
    current.clear_requests()
    report = current.run("identities", identities=estate, check=True)
    assert [one["name"] for one in report["identities"] if one["changed"]] == ["billing-api"]
    assert current.counts()["writes"] == 0
    current.ok("identities", identities=estate)
    assert current.ok("identities_info")["identities"] == estate
