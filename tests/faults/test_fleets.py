# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets with rate limits, lost answers and failing identities: no duplicates, and no unnecessary waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http import client
from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import RateGate
from tests.conftest import Site, Time

ACCOUNTS = {"allowed_account_ids": ["123456789012"]}
OCI = {"tenancy_ocid": "ocid1.tenancy.oc1..x", "allowed_usernames": ["app"]}


def fleet(number: int, **parts: Any) -> list[dict[str, Any]]:
    return [{"name": f"fleet-{index:03}", "aws_auth": ACCOUNTS, **parts} for index in range(number)]


def names(site: Site) -> Counter[str]:
    return Counter(one["name"] for one in site.state()["identities"] if one["name"].startswith("fleet-"))


def writes(site: Site) -> int:
    return int(site.counts()["writes"])


def test_a_limit_of_sixty_writes_a_minute(sites: Callable[..., Site], waits: Time) -> None:
    site = sites(profile="current", write_limit=60, limit_window=60)
    waits.meanwhile = site.advance_clock
    result = site.ok("identities", identities=fleet(200, universal_auth={}), concurrency=1)
    assert result["summary"] == {"total": 200, "changed": 200, "unchanged": 0, "failed": []}
    assert set(names(site).values()) == {1} and len(names(site)) == 200
    rejected = [one for one in site.requests() if one["status"] == 429]
    # 600 writes at 60 per minute take ten windows. Each wait was requested by an answer, and there are no others.
    assert len(waits.slept) == len(rejected) == 9
    assert max(waits.slept) <= 60 and sum(waits.slept) <= 9 * 60


class RememberingGate(RateGate):
    """Records the requested and the actual waits."""

    requested: ClassVar[list[float]] = []
    held: ClassVar[list[float]] = []

    def hold(self, seconds: float) -> None:
        self.requested.append(seconds)
        super().hold(seconds)

    def wait(self) -> float:
        self.held.append(super().wait())
        return self.held[-1]


def test_all_threads_wait_when_one_is_asked_to(sites: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites(profile="current", write_limit=60, limit_window=1)
    monkeypatch.setattr(client, "RateGate", RememberingGate)
    result = site.ok("identities", identities=fleet(100), concurrency=4)
    assert result["summary"]["changed"] == 100 and set(names(site).values()) == {1}
    rejected = [one for one in site.requests() if one["status"] == 429]
    # 200 writes take at least three windows. Threads that do not wait for each other would be rejected repeatedly.
    assert 0 < len(rejected) <= 4 * 4 and len(RememberingGate.requested) == len(rejected)
    assert max(RememberingGate.requested) <= 1 and max(RememberingGate.held) <= 1.2


def test_a_lost_answer_to_each_kind_of_create(current: Site, waits: Time) -> None:
    current.inject(method="POST", path="/api/v1/identities$", drop="after", times=3)
    current.inject(method="POST", path="/aws-auth/identities/", drop="after", times=3)
    result = current.ok("identities", identities=fleet(20))
    assert result["summary"]["changed"] == 20 and result["summary"]["failed"] == []
    assert set(names(current).values()) == {1}
    current.clear_requests()
    assert current.ok("identities", identities=fleet(20))["summary"]["unchanged"] == 20
    assert writes(current) == 0


def test_one_failing_does_not_stop_the_others(either: Site, waits: Time) -> None:
    duplicates = [either.identity("fleet-001"), either.identity("fleet-001")]
    result = either.run("identities", identities=fleet(5))
    assert result["failed"] and result["summary"]["failed"] == ["fleet-001"]
    assert [one["name"] for one in result["identities"]] == [one["name"] for one in fleet(5)]
    failed = result["identities"][1]
    assert failed["failure"]["kind"] == "conflict" and all(duplicate in failed["msg"] for duplicate in duplicates)
    assert [one["changed"] for one in result["identities"]] == [True, False, True, True, True]
    assert "fleet-001" in result["msg"]


def test_everything_of_an_identity_is_rejected_before_anything_of_it_is_written(current: Site) -> None:
    desired_states = fleet(2, projects=[{"project_slug": "no-such-project", "roles": ["viewer"]}])
    result = current.run("identities", identities=desired_states)
    assert result["summary"]["failed"] == ["fleet-000", "fleet-001"] and writes(current) == 0
    assert "no-such-project" in result["msg"] and not names(current)


@pytest.mark.parametrize("check", [True, False])
def test_an_open_method_is_rejected_also_when_it_is_open_already(current: Site, check: bool) -> None:
    identity_id = current.identity("fleet-000")
    current.attach("aws-auth", identity_id)
    current.clear_requests()
    desired = [{"name": "fleet-000", "aws_auth": {"access_token_ttl": 60}}]
    result = current.run("identities", identities=desired, allow_open_methods=False, check=check)
    assert result["failure"]["kind"] == "validation" and writes(current) == 0
    assert "every principal of every AWS account" in result["msg"]
    assert not current.run("identities", identities=desired, check=check).get("failed")


def test_pruning_revokes_what_is_not_declared_and_nothing_else(current: Site) -> None:
    current.ok("identities", identities=fleet(3, oci_auth=OCI, universal_auth={}))
    kept = fleet(3)
    assert current.ok("identities", identities=kept)["changed"] is False
    report = current.ok("identities", identities=kept, prune_auth_methods=True, check=True)
    result = current.ok("identities", identities=kept, prune_auth_methods=True)
    assert report["identities"] == result["identities"] and report["diff"] == result["diff"]
    assert result["identities"][0]["changes"] == {"oci_auth": "delete", "universal_auth": "delete"}
    for one in result["identities"]:
        identity = current.api("GET", f"/api/v1/identities/{one['identity_id']}")["identity"]["identity"]
        assert identity["authMethods"] == ["aws-auth"]
    assert not current.ok("identities", identities=kept, prune_auth_methods=True)["changed"]


def test_the_run_never_prunes_what_it_is_logged_in_by(current: Site) -> None:
    result = current.run("identities", identities=[{"name": "emulator-admin"}], prune_auth_methods=True)
    assert result["failure"]["kind"] == "conflict" and writes(current) == 0


def test_no_more_requests_than_needed(current: Site) -> None:
    number, methods, organisation = 120, 2, 1
    desired_states = fleet(number, universal_auth={})
    current.clear_requests()
    current.ok("identities", identities=desired_states)
    created = current.counts()
    pages = 2
    # The list before the creates has one page, and the check for duplicates afterwards reads all pages.
    assert created["POST"] == number * (1 + methods) and created["GET"] == organisation + 1 + pages
    current.clear_requests()
    current.ok("identities", identities=desired_states)
    assert current.counts()["total"] == number * methods + pages + organisation


def test_the_export_applied_again_is_no_change(either: Site) -> None:
    several = {} if either.service.settings.profile.name == "2024-10" else {"universal_auth": {}, "oci_auth": OCI}
    either.ok("identities", identities=fleet(4, role="member", metadata={"team": "x"}, **several))
    duplicates = [either.identity("fleet-duplicate"), either.identity("fleet-duplicate")]
    exported = either.ok("identities_info")["identities"]
    assert [one.get("identity_id") for one in exported if one["name"] == "fleet-duplicate"] == sorted(duplicates)
    either.clear_requests()
    result = either.ok("identities", identities=exported, prune_auth_methods=True)
    assert result["changed"] is False and writes(either) == 0
    assert result["summary"]["unchanged"] == len(exported) >= 7
