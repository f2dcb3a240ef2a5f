# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lost answers and answers of proxies: one object is created, and the task reports what is true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Site, Time
from tests.unit.strategies import smallest
from tests.unit.tables import METHODS_AND_PROFILES, RESOURCES

Sites = Callable[..., Site]
every_method = pytest.mark.parametrize(("module", "profile"), METHODS_AND_PROFILES)
# The request is carried out, and then the connection breaks, or a proxy answers instead of the server.
LOST: dict[str, dict[str, Any]] = {
    "connection": {"drop": "after"},
    "bad-gateway": {"status": 502, "html": True, "after": True},
    "unavailable": {"status": 503, "after": True},
    "gateway-timeout": {"status": 504, "html": True, "after": True},
    "page": {"status": 200, "html": True, "after": True},
    "error": {"status": 500, "after": True},
}
every_loss = pytest.mark.parametrize("loss", LOST)


def stored(site: Site, module: str, identity_id: str) -> Any:
    return site.method(RESOURCES[module].slug, identity_id)


def count(site: Site, verb: str) -> int:
    return sum(request["method"] == verb for request in site.requests())


@every_loss
@every_method
def test_an_attach(sites: Sites, waits: Time, module: str, profile: str, loss: str) -> None:
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module), "access_token_ttl": 60}
    site.clear_requests()
    site.inject(method="POST", path=RESOURCES[module].slug, **LOST[loss])
    result = site.ok(module, **options)
    assert result["changed"] and result["diff"]["after"]["access_token_ttl"] == 60
    assert result[module]["access_token_ttl"] == 60
    assert count(site, "POST") == 1 and count(site, "PATCH") == 0
    assert not site.ok(module, **options)["changed"]


@every_loss
def test_an_identity(either: Site, waits: Time, loss: str) -> None:
    either.inject(method="POST", path="/api/v1/identities$", **LOST[loss])
    result = either.ok("identity", name="web", role="member", metadata={"team": "x"})
    assert result["changed"] and result["identity"]["role"] == "member"
    assert count(either, "POST") == 1
    named = [one for one in either.state()["identities"] if one["name"] == "web"]
    assert [one["id"] for one in named] == [result["identity_id"]]
    assert not either.ok("identity", name="web", role="member", metadata={"team": "x"})["changed"]


@every_loss
@every_method
def test_an_update(sites: Sites, waits: Time, module: str, profile: str, loss: str) -> None:
    """A PATCH of the merged whole may be repeated, and a write that was carried out despite an error is detected."""
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module)}
    site.ok(module, **options)
    site.inject(method="PATCH", path=RESOURCES[module].slug, **LOST[loss])
    result = site.ok(module, access_token_ttl=60, **options)
    assert stored(site, module, options["identity_id"])["accessTokenTTL"] == 60
    assert result["diff"] == {"before": {"access_token_ttl": 2592000}, "after": {"access_token_ttl": 60}}
    assert not site.ok(module, access_token_ttl=60, **options)["changed"]


@every_loss
@every_method
def test_a_revocation(sites: Sites, waits: Time, module: str, profile: str, loss: str) -> None:
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module)}
    site.ok(module, **options)
    site.inject(method="DELETE", path=RESOURCES[module].slug, **LOST[loss])
    result = site.ok(module, state="absent", identity_id=options["identity_id"])
    assert result["changed"] and stored(site, module, options["identity_id"]) is None


@every_loss
def test_a_deletion_of_an_identity(either: Site, waits: Time, loss: str) -> None:
    identity_id = either.identity()
    either.inject(method="DELETE", path="/api/v1/identities/", **LOST[loss])
    assert either.ok("identity", name="web", state="absent")["changed"]
    assert identity_id not in [one["id"] for one in either.state()["identities"]]


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 502}, {"status": 504}], ids=str)
def test_a_create_that_was_never_carried_out_fails_and_is_not_repeated(
    either: Site, waits: Time, fault: dict[str, Any]
) -> None:
    identity_id = either.identity()
    either.clear_requests()
    either.inject(method="POST", path="auth", **fault)
    failure = either.failure("identity_aws_auth", identity_id=identity_id)
    assert failure["kind"] in ("network", "server")
    assert count(either, "POST") == 1 and stored(either, "identity_aws_auth", identity_id) is None
    assert sum(waits.slept) <= 5, "no long wait for an object that will not appear"
    assert either.ok("identity_aws_auth", identity_id=identity_id)["changed"]


@pytest.mark.parametrize("verb", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "fault", [{"drop": "before"}, {"status": 502}, {"status": 503}, {"status": 504, "html": True}], ids=str
)
def test_what_may_be_repeated_is(either: Site, waits: Time, verb: str, fault: dict[str, Any]) -> None:
    identity_id = either.identity()
    either.attach("aws-auth", identity_id)
    either.inject(method=verb, path="aws-auth", times=3, **fault)
    options = {"state": "absent"} if verb == "DELETE" else {"access_token_ttl": 60}
    assert either.ok("identity_aws_auth", identity_id=identity_id, **options)["changed"]
    assert len(waits.slept) == 3 and sum(waits.slept) < 10


def test_retries_are_limited_and_the_last_failure_is_reported(either: Site, waits: Time) -> None:
    identity_id = either.identity()
    either.clear_requests()
    either.inject(path="aws-auth", times=99, status=502, html=True)
    failure = either.failure("identity_aws_auth", identity_id=identity_id, retries=2)
    assert (failure["kind"], failure["status"], either.counts()["total"]) == ("server", 502, 3)


def test_a_read_that_fails_after_a_lost_attach_leaves_the_failure_of_the_attach(either: Site, waits: Time) -> None:
    identity_id = either.identity()
    either.inject(method="POST", path="aws-auth", drop="after")
    either.inject(method="GET", path="aws-auth", skip=1, times=9, status=403, body={"error": "X", "message": "no"})
    failure = either.failure("identity_aws_auth", identity_id=identity_id)
    assert failure["kind"] == "network" and "broke before the answer" in failure["msg"]
    assert stored(either, "identity_aws_auth", identity_id) is None or count(either, "POST") == 1


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 500}, {"status": 403}], ids=str)
def test_what_takes_two_writes_is_whole_or_not_there(current: Site, waits: Time, fault: dict[str, Any]) -> None:
    """A method cannot be attached without a maximum in one step (server-notes#lifetime-above-the-maximum), so it
    temporarily has another one."""
    identity_id = current.identity()
    current.inject(method="PATCH", path="aws-auth", times=99, **fault)
    result = current.run("identity_aws_auth", identity_id=identity_id, access_token_ttl=60, access_token_max_ttl=0)
    assert result["failed"] and not result["changed"] and "removed again" in result["msg"]
    assert stored(current, "identity_aws_auth", identity_id) is None


def test_what_takes_two_writes_and_was_made_is_seen_to_be(current: Site, waits: Time) -> None:
    identity_id = current.identity()
    current.inject(method="PATCH", path="aws-auth", times=99, drop="after")
    result = current.ok("identity_aws_auth", identity_id=identity_id, access_token_ttl=60, access_token_max_ttl=0)
    assert result["changed"] and stored(current, "identity_aws_auth", identity_id)["accessTokenMaxTTL"] == 0
